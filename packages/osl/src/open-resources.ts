import { TooManyOpenError } from "./errors.ts";

/** What an actor has opened and not closed. */
export class OpenResources implements AsyncDisposable {
  readonly #actor: string;
  readonly #limit: number;
  readonly #held = new Set<AsyncDisposable>();
  #reserved = 0;

  constructor(actor: string, limit: number) {
    this.#actor = actor;
    this.#limit = limit;
  }

  get size(): number {
    return this.#held.size;
  }

  /**
   * Opens something if there is room for it, and holds it until it is released.
   * @throws TooManyOpenError before anything is opened
   */
  async hold<Resource extends AsyncDisposable>(open: () => Promise<Resource>): Promise<Resource> {
    if (this.#held.size + this.#reserved >= this.#limit) throw new TooManyOpenError(this.#actor, this.#limit);
    this.#reserved += 1;
    try {
      const resource = await open();
      this.#held.add(resource);
      return resource;
    } finally {
      this.#reserved -= 1;
    }
  }

  release(resource: AsyncDisposable): void {
    this.#held.delete(resource);
  }

  /** Closes all, the last opened first. One that cannot be closed does not keep the others open. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (const resource of [...this.#held].toReversed()) {
      this.#held.delete(resource);
      try {
        await resource[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${this.#actor} could not be closed`);
  }
}
