import { InvalidOptionError } from "./errors.ts";

/** How many restarts are fine within how long. */
export interface Intensity {
  readonly maxRestarts: number;
  readonly withinMs: number;
}

/** OTP's own default is 1 in 5 seconds. */
export const DEFAULT_INTENSITY: Intensity = { maxRestarts: 3, withinMs: 5000 };

/** At most `maxRestarts` inside any window of `withinMs`; one more and the supervisor gives up. */
export class RestartIntensity {
  readonly #maxRestarts: number;
  readonly #withinMs: number;
  /** Times of restarts, oldest first from `#oldest` on. Touched on failure only. */
  #times: number[] = [];
  #oldest = 0;

  constructor({ maxRestarts, withinMs }: Intensity) {
    if (!(maxRestarts >= 0)) throw new InvalidOptionError("intensity.maxRestarts", "at least 0", maxRestarts);
    if (!(withinMs > 0)) throw new InvalidOptionError("intensity.withinMs", "above 0", withinMs);
    this.#maxRestarts = maxRestarts;
    this.#withinMs = withinMs;
  }

  /** Records a restart at `now` and says whether it was within the allowance. */
  allow(now: number): boolean {
    if (this.#maxRestarts === Number.POSITIVE_INFINITY) return true;
    this.#forgetBefore(now - this.#withinMs);
    this.#times.push(now);
    return this.#times.length - this.#oldest <= this.#maxRestarts;
  }

  toString(): string {
    return `${this.#maxRestarts} restarts within ${this.#withinMs} ms`;
  }

  #forgetBefore(start: number): void {
    while (this.#oldest < this.#times.length && (this.#times[this.#oldest] ?? start) < start) this.#oldest += 1;
    if (this.#oldest * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#oldest);
    this.#oldest = 0;
  }
}
