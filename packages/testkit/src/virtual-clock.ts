import type { Clock, Timer } from "@airssys/rt";
import { settleTurns } from "./host-turn.ts";

class VirtualTimer implements Timer {
  readonly dueAt: number;
  readonly #fire: () => void;
  readonly #cancel: (timer: VirtualTimer) => void;

  constructor(dueAt: number, fire: () => void, cancel: (timer: VirtualTimer) => void) {
    this.dueAt = dueAt;
    this.#fire = fire;
    this.#cancel = cancel;
  }

  fire(): void {
    this.#fire();
  }

  cancel(): void {
    this.#cancel(this);
  }
}

export interface VirtualClockOptions {
  /** The wall time at the start, in milliseconds since the Unix epoch; 0 unless said. */
  readonly wallTime?: number;
}

/** A clock that stands still until it is told to advance: timing tests are instant, and the same every time. */
export class VirtualClock implements Clock {
  readonly #wallStart: number;
  /** By due time; timers due at the same time in the order they were armed. */
  readonly #timers: VirtualTimer[] = [];
  #now = 0;

  constructor({ wallTime = 0 }: VirtualClockOptions = {}) {
    this.#wallStart = wallTime;
  }

  /** How many timers are armed. */
  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#wallStart + this.#now;
  }

  schedule(callback: () => void, delayMs: number): Timer {
    const timer = new VirtualTimer(this.#now + Math.max(0, delayMs), callback, (cancelled) => this.#remove(cancelled));
    // From the end: most are due later than those there are.
    const before = this.#timers.findLastIndex(({ dueAt }) => dueAt <= timer.dueAt);
    this.#timers.splice(before + 1, 0, timer);
    return timer;
  }

  /**
   * Moves time on by `ms`, letting actors handle what they have before, after, and between any two timers: so a timer that an
   * actor arms on the way fires on the way too.
   */
  async advance(ms: number): Promise<void> {
    await settleTurns();
    await this.#advanceTo(this.#now + ms);
  }

  /** Moves time on by `ms` at once: fires what is due, in order, and lets nobody else run. */
  advanceSync(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#dueBy(end); timer !== undefined; timer = this.#dueBy(end)) this.#fire(timer);
    this.#now = end;
  }

  /**
   * Lets `ms` pass as they do while the machine sleeps: on waking, all that fell due meanwhile fires at once, and finds that it is
   * late. Then actors handle what they have.
   */
  async sleep(ms: number): Promise<void> {
    await settleTurns();
    this.#now += ms;
    this.advanceSync(0);
    await settleTurns();
  }

  async #advanceTo(end: number): Promise<void> {
    const timer = this.#dueBy(end);
    if (timer === undefined) this.#now = end;
    else this.#fire(timer);
    await settleTurns();
    if (timer !== undefined) await this.#advanceTo(end);
  }

  #dueBy(end: number): VirtualTimer | undefined {
    const first = this.#timers[0];
    return first !== undefined && first.dueAt <= end ? first : undefined;
  }

  #fire(timer: VirtualTimer): void {
    this.#now = Math.max(this.#now, timer.dueAt);
    this.#remove(timer);
    timer.fire();
  }

  #remove(timer: VirtualTimer): void {
    const index = this.#timers.indexOf(timer);
    if (index !== -1) this.#timers.splice(index, 1);
  }
}
