interface Waiter<T> {
  readonly matches: (item: T) => boolean;
  readonly resolve: (item: T) => void;
}

/** What came, each kept until somebody takes it, and who waits for what has not come yet. */
export class Expectation<T> {
  readonly #arrived: T[] = [];
  readonly #waiters: Waiter<T>[] = [];

  arrive(item: T): void {
    const index = this.#waiters.findIndex(({ matches }) => matches(item));
    const [waiter] = index === -1 ? [] : this.#waiters.splice(index, 1);
    if (waiter === undefined) this.#arrived.push(item);
    else waiter.resolve(item);
  }

  /** Takes the first that came, or comes, and matches. Those before it stay. */
  take(matches: (item: T) => boolean): Promise<T> {
    for (const [index, item] of this.#arrived.entries()) {
      if (matches(item)) {
        this.#arrived.splice(index, 1);
        return Promise.resolve(item);
      }
    }
    return new Promise((resolve) => {
      this.#waiters.push({ matches, resolve });
    });
  }
}
