import type { Clock } from "../clock.ts";
import { type DueTime, Pollable, type Readiness } from "./poll.ts";
import type { InterfaceMakers } from "./wasi-instance.ts";

/** `wasi:clocks`: the instance's clock. */

const NANOSECONDS_PER_MS = 1_000_000;
const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** A point in time as `wasi:clocks/wall-clock` has it: since the Unix epoch. */
export interface Datetime {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

/** Times before the epoch have no other form than the epoch itself. */
export function datetimeOf(nanoseconds: bigint): Datetime {
  const since = nanoseconds < 0n ? 0n : nanoseconds;
  return { seconds: since / NANOSECONDS_PER_SECOND, nanoseconds: Number(since % NANOSECONDS_PER_SECOND) };
}

/** Nanoseconds since the Unix epoch. */
export function wallTime(clock: Clock): bigint {
  const now = clock.now();
  const whole = Math.floor(now);
  return BigInt(whole) * BigInt(NANOSECONDS_PER_MS) + BigInt(Math.round((now - whole) * NANOSECONDS_PER_MS));
}

/** Ready once the clock has come to that instant; a wait for it ends by the clock, where the clock can be waited for. */
class Instant implements Readiness {
  readonly what: string;
  readonly whenChanged?: (signal: AbortSignal) => Promise<void>;
  readonly due?: DueTime;
  readonly #clock: Clock;
  readonly #instant: bigint;

  constructor(clock: Clock, instant: bigint) {
    this.what = `until ${instant} ns`;
    this.#clock = clock;
    this.#instant = instant;
    const { reach, block } = clock;
    if (reach !== undefined) this.whenChanged = (signal) => reach(instant, signal);
    if (block !== undefined) this.due = { left: () => instant - clock.monotonic(), block: () => block(instant) };
  }

  isReady(): boolean {
    return this.#clock.monotonic() >= this.#instant;
  }
}

export const clockInterfaces: InterfaceMakers = {
  "wasi:clocks/wall-clock": ({ settings: { clock } }) => ({
    now: () => datetimeOf(wallTime(clock)),
    resolution: () => ({ seconds: 0n, nanoseconds: NANOSECONDS_PER_MS }),
  }),
  "wasi:clocks/monotonic-clock": ({ settings: { clock }, waiting }) => {
    const until = (instant: bigint): Pollable => new Pollable(new Instant(clock, instant), waiting);
    return {
      now: () => clock.monotonic(),
      resolution: () => 1n,
      subscribeInstant: until,
      subscribeDuration: (duration: bigint) => until(clock.monotonic() + duration),
    };
  },
  "wasi:clocks/timezone": () => ({
    display: () => ({ utcOffset: 0, name: "UTC", inDaylightSavingTime: false }),
    utcOffset: () => 0,
  }),
};
