import { erlang } from "../erlang.ts";
import { inBursts, Tally } from "../tally.ts";
import { withBatchedEffect, type Play, played } from "../played.ts";
import type { TimedWorkload } from "../workload.ts";
import { type Message, message } from "./counters.ts";

const WORKERS = 60;

/** One message to each worker in turn, until all are sent; then waits until all are handled. */
const forking: Play = (troupe) => {
  const tally = new Tally();
  const workers = Array.from({ length: WORKERS }, () =>
    troupe.spawn<Message>(() => {
      tally.count();
    }),
  );
  return (operations) =>
    inBursts(tally, operations, operations, (size) => {
      for (let sent = 0; sent < size; sent += WORKERS) for (const send of workers) send(message);
    });
};

/** The throughput form: sixty actors, each of which is sent ten thousand messages; an operation is one message handled. */
export const forkJoin: TimedWorkload = {
  suite: "rt",
  name: "fork-join",
  unit: "ns",
  operations: 600_000,
  multiple: WORKERS,
  subjects: [
    ...played(forking, { capacity: "unbounded", operations: { nact: 60_000 }, troupes: withBatchedEffect }),
    erlang("messages fork_join"),
  ],
};
