import { InvalidOptionError } from "./errors.ts";

/** How long a supervisor waits before each restart of a child that keeps failing. */
export interface BackoffOptions {
  /** Before the first restart. */
  readonly minMs: number;
  /** Never longer than this, jitter aside. */
  readonly maxMs: number;
  /** Each delay is this many times the last; 2 unless said. */
  readonly factor?: number;
  /** Up to this share is added or taken off at random, so that children do not return in step; 0.2 unless said. */
  readonly jitter?: number;
  /** How long a child must run before its failures are forgotten; `maxMs` unless said. Having started is not enough. */
  readonly stableAfterMs?: number;
}

/** Exponential delays for one child. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #factor: number;
  readonly #jitter: number;
  readonly #stableAfterMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: BackoffOptions, random: () => number) {
    const { minMs, maxMs, factor = 2, jitter = 0.2, stableAfterMs = maxMs } = options;
    if (!(minMs >= 0)) throw new InvalidOptionError("backoff.minMs", "at least 0", minMs);
    if (!(maxMs >= minMs)) throw new InvalidOptionError("backoff.maxMs", `at least minMs (${minMs})`, maxMs);
    if (!(factor >= 1)) throw new InvalidOptionError("backoff.factor", "at least 1", factor);
    if (!(jitter >= 0 && jitter <= 1)) throw new InvalidOptionError("backoff.jitter", "from 0 to 1", jitter);
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#factor = factor;
    this.#jitter = jitter;
    this.#stableAfterMs = stableAfterMs;
    this.#random = random;
  }

  /** The delay before the next restart of a child that failed after running for `ranForMs`. */
  nextDelayMs(ranForMs: number): number {
    if (ranForMs >= this.#stableAfterMs) this.#failures = 0;
    const delayMs = Math.min(this.#maxMs, this.#minMs * this.#factor ** this.#failures);
    this.#failures += 1;
    return delayMs * (1 + this.#jitter * (2 * this.#random() - 1));
  }
}
