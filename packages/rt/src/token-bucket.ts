import { InvalidOptionError } from "./errors.ts";
import type { RateLimit } from "./quota.ts";

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

  /** Whether there was a token for one more message at `now`, in milliseconds, and takes it. */
  take(now: number): boolean {
    if (!this.has(now)) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Whether there is a token at `now`. A clock that was set back costs nobody a token. */
  has(now: number): boolean {
    if (now !== this.#filledAt) {
      const gained = (Math.max(0, now - this.#filledAt) * this.messagesPerSecond) / 1000;
      this.#tokens = Math.min(this.#burst, this.#tokens + gained);
      this.#filledAt = now;
    }
    return this.#tokens >= 1;
  }

  /** How long until there is a token, when there is none. */
  get waitMs(): number {
    return Math.ceil(((1 - this.#tokens) * 1000) / this.messagesPerSecond);
  }
}
