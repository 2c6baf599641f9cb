import { erlang } from "../erlang.ts";
import { withBatchedEffect, played } from "../played.ts";
import type { TimedWorkload } from "../workload.ts";
import { telling } from "./tell.ts";

/** Everything is sent before the sender lets go of the stack. */
const everything = telling(Number.POSITIVE_INFINITY);

/** One sender far ahead of the actor that counts: a million messages wait before the first is handled; in nact fewer. */
export const backlog: TimedWorkload = {
  suite: "rt",
  name: "backlog",
  unit: "ns",
  operations: 1_000_000,
  subjects: [
    ...played(everything, { capacity: "unbounded", operations: { nact: 100_000 }, troupes: withBatchedEffect }),
    erlang("messages backlog"),
  ],
};
