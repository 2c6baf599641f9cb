import { EventRecorder, Probe, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorSystem,
  InvalidOptionError,
  refuse,
  type Actor,
  type ActorRef,
  type Delivery,
  type SubscribeOptions,
} from "../src/index.ts";

/** Says what it handles, with the attempt, and crashes on `poison` and as often as it is told to. */
class Consumer implements Actor<string> {
  readonly #log: string[];
  readonly #crashes: { left: number };

  constructor(log: string[], crashes: { left: number }) {
    this.#log = log;
    this.#crashes = crashes;
  }

  receive(message: string, context: Parameters<Actor<string>["receive"]>[1]): unknown {
    this.#log.push(`${message} ${context.envelope?.attempt}`);
    if (message === "refused") return refuse(new RangeError("no"));
    if (message === "poison" || this.#crashes.left > 0) {
      this.#crashes.left -= 1;
      throw new RangeError(message);
    }
    return undefined;
  }
}

interface Bed {
  readonly system: ActorSystem;
  readonly clock: VirtualClock;
  readonly log: string[];
  readonly crashes: { left: number };
  readonly ref: ActorRef<string>;
}

async function newBed(delivery: Delivery, more: Partial<SubscribeOptions> = {}): Promise<Bed> {
  const clock = new VirtualClock();
  const system = new ActorSystem("test", { clock });
  const log: string[] = [];
  const crashes = { left: 0 };
  const supervisor = await system.supervise({
    id: "s",
    strategy: "one-for-one",
    children: [{ id: "a", start: () => new Consumer(log, crashes) }],
  });
  const ref = supervisor.child<string>("a");
  system.broker.subscribe("t", ref, { delivery, ...more });
  return { system, clock, log, crashes, ref };
}

describe("at-most-once", () => {
  it("makes a dead letter of an event whose handler crashed, and never delivers it again", async () => {
    const { system, clock, log, crashes } = await newBed("at-most-once");
    crashes.left = 1;
    system.broker.publish("t", "x");
    await clock.advance(100_000);
    expect(log).toEqual(["x 1"]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "crashed", message: "x" }]);
  });
});

describe("at-least-once", () => {
  it("delivers again after a crash, across the restart, later each time", async () => {
    const { system, clock, log, crashes } = await newBed("at-least-once");
    using recorder = new EventRecorder(system);
    crashes.left = 2;
    expect(system.broker.publish("t", "x")).toBe(1);
    await clock.advance(999);
    expect(log).toEqual(["x 1"]);
    await clock.advance(1);
    expect(log).toEqual(["x 1", "x 2"]);
    await clock.advance(1999);
    expect(log.length).toBe(2);
    await clock.advance(1);
    expect(log).toEqual(["x 1", "x 2", "x 3"]);
    expect(system.deadLetters.total).toBe(0);
    expect(recorder.allOf("redelivery-delayed")).toMatchObject([
      { path: "/user/s/a", attempt: 1, delayMs: 1000, reason: "crashed" },
      { path: "/user/s/a", attempt: 2, delayMs: 2000, reason: "crashed" },
    ]);
    await clock.advance(100_000);
    expect(log.length).toBe(3);
  });

  it("gives up after the last attempt: attempts-exhausted; and the supervisor has not given up", async () => {
    const { system, clock, log } = await newBed("at-least-once");
    system.broker.publish("t", "poison");
    system.broker.publish("t", "fine");
    await clock.advance(100_000);
    expect(log).toEqual(["poison 1", "fine 1", "poison 2", "poison 3", "poison 4", "poison 5"]);
    expect(system.deadLetters.list()).toMatchObject([
      { reason: "attempts-exhausted", message: "poison", recipient: "/user/s/a", envelope: { attempt: 5 } },
    ]);
    expect(system.broker.publish("t", "after")).toBe(1);
    await settled(system);
    expect(log.at(-1)).toBe("after 1");
  });

  it("waits for an asynchronous handler, and delivers again when its promise rejects", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const outcomes = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let calls = 0;
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", start: () => ({ receive: () => outcomes[calls++]?.promise }) }],
    });
    system.broker.subscribe("t", supervisor.child("a"), { delivery: "at-least-once" });
    system.broker.publish("t", "x");
    await settled(system);
    outcomes[0]?.reject(new RangeError("bad"));
    await clock.advance(1000);
    expect(calls).toBe(2);
    outcomes[1]?.resolve();
    await clock.advance(100_000);
    expect([calls, system.deadLetters.total]).toEqual([2, 0]);
  });

  it("takes a refusal for an answer: it is a dead letter and is not delivered again", async () => {
    const { system, clock, log } = await newBed("at-least-once");
    system.broker.publish("t", "refused");
    await clock.advance(100_000);
    expect(log).toEqual(["refused 1"]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "rejected", message: "refused" }]);
  });

  it("delivers again what a killed incarnation had at hand", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const attempts: unknown[] = [];
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [
        {
          id: "a",
          shutdownMs: 10,
          start: () => ({
            receive: (_message, context) => {
              attempts.push(context.envelope?.attempt);
              return attempts.length === 1 ? new Promise<void>(() => {}) : undefined;
            },
          }),
        },
      ],
    });
    const ref = supervisor.child("a");
    system.broker.subscribe("t", ref, { delivery: "at-least-once" });
    system.broker.publish("t", "x");
    await settled(system);
    void system.stop(ref);
    await clock.advance(1010);
    expect(attempts).toEqual([1, 2]);
    expect(system.deadLetters.total).toBe(0);
  });

  it("tries again when the mailbox was full, whatever its policy", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    for (const overflow of ["error", "drop-newest", "drop-oldest"] as const) {
      const probe = new Probe(system, { mailbox: { capacity: 2, overflow } });
      const topic = `t.${overflow}`;
      system.broker.subscribe(topic, probe.ref, { delivery: "at-least-once" });
      for (const event of [1, 2, 3]) expect(system.broker.publish(topic, event)).toBe(1);
      await clock.advance(1000);
      expect(new Set(probe.all)).toEqual(new Set([1, 2, 3]));
    }
    expect(system.deadLetters.total).toBe(0);
  });

  it("takes no more than may be unfinished; beyond, an event is a dead letter", async () => {
    const { system, clock, log, crashes } = await newBed("at-least-once", { redelivery: { maxUnfinished: 2 } });
    crashes.left = 2;
    expect(["a", "b", "c"].map((event) => system.broker.publish("t", event))).toEqual([1, 1, 0]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "mailbox-full", message: "c" }]);
    await clock.advance(0);
    expect(system.broker.publish("t", "d")).toBe(0);
    await clock.advance(1000);
    expect(log).toEqual(["a 1", "b 1", "a 2", "b 2"]);
    expect(system.broker.publish("t", "e")).toBe(1);
  });

  it("makes dead letters of what is unfinished when the actor stops for good", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const log: string[] = [];
    const ref = system.spawn<string>(() => new Consumer(log, { left: 0 }));
    system.broker.subscribe("t", ref, { delivery: "at-least-once" });
    for (const event of ["poison", "waiting"]) system.broker.publish("t", event);
    await clock.advance(100_000);
    expect(log).toEqual(["poison 1"]);
    expect(system.deadLetters.list().map(({ reason, message }) => `${reason} ${String(message)}`)).toEqual([
      "stopped waiting",
      "stopped poison",
    ]);
    expect(clock.pending).toBe(0);
  });

  it("in a queue group passes what a stopped member has not finished on to another", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const log: string[] = [];
    const fragile = system.spawn<string>(() => new Consumer(log, { left: 1 }));
    const probe = new Probe<string>(system);
    for (const ref of [fragile, probe.ref]) {
      system.broker.subscribe("jobs.#", ref, { queueGroup: "workers", delivery: "at-least-once" });
    }
    for (const job of ["one", "two", "three"]) expect(system.broker.publish("jobs.new", job)).toBe(1);
    await clock.advance(10_000);
    expect(log).toEqual(["one 1"]);
    expect(new Set(probe.all)).toEqual(new Set(["one", "two", "three"]));
    expect(system.deadLetters.total).toBe(0);
  });

  it("still delivers, after the subscription has been disposed, what it had taken", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const log: string[] = [];
    const crashes = { left: 1 };
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", start: () => new Consumer(log, crashes) }],
    });
    const subscription = system.broker.subscribe("t", supervisor.child("a"), { delivery: "at-least-once" });
    expect(subscription.delivery).toBe("at-least-once");
    system.broker.publish("t", "x");
    subscription[Symbol.dispose]();
    expect(system.broker.publish("t", "y")).toBe(0);
    await clock.advance(1000);
    expect(log).toEqual(["x 1", "x 2"]);
  });

  it("does not deliver again what nobody needs any more", async () => {
    const { system, clock, log, crashes } = await newBed("at-least-once");
    crashes.left = 1;
    system.broker.publish("t", "x", { deadline: 500 });
    await clock.advance(100_000);
    expect(log).toEqual(["x 1"]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "expired" }]);
  });

  it("is what a subscription changes to when the same is subscribed with it", async () => {
    const { system, clock, log, crashes, ref } = await newBed("at-most-once");
    system.broker.subscribe("t", ref, { delivery: "at-least-once" });
    crashes.left = 1;
    expect(system.broker.publish("t", "x")).toBe(1);
    await clock.advance(1000);
    expect(log).toEqual(["x 1", "x 2"]);
  });

  it("needs options in range", async () => {
    const { system, ref } = await newBed("at-most-once");
    for (const redelivery of [
      { maxAttempts: 0 },
      { maxUnfinished: 0 },
      { rememberedIds: 0 },
      { minMs: -1 },
      { minMs: 2, maxMs: 1 },
      { factor: 0.5 },
    ]) {
      expect(() => system.broker.subscribe("u", ref, { delivery: "at-least-once", redelivery })).toThrow(
        InvalidOptionError,
      );
    }
  });
});

describe("exactly-once", () => {
  it("does not handle the same message id again", async () => {
    const { system, log } = await newBed("exactly-once");
    using recorder = new EventRecorder(system);
    for (const id of ["1", "2", "1"]) system.broker.publish("t", `event ${id}`, { id });
    await settled(system);
    expect(log).toEqual(["event 1 1", "event 2 1"]);
    expect(recorder.allOf("duplicate-suppressed")).toMatchObject([{ path: "/user/s/a", id: "1" }]);
    expect(system.deadLetters.total).toBe(0);
  });

  it("handles again what has not been handled yet: a crash is no success", async () => {
    const { system, clock, log, crashes } = await newBed("exactly-once");
    crashes.left = 1;
    system.broker.publish("t", "x", { id: "1" });
    system.broker.publish("t", "x", { id: "1" });
    await clock.advance(100_000);
    expect(log).toEqual(["x 1", "x 1"]);
  });

  it("remembers over a restart", async () => {
    const { system, log, ref } = await newBed("exactly-once");
    system.broker.publish("t", "x", { id: "1" });
    ref.tell("poison");
    await settled(system);
    system.broker.publish("t", "x", { id: "1" });
    await settled(system);
    expect(log.filter((line) => line.startsWith("x"))).toEqual(["x 1"]);
  });

  it("remembers only so many ids, the latest", async () => {
    const { system, log } = await newBed("exactly-once", { redelivery: { rememberedIds: 2 } });
    for (const id of ["1", "2", "3", "3", "1"]) system.broker.publish("t", id, { id });
    await settled(system);
    expect(log).toEqual(["1 1", "2 1", "3 1", "1 1"]);
  });
});
