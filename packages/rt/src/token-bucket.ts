import { InvalidOptionError } from "./errors.ts";
import type { RateLimit } from "./message-broker.ts";

/** Lets through `messagesPerSecond` in the long run and `burst` at once. Starts full. */
export class TokenBucket {
  readonly messagesPerSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: number;

  constructor({ messagesPerSecond, burst = Math.max(1, messagesPerSecond) }: RateLimit, now: number) {
    if (!(messagesPerSecond > 0)) {
      throw new InvalidOptionError("rate limit's messagesPerSecond", "above 0", messagesPerSecond);
    }
    if (!(burst >= 1)) throw new InvalidOptionError("rate limit's burst", "at least 1", burst);
    this.messagesPerSecond = messagesPerSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** Whether there was a token for one more message at `now`, in milliseconds. */
  take(now: number): boolean {
    const gained = ((now - this.#filledAt) * this.messagesPerSecond) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
