/** What a call chain needs of an ask. */
export interface Caused {
  readonly isSettled: boolean;
  readonly scope: AskScope | null;
}

/** One message while it is handled, as what asks made meanwhile wait for. Made by the first such ask. */
export class AskScope {
  readonly asker: { readonly path: string };
  /** The ask that is handled; null when it is another message. */
  readonly cause: Caused | null;
  /** Nobody waits any more: the message was handled, or the incarnation is over. */
  isOver = false;

  constructor(asker: { readonly path: string }, cause: Caused | null) {
    this.asker = asker;
    this.cause = cause;
  }
}

/**
 * The way around, such as A, B, A, if an ask to `target` made in `scope` would wait for itself: because `target` waits, through
 * whatever others, for what is handled in that scope.
 */
export function cycleThrough(target: { readonly path: string }, scope: AskScope): readonly string[] | undefined {
  let at: AskScope | null = scope;
  while (at !== null && !at.isOver && at.asker !== target) at = scopeAbove(at);
  return at === null || at.isOver ? undefined : wayAround(target, scope, at);
}

/** Paths are put together only for a way that was found: most asks go nowhere near a circle. */
function wayAround(target: { readonly path: string }, scope: AskScope, end: AskScope): readonly string[] {
  const way = [target.path];
  for (let at: AskScope | null = scope; at !== null; at = at === end ? null : scopeAbove(at))
    way.unshift(at.asker.path);
  return way;
}

function scopeAbove({ cause }: AskScope): AskScope | null {
  return cause === null || cause.isSettled ? null : cause.scope;
}
