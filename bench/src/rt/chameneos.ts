import { erlang } from "../erlang.ts";
import { type Play, played } from "../played.ts";
import type { Send, Troupe } from "../troupe.ts";
import type { TimedWorkload } from "../workload.ts";

const CHAMENEOS = 100;

/** Blue, red and yellow. */
const COLOURS = 3;

type ToChameneo =
  | { readonly type: "start" | "close" }
  | { readonly type: "meet"; readonly colour: number; readonly from: Send<ToChameneo> }
  | { readonly type: "change"; readonly colour: number };

type ToMall =
  | { readonly type: "open"; readonly meetings: number; readonly told: (meetings: number) => void }
  | { readonly type: "meet"; readonly colour: number; readonly from: Send<ToChameneo> }
  | { readonly type: "gone"; readonly meetings: number };

const start: ToChameneo = { type: "start" };
const close: ToChameneo = { type: "close" };

/** The colour of both after a meeting: their own when they have the same, otherwise the third. */
function complement(one: number, other: number): number {
  return one === other ? one : COLOURS - one - other;
}

/** Brings two and two together, and when it has done so often enough, sends all home and hears how often they met. */
function spawnMall(troupe: Troupe): Send<ToMall> {
  let told: ((meetings: number) => void) | undefined;
  let left = 0;
  let waiting: Send<ToChameneo> | undefined;
  let gone = 0;
  let meetings = 0;
  return troupe.spawn<ToMall>((message) => {
    switch (message.type) {
      case "open":
        ({ meetings: left, told } = message);
        gone = 0;
        meetings = 0;
        return;
      case "meet":
        if (left === 0) message.from(close);
        else if (waiting === undefined) waiting = message.from;
        else {
          const first = waiting;
          waiting = undefined;
          left -= 1;
          first(message);
        }
        return;
      case "gone":
        gone += 1;
        meetings += message.meetings;
        // Each meeting was counted by both.
        if (gone === CHAMENEOS) told?.(meetings / 2);
    }
  });
}

function spawnChameneo(troupe: Troupe, mall: Send<ToMall>, firstColour: number): Send<ToChameneo> {
  let colour = firstColour;
  let meetings = 0;
  const from: Send<ToChameneo> = (message) => self(message);
  const self = troupe.spawn<ToChameneo>((message) => {
    switch (message.type) {
      case "start":
        meetings = 0;
        break;
      case "meet":
        colour = complement(colour, message.colour);
        meetings += 1;
        message.from({ type: "change", colour });
        break;
      case "change":
        colour = message.colour;
        meetings += 1;
        break;
      case "close":
        mall({ type: "gone", meetings });
        return;
    }
    mall({ type: "meet", colour, from });
  });
  return self;
}

const meeting: Play = (troupe) => {
  const mall = spawnMall(troupe);
  const chameneos = Array.from({ length: CHAMENEOS }, (_, index) => spawnChameneo(troupe, mall, index % COLOURS));
  return (operations) =>
    new Promise((told) => {
      mall({ type: "open", meetings: operations, told });
      for (const send of chameneos) send(start);
    });
};

/** A hundred chameneos and the mall where they meet; an operation is one meeting, of four messages. */
export const chameneos: TimedWorkload = {
  suite: "rt",
  name: "chameneos",
  unit: "ns",
  operations: 200_000,
  subjects: [...played(meeting, { operations: { nact: 10_000, effect: 10_000 } }), erlang("savina chameneos")],
};
