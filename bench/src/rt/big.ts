import { erlang } from "../erlang.ts";
import { Tally, untilCounted } from "../tally.ts";
import { type Play, played } from "../played.ts";
import type { Send } from "../troupe.ts";
import type { TimedWorkload } from "../workload.ts";
import { following } from "./lot.ts";

const ACTORS = 120;

type Message =
  | { readonly type: "start"; readonly pings: number }
  | { readonly type: "ping"; readonly from: Send<Message> }
  | { readonly type: "pong" };

const pong: Message = { type: "pong" };

/** Each pings one of the others, drawn by lot, and when it has its pong, the next. */
const pinging: Play = (troupe) => {
  const tally = new Tally();
  const actors: Send<Message>[] = [];
  const spawnOne = (index: number): Send<Message> => {
    let left = 0;
    let lot = index;
    const ping: Message = { type: "ping", from: (message) => self(message) };
    const pingNext = (): void => {
      lot = following(lot);
      actors[lot % ACTORS]?.(ping);
    };
    const self = troupe.spawn<Message>((message) => {
      switch (message.type) {
        case "ping":
          message.from(pong);
          return;
        case "pong":
          tally.count();
          left -= 1;
          if (left > 0) pingNext();
          return;
        case "start":
          left = message.pings;
          pingNext();
      }
    });
    return self;
  };
  for (let index = 0; index < ACTORS; index += 1) actors.push(spawnOne(index));
  return (operations) =>
    untilCounted(tally, operations, () => {
      const start: Message = { type: "start", pings: operations / ACTORS };
      for (const send of actors) send(start);
    });
};

/** A hundred and twenty actors, each of which has one ping under way; an operation is one ping with its pong. */
export const big: TimedWorkload = {
  suite: "rt",
  name: "big",
  unit: "ns",
  operations: 240_000,
  multiple: ACTORS,
  subjects: [...played(pinging, { operations: { nact: 24_000, effect: 24_000 } }), erlang("savina big")],
};
