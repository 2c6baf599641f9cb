import { erlang } from "../erlang.ts";
import { Tally, untilCounted } from "../tally.ts";
import { type Play, played } from "../played.ts";
import type { Send } from "../troupe.ts";
import type { TimedWorkload } from "../workload.ts";

const MEMBERS = 100;

interface Token {
  readonly type: "token";
}

const token: Token = { type: "token" };

/** Each passes the token on to the next, the last to the first. */
const passing: Play = (troupe) => {
  const tally = new Tally();
  let first: Send<Token>;
  let next: Send<Token> = (passed) => first(passed);
  for (let spawned = 0; spawned < MEMBERS; spawned += 1) {
    const successor = next;
    next = troupe.spawn<Token>(() => {
      if (tally.count()) successor(token);
    });
  }
  first = next;
  return (operations) => untilCounted(tally, operations, () => first(token));
};

/** A hundred actors in a ring and one token; an operation is one hop. */
export const threadRing: TimedWorkload = {
  suite: "rt",
  name: "thread-ring",
  unit: "ns",
  operations: 500_000,
  subjects: [...played(passing, { operations: { nact: 30_000, effect: 50_000 } }), erlang("messages thread_ring")],
};
