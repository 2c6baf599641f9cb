import type { Signal } from "./signal.ts";

/** How many places may be empty at the front before the rest moves up. */
const MOST_TAKEN = 1024;

/**
 * The signals that wait, in order. To take one costs the same however many wait, which `Array.shift` does not: an actor may watch a
 * hundred thousand others that all end at once.
 */
export class SignalLane {
  #signals: (Signal | undefined)[];
  #first = 0;

  constructor(signal: Signal) {
    this.#signals = [signal];
  }

  get isEmpty(): boolean {
    return this.#first === this.#signals.length;
  }

  push(signal: Signal): void {
    this.#signals.push(signal);
  }

  /** Puts it before all others. */
  unshift(signal: Signal): void {
    if (this.#first === 0) {
      this.#signals.unshift(signal);
      return;
    }
    this.#first -= 1;
    this.#signals[this.#first] = signal;
  }

  /** The one that waited longest. */
  shift(): Signal | undefined {
    const signal = this.#signals[this.#first];
    this.#signals[this.#first] = undefined;
    this.#first += 1;
    // Moving up is rare enough that each signal moves once on average, and often enough that a busy lane stays small.
    if (this.#first > MOST_TAKEN && this.#first * 2 > this.#signals.length) {
      this.#signals = this.#signals.slice(this.#first);
      this.#first = 0;
    }
    return signal;
  }
}
