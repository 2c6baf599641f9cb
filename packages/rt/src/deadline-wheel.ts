import { Ask } from "./ask.ts";
import type { Clock, Timer } from "./clock.ts";

const TICK_MS = 10;
const BUCKETS = 512;
const NOBODY = { path: "" };

/**
 * The deadlines of all open asks, behind one timer that runs only while there are any. A deadline is never early, and late by at
 * most two ticks of 10 ms and one turn of the event loop. One wheel costs about 20 ns per ask; a timer each would cost 300.
 */
export class DeadlineWheel {
  readonly #clock: Clock;
  /** Each bucket is a sentinel that its asks hang behind. */
  readonly #buckets: Ask[] = [];
  /** Asks added since the last turn. Their time begins with the next one: so nobody reads the clock for an ask. */
  readonly #fresh = new Ask(undefined, undefined, 0, NOBODY, null);
  readonly #turn = (): void => {
    this.#advance();
  };
  #tick = 0;
  /** When tick 0 was, by the clock. */
  #origin = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    for (let index = 0; index < BUCKETS; index += 1) {
      this.#buckets.push(new Ask(undefined, undefined, 0, NOBODY, null));
    }
  }

  /** Expires the ask in time, and no later than `latestTick`, which 0 does not limit. */
  add(ask: Ask, latestTick: number): void {
    ask.dueTick = latestTick;
    if (this.#timer !== undefined) {
      hang(ask, this.#fresh);
      return;
    }
    this.#origin = this.#clock.now() - this.#tick * TICK_MS;
    this.#timer = this.#clock.schedule(this.#turn, TICK_MS);
    this.#place(ask, this.#tick * TICK_MS);
  }

  /** How long an ask that was added may still take, at most. */
  remainingMs({ dueTick, timeoutMs }: Ask): number {
    return dueTick === 0 ? timeoutMs : Math.min(timeoutMs, Math.max(0, dueTick - this.#tick) * TICK_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Catches up with the clock, however late the timer was. */
  #advance(): void {
    const elapsed = this.#clock.now() - this.#origin;
    const tick = Math.max(this.#tick, Math.floor(elapsed / TICK_MS));
    const behind = Math.min(tick - this.#tick, BUCKETS);
    this.#tick = tick;
    for (let back = behind - 1; back >= 0; back -= 1) this.#expireDue(this.#bucketAt(tick - back));
    for (let ask = this.#fresh.next; ask !== null; ask = this.#fresh.next) {
      unhang(ask);
      this.#place(ask, elapsed);
    }
    const untilNext = (tick + 1) * TICK_MS - elapsed;
    this.#timer = this.#isEmpty() ? undefined : this.#clock.schedule(this.#turn, untilNext);
  }

  #place(ask: Ask, elapsed: number): void {
    const inTime = Math.ceil((elapsed + ask.timeoutMs) / TICK_MS);
    ask.dueTick = Math.max(this.#tick + 1, ask.dueTick === 0 ? inTime : Math.min(inTime, ask.dueTick));
    hang(ask, this.#bucketAt(ask.dueTick));
  }

  #expireDue(sentinel: Ask): void {
    let ask = sentinel.next;
    while (ask !== null) {
      const next: Ask | null = ask.next;
      if (ask.dueTick <= this.#tick) ask.expire();
      ask = next;
    }
  }

  #bucketAt(tick: number): Ask {
    const bucket = this.#buckets[tick & (BUCKETS - 1)];
    if (bucket === undefined) throw new RangeError(`deadline wheel has no bucket for tick ${tick}`);
    return bucket;
  }

  #isEmpty(): boolean {
    return this.#buckets.every((sentinel) => sentinel.next === null);
  }
}

function hang(ask: Ask, sentinel: Ask): void {
  const first = sentinel.next;
  ask.previous = sentinel;
  ask.next = first;
  if (first !== null) first.previous = ask;
  sentinel.next = ask;
}

function unhang(ask: Ask): void {
  const { previous, next } = ask;
  if (previous !== null) previous.next = next;
  if (next !== null) next.previous = previous;
  ask.previous = null;
  ask.next = null;
}
