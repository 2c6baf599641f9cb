/**
 * The resources of the host that one instance on another thread has, by the numbers it knows them by. What it owns is its own until it
 * gives it back or drops it; what it was lent it has until the end of the call.
 */
export class ResourceLedger {
  readonly #owned = new Map<number, object>();
  readonly #lent = new Map<number, object>();
  #last = 0;

  /** Hands a resource over. */
  give(resource: object): number {
    this.#last += 1;
    this.#owned.set(this.#last, resource);
    return this.#last;
  }

  lend(resource: object): number {
    this.#last += 1;
    this.#lent.set(this.#last, resource);
    return this.#last;
  }

  /** Undefined when there is none of that number. */
  get(number: unknown): object | undefined {
    const key = Number(number);
    return this.#owned.get(key) ?? this.#lent.get(key);
  }

  /** The resource is the host's again. */
  take(number: unknown): object | undefined {
    const resource = this.get(number);
    this.#owned.delete(Number(number));
    return resource;
  }

  endLoans(): void {
    this.#lent.clear();
  }

  /** Disposes of all that was owned, the last first, and gives what was thrown meanwhile. */
  disposeAll(): readonly unknown[] {
    const problems: unknown[] = [];
    for (const resource of [...this.#owned.values()].toReversed()) {
      try {
        disposeOf(resource);
      } catch (thrown) {
        problems.push(thrown);
      }
    }
    this.#owned.clear();
    this.#lent.clear();
    return problems;
  }
}

/** As generated code does when a guest drops what it owned. */
export function disposeOf(resource: object): unknown {
  const dispose: unknown = Reflect.get(resource, Symbol.dispose);
  return typeof dispose === "function" ? dispose.call(resource) : undefined;
}
