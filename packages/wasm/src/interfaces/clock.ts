import type * as Clock from "../generated/airssys-core-host-clock.ts";
import { monotonicNanoseconds, toTimestamp } from "../timestamp.ts";
import type { HostInterface } from "./host-interface.ts";

/** `airssys:core-host/clock`: the clock of the system, so that a virtual one moves components too. Granted to all. */
export const clock: HostInterface = {
  name: "airssys:core-host/clock@1.0.0",
  functions: ["now", "monotonic"],
  refusal: () => undefined,
  prepare: ({ context }) => {
    const functions: typeof Clock = {
      now: () => toTimestamp(context.clock.wallTime()),
      monotonic: () => monotonicNanoseconds(context.clock.now()),
    };
    return functions;
  },
};
