import type { Envelope } from "./envelope.ts";
import type { Meter } from "./meter.ts";
import type { Receipt } from "./receipt.ts";

/** Keeps an envelope on its meters until all who got it are done with it. */
export class InFlight implements Receipt<Envelope> {
  readonly #meters: readonly Meter[];
  #open = 1;

  constructor(meters: readonly Meter[]) {
    this.#meters = meters;
  }

  /** So many will get it. */
  expect(receivers: number): void {
    this.#open = receivers;
    if (receivers === 0) this.#release();
  }

  admits(): boolean {
    return true;
  }

  handled(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#release();
  }

  lost(): boolean {
    this.handled();
    return false;
  }

  #release(): void {
    for (const meter of this.#meters) meter.release();
  }
}
