/**
 * Counts what was handled, and says when all that was expected has been. The handlers of every subject count with one of
 * these and do nothing else, so that what differs between subjects is the way of a message to its handler.
 */
export class Tally {
  #handled = 0;
  #taken = 0;
  #expected = Number.POSITIVE_INFINITY;
  #resolve: () => void = () => {};

  /** Counts one; says whether more is expected. */
  count(): boolean {
    this.#handled += 1;
    if (this.#handled < this.#expected) return true;
    if (this.#handled === this.#expected) this.#resolve();
    return false;
  }

  /** Resolves when that many more were counted. To be called before anything is sent: a peer may handle it at once. */
  expect(operations: number): Promise<void> {
    this.#expected = this.#handled + operations;
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** How many were counted since it was last taken. */
  take(): number {
    const since = this.#handled - this.#taken;
    this.#taken = this.#handled;
    return since;
  }
}

/** Sends bursts, each when all of the one before was handled. */
export async function inBursts(
  tally: Tally,
  operations: number,
  burst: number,
  send: (operations: number) => void,
): Promise<number> {
  for (let left = operations; left > 0; left -= burst) {
    const size = Math.min(left, burst);
    const handled = tally.expect(size);
    send(size);
    await handled;
  }
  return tally.take();
}

/** Starts something that goes on by itself until that many were counted. */
export async function untilCounted(tally: Tally, operations: number, start: () => void): Promise<number> {
  const counted = tally.expect(operations);
  start();
  await counted;
  return tally.take();
}
