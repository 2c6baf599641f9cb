import { erlang } from "../erlang.ts";
import { Tally, untilCounted } from "../tally.ts";
import { type Play, played } from "../played.ts";
import type { TimedWorkload } from "../workload.ts";

interface Ball {
  readonly type: "ball";
}

const ball: Ball = { type: "ball" };

/** Serves to one player and waits until the ball came back to the other often enough. */
const rallying: Play = (troupe) => {
  const tally = new Tally();
  const pong = troupe.spawn<Ball>(() => ping(ball));
  const ping = troupe.spawn<Ball>(() => {
    if (tally.count()) pong(ball);
  });
  return (operations) => untilCounted(tally, operations, () => pong(ball));
};

/** Two actors and one ball; an operation is one round trip. */
export const pingPong: TimedWorkload = {
  suite: "rt",
  name: "ping-pong",
  unit: "ns",
  operations: 500_000,
  subjects: [...played(rallying, { operations: { nact: 20_000, effect: 20_000 } }), erlang("messages ping_pong")],
};
