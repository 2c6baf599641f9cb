import { performance } from "node:perf_hooks";
import type { Send, Troupe } from "../troupe.ts";

const PAIRS = 50;

/** The clock is read once in so many messages: often enough to be on time, and seldom enough to cost nothing. */
const READ_CLOCK_EVERY = 4096;

interface Ball {
  readonly type: "ball";
}

const ball: Ball = { type: "ball" };

/**
 * Fifty pairs of actors that never rest, until a time is over: each answers a message with a message. They look at the clock
 * themselves, because where they starve the event loop no timer would stop them.
 */
export class Pairs {
  readonly #first: readonly Send<Ball>[];
  #handled = 0;
  #endsAt = 0;
  #isOver = true;

  constructor(troupe: Troupe) {
    this.#first = Array.from({ length: PAIRS }, () => {
      const one: Send<Ball> = troupe.spawn<Ball>(() => {
        if (this.#goesOn()) other(ball);
      });
      const other = troupe.spawn<Ball>(() => {
        if (this.#goesOn()) one(ball);
      });
      return one;
    });
  }

  /** How many messages they have handled. */
  get handled(): number {
    return this.#handled;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  start(durationMs: number): void {
    this.#endsAt = performance.now() + durationMs;
    this.#isOver = false;
    for (const send of this.#first) send(ball);
  }

  #goesOn(): boolean {
    this.#handled += 1;
    if (this.#handled % READ_CLOCK_EVERY === 0 && performance.now() > this.#endsAt) this.#isOver = true;
    return !this.#isOver;
  }
}
