import { hostCallSignal } from "@airssys/engine";
import type * as Clock from "../generated/airssys-core-host-clock.ts";
import { sleep } from "../sleep.ts";
import { monotonicNanoseconds, toTimestamp } from "../timestamp.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

/** `airssys:core-host/clock`: the clock of the system, so that a virtual one moves components too. Granted to all. */
export const clock: HostInterface = {
  name: "airssys:core-host/clock@1.0.0",
  functions: ["now", "monotonic", "sleep-millis"],
  waiting: ["sleep-millis"],
  refusal: () => undefined,
  prepare: ({ context }) => {
    const functions: Pick<typeof Clock, "now" | "monotonic"> & Promised<Pick<typeof Clock, "sleepMillis">> = {
      now: () => toTimestamp(context.clock.wallTime()),
      monotonic: () => monotonicNanoseconds(context.clock.now()),
      sleepMillis: (duration) => sleep(context.clock, duration, hostCallSignal()),
    };
    return functions;
  },
};
