import { performance } from "node:perf_hooks";

const PAUSE_MS = 1;

/** Measures how long a callback that is due waits for the event loop, again and again, until it is stopped. */
export class LoopDelays {
  readonly #delays: number[] = [];
  #isStopped = false;

  start(): void {
    if (this.#isStopped) return;
    const dueAt = performance.now();
    setImmediate(() => {
      this.#delays.push((performance.now() - dueAt) * 1000);
      setTimeout(() => this.start(), PAUSE_MS);
    });
  }

  /** In microseconds. */
  stop(): readonly number[] {
    this.#isStopped = true;
    return this.#delays;
  }
}
