import { disposeOf, disposeOfEach } from "../host-resources.ts";

/**
 * The resources of the host that one instance on another thread has, by the numbers it knows them by. What it owns is its own until it
 * gives it back or drops it; what it was lent it has until the end of the call.
 */
export class ResourceLedger {
  readonly #owned = new Map<number, object>();
  readonly #lent = new Map<number, object>();
  readonly #given: number[] = [];
  #last = 0;
  #isOver = false;

  /** Hands a resource over, unless it is reclaimed. One that comes too late for the instance is disposed of. */
  give(resource: object): number {
    if (this.#isOver) disposeOf(resource);
    this.#last += 1;
    if (!this.#isOver) this.#owned.set(this.#last, resource);
    this.#given.push(this.#last);
    return this.#last;
  }

  /** What was handed over has left. */
  settle(): void {
    this.#given.length = 0;
  }

  /** What was handed over since it was last settled is still the host's. */
  reclaim(): void {
    for (const number of this.#given) this.#owned.delete(number);
    this.settle();
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

  /** The instance is over: disposes of each that it owned, once even if it owned it several times, and returns what that threw. */
  disposeAll(): readonly unknown[] {
    this.#isOver = true;
    const left = [...this.#owned.values()];
    this.#owned.clear();
    this.#lent.clear();
    return disposeOfEach(left);
  }
}
