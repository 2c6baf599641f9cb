import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorStoppedError,
  ActorSystem,
  AskTimeoutError,
  refuse,
  replyLater,
  type Actor,
  type ActorRef,
} from "../src/index.ts";
import { rejection } from "./rejection.ts";

/** Replies to each question when the test says what. Handles `crash` at once. */
class Desk implements Actor<string> {
  readonly #open: Map<string, PromiseWithResolvers<unknown>>;

  constructor(open: Map<string, PromiseWithResolvers<unknown>>) {
    this.#open = open;
  }

  receive(question: string): unknown {
    if (question === "crash") throw new RangeError("crash");
    if (question === "now") return "at once";
    const answer = this.#open.get(question) ?? Promise.withResolvers<unknown>();
    this.#open.set(question, answer);
    return replyLater(answer.promise);
  }
}

interface Bed {
  readonly system: ActorSystem;
  readonly clock: VirtualClock;
  readonly open: Map<string, PromiseWithResolvers<unknown>>;
  readonly desk: ActorRef<string>;
}

async function newBed(): Promise<Bed> {
  const clock = new VirtualClock();
  const system = new ActorSystem("test", { clock });
  const open: Bed["open"] = new Map();
  const supervisor = await system.supervise({
    id: "s",
    strategy: "one-for-one",
    children: [{ id: "desk", start: () => new Desk(open) }],
  });
  return { system, clock, open, desk: supervisor.child<string>("desk") };
}

function countersOf({ system }: Bed) {
  return system.tree().children[0]?.children[0]?.counters;
}

describe("a reply that comes later", () => {
  it("does not hold back the messages after it", async () => {
    const { desk, open } = await newBed();
    const first = desk.ask("first");
    expect(await desk.ask("now")).toBe("at once");
    open.get("first")?.resolve("in the end");
    expect(await first).toBe("in the end");
  });

  it("may answer several at once", async () => {
    const { desk, open, system } = await newBed();
    const asked = [desk.ask("same"), desk.ask("same"), desk.ask("same")];
    await settled(system);
    open.get("same")?.resolve(42);
    expect(await Promise.all(asked)).toEqual([42, 42, 42]);
  });

  it("is a refusal when its work fails or refuses, and the actor lives on", async () => {
    const bed = await newBed();
    const [fails, refuses] = [rejection(bed.desk.ask("fails")), rejection(bed.desk.ask("refuses"))];
    await settled(bed.system);
    const reasons = [new RangeError("no luck"), new RangeError("no way")];
    bed.open.get("fails")?.reject(reasons[0]);
    bed.open.get("refuses")?.resolve(refuse(reasons[1]));
    expect(await Promise.all([fails, refuses])).toEqual(reasons);
    expect(countersOf(bed)).toEqual({ handled: 2, failed: 0, deadLetters: 0, stashed: 0 });
  });

  it("is owed no longer when the incarnation ends: who asked hears at once, and what comes of the work is dropped", async () => {
    const bed = await newBed();
    const asked = rejection(bed.desk.ask("never"));
    bed.desk.tell("crash");
    const error = await asked;
    expect(error).toBeInstanceOf(ActorStoppedError);
    expect(error).toMatchObject({ cause: new RangeError("crash") });
    bed.open.get("never")?.resolve("too late");
    await settled(bed.system);
    expect([bed.system.deadLetters.count("stopped"), bed.system.deadLetters.count("late-reply")]).toEqual([1, 0]);
    expect(countersOf(bed)).toMatchObject({ handled: 0, deadLetters: 2 });
  });

  it("is owed by one that is killed no longer either", async () => {
    const { desk, open, system } = await newBed();
    const asked = rejection(desk.ask("never"));
    await settled(system);
    await system.shutdown();
    expect(await asked).toBeInstanceOf(ActorStoppedError);
    open.get("never")?.reject(new RangeError("nobody hears this"));
  });

  it("is a dead letter when its deadline has passed", async () => {
    const { desk, open, system, clock } = await newBed();
    const asked = rejection(desk.ask("slow", { timeoutMs: 50 }));
    await clock.advance(100);
    expect(await asked).toBeInstanceOf(AskTimeoutError);
    open.get("slow")?.resolve("too late");
    await settled(system);
    expect(system.deadLetters.count("late-reply")).toBe(1);
  });

  it("takes no room for long when nobody waits for it any more", async () => {
    const { desk, system, clock } = await newBed();
    const recorder = new EventRecorder(system);
    for (let round = 0; round < 20; round += 1) {
      const asked = Array.from({ length: 50 }, (_, index) =>
        rejection(desk.ask(`${round}-${index}`, { timeoutMs: 10 })),
      );
      await clock.advance(50);
      await Promise.all(asked);
    }
    desk.tell("crash");
    await recorder.next("actor-restarted");
    // What was expired already is not rejected again: only what had not been cleared out becomes a dead letter.
    expect(system.deadLetters.count("stopped")).toBeLessThan(200);
  });

  it("to a message that nobody asked decides whether it counts as handled", async () => {
    const bed = await newBed();
    bed.system.broker.subscribe("questions", bed.desk);
    bed.desk.tell("told");
    bed.desk.tell("done");
    bed.system.broker.publish("questions", "published");
    await settled(bed.system);
    expect(countersOf(bed)).toMatchObject({ handled: 3, deadLetters: 0 });
    bed.open.get("told")?.reject(new RangeError("no"));
    bed.open.get("published")?.reject(new RangeError("no"));
    bed.open.get("done")?.resolve("nobody asked");
    await settled(bed.system);
    expect(bed.system.deadLetters.count("rejected")).toBe(2);
    expect(countersOf(bed)).toMatchObject({ handled: 1, deadLetters: 2 });
  });
});
