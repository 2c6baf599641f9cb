import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, type AnyActorRef } from "../src/index.ts";
import { SignalLane } from "../src/signal-lane.ts";
import type { Signal } from "../src/signal.ts";
import { seededRandom } from "./seeded-random.ts";

function newSignal(): Signal {
  return { kind: "health-check", answer: () => undefined };
}

describe("the signal lane", () => {
  it("gives back what it took, in order, at any length, and first what was put before", () => {
    const random = seededRandom(7);
    const first = newSignal();
    const lane = new SignalLane(first);
    const expected: Signal[] = [first];
    let mixedUp = 0;
    for (let round = 0; round < 400; round += 1) {
      for (let count = random(round % 7 === 0 ? 2000 : 20); count > 0; count -= 1) {
        const signal = newSignal();
        const isFirst = random(50) === 0;
        if (isFirst) lane.unshift(signal);
        else lane.push(signal);
        if (isFirst) expected.unshift(signal);
        else expected.push(signal);
      }
      for (let count = random(600); count > 0 && expected.length > 0; count -= 1) {
        if (lane.shift() !== expected.shift()) mixedUp += 1;
      }
      expect(lane.isEmpty).toBe(expected.length === 0);
    }
    expect(mixedUp).toBe(0);
  });

  it("loses none of a hundred thousand ends at once, whatever the mailbox", async () => {
    await using system = new ActorSystem("test");
    const watched = Array.from({ length: 100_000 }, () => system.spawn<string>(() => ({ receive: () => undefined })));
    const heard = new Set<AnyActorRef>();
    system.spawn<string>(
      (context) => {
        for (const ref of watched) context.watch(ref);
        return { receive: () => undefined, onTerminated: ({ ref }) => void heard.add(ref) };
      },
      { mailbox: { capacity: 1 } },
    );
    for (const ref of watched) void system.stop(ref);
    await settled(system);
    expect(heard.size).toBe(100_000);
  });
});
