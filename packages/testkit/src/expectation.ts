interface Waiter<T> {
  readonly matches: (item: T) => boolean;
  readonly resolve: (item: T) => void;
}

/** What came, each kept until somebody takes it, and who waits for what has not come yet. */
export class Expectation<T> {
  #arrived: readonly T[] = [];
  #waiters: readonly Waiter<T>[] = [];

  arrive(item: T): void {
    const waiter = this.#waiters.find(({ matches }) => matches(item));
    if (waiter === undefined) this.#arrived = [...this.#arrived, item];
    else {
      this.#waiters = this.#waiters.filter((one) => one !== waiter);
      waiter.resolve(item);
    }
  }

  /** Takes the first that came, or comes, and matches. Those before it stay. */
  take(matches: (item: T) => boolean): Promise<T> {
    for (const [index, item] of this.#arrived.entries()) {
      if (matches(item)) {
        this.#arrived = this.#arrived.toSpliced(index, 1);
        return Promise.resolve(item);
      }
    }
    return new Promise((resolve) => {
      this.#waiters = [...this.#waiters, { matches, resolve }];
    });
  }
}
