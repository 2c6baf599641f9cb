import { erlang } from "../erlang.ts";
import { Tally, untilCounted } from "../tally.ts";
import { type Play, played } from "../played.ts";
import type { Send } from "../troupe.ts";
import type { TimedWorkload } from "../workload.ts";

const PHILOSOPHERS = 20;

type ToPhilosopher = { readonly type: "start"; readonly meals: number } | { readonly type: "eat" | "denied" };

type ToArbitrator = { readonly type: "hungry" | "done"; readonly seat: number };

const eat: ToPhilosopher = { type: "eat" };
const denied: ToPhilosopher = { type: "denied" };

/** Whoever is hungry asks the arbitrator for both forks beside him, and when denied asks again. */
const dining: Play = (troupe) => {
  const tally = new Tally();
  const isTaken = Array.from({ length: PHILOSOPHERS }, () => false);
  const philosophers: Send<ToPhilosopher>[] = [];
  const arbitrator = troupe.spawn<ToArbitrator>(({ type, seat }) => {
    const right = (seat + 1) % PHILOSOPHERS;
    if (type === "done") {
      isTaken[seat] = false;
      isTaken[right] = false;
    } else if (isTaken[seat] === true || isTaken[right] === true) philosophers[seat]?.(denied);
    else {
      isTaken[seat] = true;
      isTaken[right] = true;
      philosophers[seat]?.(eat);
    }
  });
  const spawnOne = (seat: number): Send<ToPhilosopher> => {
    const hungry: ToArbitrator = { type: "hungry", seat };
    const done: ToArbitrator = { type: "done", seat };
    let left = 0;
    return troupe.spawn<ToPhilosopher>((message) => {
      switch (message.type) {
        case "start":
          left = message.meals;
          arbitrator(hungry);
          return;
        case "denied":
          arbitrator(hungry);
          return;
        case "eat":
          tally.count();
          left -= 1;
          arbitrator(done);
          if (left > 0) arbitrator(hungry);
      }
    });
  };
  for (let seat = 0; seat < PHILOSOPHERS; seat += 1) philosophers.push(spawnOne(seat));
  return (operations) =>
    untilCounted(tally, operations, () => {
      const start: ToPhilosopher = { type: "start", meals: operations / PHILOSOPHERS };
      for (const send of philosophers) send(start);
    });
};

/** Twenty philosophers and one arbitrator; an operation is one meal, however often it was denied before. */
export const philosophers: TimedWorkload = {
  suite: "rt",
  name: "philosophers",
  unit: "ns",
  operations: 200_000,
  multiple: PHILOSOPHERS,
  subjects: [...played(dining, { operations: { nact: 10_000, effect: 10_000 } }), erlang("savina philosophers")],
};
