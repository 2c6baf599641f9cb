import { erlang } from "../erlang.ts";
import { asking, Replies } from "../replies.ts";
import { type Play, played } from "../played.ts";
import type { TimedWorkload } from "../workload.ts";

const IN_FLIGHT = 100;

function askingTogether(together: number): Play {
  return (troupe) => {
    const clerk = troupe.spawnClerk();
    const replies = new Replies();
    return (operations) => asking(clerk, replies, operations, together);
  };
}

/** One question after another, each awaited with a deadline of 5 seconds; an operation is one reply received. */
export const ask: TimedWorkload = {
  suite: "rt",
  name: "ask",
  unit: "ns",
  operations: 200_000,
  subjects: [
    ...played(askingTogether(1), { operations: { nact: 20_000, effect: 10_000 } }),
    erlang("questions ask"),
    erlang("questions ask_otp", { name: "erlang-otp" }),
  ],
};

/** The same with a hundred askers, each of whom has one question in flight. */
export const askTogether: TimedWorkload = {
  suite: "rt",
  name: "ask-100",
  unit: "ns",
  operations: 200_000,
  multiple: IN_FLIGHT,
  subjects: [
    ...played(askingTogether(IN_FLIGHT), { operations: { nact: 20_000, effect: 20_000 } }),
    erlang("questions ask_together"),
  ],
};
