import type { Clock } from "@airssys/rt";
import { sleep } from "../sleep.ts";

/** Gives bytes in pieces of the size that is asked for, from a source that has its own. Waiting no longer loses nothing. */
export class ByteReader {
  readonly #next: () => Promise<Uint8Array | undefined>;
  readonly #clock: Clock;
  /** Under way, also when nobody waits for it just now. */
  #coming: Promise<Uint8Array | undefined> | undefined;
  #rest: Uint8Array = new Uint8Array();
  #isOver = false;

  /** `next` gives what comes next, any number of bytes but none, and undefined at the end. */
  constructor(next: () => Promise<Uint8Array | undefined>, clock: Clock) {
    this.#next = next;
    this.#clock = clock;
  }

  /** The next bytes, at most so many, empty at the end; undefined when nothing came in time. Rejects like the source, or with the signal's reason. */
  async read(length: number, timeoutMs: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (this.#rest.length === 0 && !this.#isOver) {
      this.#coming ??= this.#next();
      const isThere = await this.#within(this.#coming, timeoutMs, signal);
      if (!isThere) return undefined;
      const piece = await this.#coming;
      this.#coming = undefined;
      if (piece === undefined) this.#isOver = true;
      else this.#rest = piece;
    }
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return bytes;
  }

  async #within(coming: Promise<unknown>, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const enough = new AbortController();
    try {
      return await Promise.race([
        coming.then(
          () => true,
          () => true,
        ),
        sleep(this.#clock, timeoutMs, AbortSignal.any([signal, enough.signal])).then(() => false),
      ]);
    } finally {
      enough.abort();
    }
  }
}
