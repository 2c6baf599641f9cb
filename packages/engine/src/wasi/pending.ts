import type { Readiness } from "./poll.ts";

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly thrown: unknown };

/** Something under way, which is ready once it is over, well or not. */
export class Pending<T> implements Readiness {
  readonly what: string;
  readonly whenChanged: () => Promise<void>;
  #outcome: Outcome<T> | undefined;

  constructor(what: string, promise: Promise<T>) {
    this.what = what;
    const over = this.#watch(promise);
    this.whenChanged = () => over;
  }

  isReady(): boolean {
    return this.#outcome !== undefined;
  }

  async #watch(promise: Promise<T>): Promise<void> {
    try {
      this.#outcome = { ok: true, value: await promise };
    } catch (thrown) {
      this.#outcome = { ok: false, thrown };
    }
  }

  /** What came of it, if that is good and over. */
  get value(): T | undefined {
    return this.#outcome?.ok === true ? this.#outcome.value : undefined;
  }

  /** What came of it; throws what it was rejected with, and `unfinished` while it is under way. */
  result(unfinished: unknown): T {
    if (this.#outcome === undefined) throw unfinished;
    if (this.#outcome.ok) return this.#outcome.value;
    throw this.#outcome.thrown;
  }
}

/** What has nothing to wait for. */
export const ALWAYS_READY: Readiness = { what: "what is ready", isReady: () => true };
