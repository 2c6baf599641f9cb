import { erlang } from "../erlang.ts";
import { inBursts, Tally } from "../tally.ts";
import { withBatchedEffect, type Play, played } from "../played.ts";
import type { TimedWorkload } from "../workload.ts";
import { type Message, message } from "./counters.ts";

/** Messages sent before the sender waits for all of them to be handled: as many as the default mailbox holds. */
const BURST = 1000;

/** Sends in bursts to an actor that counts. */
export function telling(burst: number): Play {
  return (troupe) => {
    const tally = new Tally();
    const send = troupe.spawn<Message>(() => {
      tally.count();
    });
    return (operations) =>
      inBursts(tally, operations, burst, (size) => {
        for (let sent = 0; sent < size; sent += 1) send(message);
      });
  };
}

/** One sender, one actor that counts: from send to handled. */
export const tell: TimedWorkload = {
  suite: "rt",
  name: "tell",
  unit: "ns",
  operations: 1_000_000,
  subjects: [
    ...played(telling(BURST), { operations: { nact: 50_000 }, troupes: withBatchedEffect }),
    erlang("messages tell"),
    erlang("messages tell_otp", { name: "erlang-otp" }),
  ],
};
