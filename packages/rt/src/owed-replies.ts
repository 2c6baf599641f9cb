import { Ask } from "./ask.ts";

/** One message whose reply is still being worked on. The same message may be owed several. */
export interface Owed {
  readonly item: unknown;
}

const FIRST_CLEARING = 64;

/** The replies that one incarnation owes. An ask that nobody waits for any more is cleared out as others come. */
export class OwedReplies {
  readonly #owed = new Set<Owed>();
  #clearAt = FIRST_CLEARING;
  #hasEnded = false;

  get size(): number {
    return this.#owed.size;
  }

  add(owed: Owed): void {
    if (this.#owed.size >= this.#clearAt) this.#clear();
    this.#owed.add(owed);
  }

  /** The work is done. Whether its outcome is still of interest. */
  settle(owed: Owed): boolean {
    this.#owed.delete(owed);
    return !this.#hasEnded;
  }

  /** The incarnation is over: all that it still owes, in the order it came. */
  end(): readonly Owed[] {
    this.#hasEnded = true;
    const owed = [...this.#owed];
    this.#owed.clear();
    return owed;
  }

  #clear(): void {
    for (const owed of this.#owed) if (owed.item instanceof Ask && owed.item.isSettled) this.#owed.delete(owed);
    this.#clearAt = Math.max(FIRST_CLEARING, this.#owed.size * 2);
  }
}
