/**
 * The subscriptions of one incarnation, by pattern. Another version in the same actor goes on with those that it asks for, too: they are
 * open all the while, so that nothing published meanwhile is missed or comes twice.
 */
export class Subscriptions {
  readonly #open = new Map<string, Disposable>();
  /** Those of the version before, until this one has taken over. */
  #former: ReadonlyMap<string, Disposable> = new Map();

  get size(): number {
    return this.#open.size;
  }

  has(pattern: string): boolean {
    return this.#open.has(pattern);
  }

  /** For another version in the same actor. */
  successor(): Subscriptions {
    const successor = new Subscriptions();
    successor.#former = this.#open;
    return successor;
  }

  open(pattern: string, subscribe: () => Disposable): void {
    this.#open.set(pattern, this.#former.get(pattern) ?? subscribe());
  }

  /** False when there is none with that pattern. */
  close(pattern: string): boolean {
    const subscription = this.#open.get(pattern);
    if (subscription !== this.#former.get(pattern)) subscription?.[Symbol.dispose]();
    return this.#open.delete(pattern);
  }

  closeAll(): void {
    for (const pattern of this.#open.keys()) this.close(pattern);
  }

  /** Ends those of the version before that this one did not ask for. The version before has none any more. */
  takeOver(former: Subscriptions): void {
    this.#former = new Map();
    for (const [pattern, subscription] of this.#open) {
      if (former.#open.get(pattern) === subscription) former.#open.delete(pattern);
    }
    former.closeAll();
  }
}
