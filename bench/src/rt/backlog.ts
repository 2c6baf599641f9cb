import type { Workload } from "../workload.ts";
import * as counter from "./counters.ts";

/** Everything is sent before the sender lets go of the stack. */
const sending: counter.Sending = { burst: Number.POSITIVE_INFINITY, capacity: "unbounded" };

/** One sender far ahead of the actor that counts: a million messages wait before the first is handled; in nact fewer. */
export const backlog: Workload = {
  suite: "rt",
  name: "backlog",
  unit: "ns",
  operations: 1_000_000,
  subjects: [
    counter.airssysCounter(sending),
    counter.nactCounter(sending, 100_000),
    counter.xstateCounter(sending),
    counter.effectCounter(sending),
    counter.effectBatchedCounter(sending),
    counter.limitCounter(sending),
  ],
};
