import { Pollable } from "./io.ts";
import type { InterfaceMakers, WasiSettings } from "./settings.ts";

/** `wasi:clocks`: the instance's clock. Time can be read, not waited for. */

const NANOSECONDS_PER_MS = 1_000_000;

export const clockInterfaces: InterfaceMakers = {
  "wasi:clocks/wall-clock": ({ clock }: WasiSettings) => ({
    now: () => {
      const now = clock.now();
      return { seconds: BigInt(Math.floor(now / 1000)), nanoseconds: Math.floor((now % 1000) * NANOSECONDS_PER_MS) };
    },
    resolution: () => ({ seconds: 0n, nanoseconds: NANOSECONDS_PER_MS }),
  }),
  "wasi:clocks/monotonic-clock": ({ clock }: WasiSettings) => {
    const until = (instant: bigint): Pollable =>
      new Pollable(`until ${instant} ns`, () => clock.monotonic() >= instant);
    return {
      now: () => clock.monotonic(),
      resolution: () => 1n,
      subscribeInstant: until,
      subscribeDuration: (duration: bigint) => until(clock.monotonic() + duration),
    };
  },
};
