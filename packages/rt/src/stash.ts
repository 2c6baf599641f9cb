/** What a handler returns to have the message at hand put aside: see `context.stash`. */
export class Stashed {
  /** Keeps the type apart from every other. */
  readonly kind = "stashed";
}

export const STASHED: Stashed = new Stashed();
