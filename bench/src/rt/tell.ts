import type { Workload } from "../workload.ts";
import * as counter from "./counters.ts";

/** The default mailbox holds 1000 messages: the sender sends as many and waits until they are handled. */
const sending: counter.Sending = { burst: 1000, capacity: 1000 };

/** One sender, one actor that counts: from send to handled. */
export const tell: Workload = {
  suite: "rt",
  name: "tell",
  unit: "ns",
  operations: 500_000,
  subjects: [
    counter.airssysCounter(sending),
    counter.nactCounter(sending, 50_000),
    counter.xstateCounter(sending),
    counter.effectCounter(sending),
    counter.effectBatchedCounter(sending),
    counter.limitCounter(sending),
  ],
};
