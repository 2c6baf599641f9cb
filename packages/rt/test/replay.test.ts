import { Probe, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorSystem,
  BrokerNotPermittedError,
  MailboxFullError,
  RateExceededError,
  RecipientNotFoundError,
  type Actor,
  type Envelope,
} from "../src/index.ts";

function newSystem(): { system: ActorSystem; clock: VirtualClock } {
  const clock = new VirtualClock();
  return { system: new ActorSystem("test", { clock }), clock };
}

/** Crashes while it is told to, and keeps the envelopes of what it handled. */
function flaky(handled: (Envelope | undefined)[], state: { isBroken: boolean }): () => Actor<unknown> {
  return () => ({
    receive: (_message, context) => {
      if (state.isBroken) throw new RangeError("broken");
      handled.push(context.envelope);
    },
  });
}

async function supervised(system: ActorSystem, start: () => Actor<unknown>) {
  const supervisor = await system.supervise({
    id: "s",
    strategy: "one-for-one",
    intensity: { maxRestarts: 100, withinMs: 1000 },
    children: [{ id: "a", start }],
  });
  return supervisor.child("a");
}

const isTwo = ({ message }: { readonly message: unknown }): boolean => message === 2;

describe("a replay", () => {
  it("sends dead letters again, each to the one that did not handle it, in its envelope and marked", async () => {
    const { system } = newSystem();
    const { broker } = system;
    const handled: (Envelope | undefined)[] = [];
    const state = { isBroken: true };
    const ref = await supervised(system, flaky(handled, state));
    const other = new Probe(system);
    for (const one of [ref, other.ref]) broker.subscribe("t", one);
    system.registry.register("name", ref);
    broker.send("name", "sent", { id: "m-1", sender: "shop", headers: { trace: "7" }, causationId: "c" });
    broker.publish("t", "published", { deadline: 1_000_000 });
    void broker.request(ref, "asked").catch(() => undefined);
    ref.tell("told");
    await settled(system);
    expect(system.deadLetters.count("crashed")).toBe(4);
    state.isBroken = false;
    expect(broker.replay()).toBe(4);
    await settled(system);
    expect(handled[0]).toMatchObject({
      id: "m-1",
      kind: "tell",
      sender: "shop",
      recipient: "name",
      correlationId: "m-1",
      causationId: "c",
      headers: { trace: "7" },
      payload: "sent",
      isReplay: true,
    });
    expect(handled[1]).toMatchObject({ topic: "t", payload: "published", deadline: undefined, isReplay: true });
    expect(handled[2]).toMatchObject({ kind: "ask", payload: "asked", isReplay: true });
    expect(handled[3]).toBeUndefined();
    expect(other.all).toEqual(["published"]);
    expect([system.deadLetters.list(), system.deadLetters.total]).toEqual([[], 4]);
  });

  it("takes those that match and leaves the others", async () => {
    const { system } = newSystem();
    const gone = system.spawn<unknown>(() => ({ receive: () => undefined }), { id: "gone" });
    await system.stop(gone);
    for (const payload of [1, 2, 3]) system.broker.send(gone, payload);
    expect(system.deadLetters.list(isTwo)).toMatchObject([{ message: 2, reason: "stopped" }]);
    expect(system.broker.replay(isTwo)).toBe(1);
    expect(system.deadLetters.list().map(({ message }) => message)).toEqual([1, 3, 2]);
    expect(system.broker.replay(() => false)).toBe(0);
  });

  it("goes to whoever has the name now", async () => {
    const { system } = newSystem();
    const first = new Probe(system);
    system.registry.register("name", first.ref);
    await system.stop(first.ref);
    expect(() => system.broker.send("name", "x")).toThrow(RecipientNotFoundError);
    const second = new Probe(system);
    system.registry.register("name", second.ref);
    expect(system.broker.replay()).toBe(1);
    await settled(system);
    expect(second.all).toEqual(["x"]);
  });

  it("passes all checks: what was not permitted still is not", () => {
    const system = new ActorSystem("test", { broker: { permits: (sender) => sender !== "mallory" } });
    const probe = new Probe(system);
    expect(() => system.broker.send(probe.ref, "x", { sender: "mallory" })).toThrow(BrokerNotPermittedError);
    expect(system.broker.replay()).toBe(0);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "not-permitted", message: "x" }]);
    expect(system.deadLetters.total).toBe(2);
  });

  it("of a publish that was refused is a publish", async () => {
    const { system, clock } = newSystem();
    const probe = new Probe(system);
    system.broker.subscribe("t", probe.ref);
    system.broker.limit({ topic: "t" }, { rate: { messagesPerSecond: 1, burst: 1 } });
    system.broker.publish("t", 1);
    for (const event of [2, 3]) expect(() => system.broker.publish("t", event)).toThrow(RateExceededError);
    await clock.advance(1000);
    system.broker.limit({ topic: "t" }, { rate: { messagesPerSecond: 1, burst: 1 }, onExceeded: "throttle" });
    expect(system.broker.replay()).toBe(2);
    await clock.advance(2000);
    expect(probe.all).toEqual([1, 2, 3]);
  });

  it("keeps the guarantee of the subscription, and is no duplicate of what was not handled", async () => {
    const { system, clock } = newSystem();
    const handled: (Envelope | undefined)[] = [];
    const state = { isBroken: true };
    const ref = await supervised(system, flaky(handled, state));
    system.broker.subscribe("t", ref, { delivery: "exactly-once", redelivery: { maxAttempts: 1 } });
    system.broker.publish("t", "x", { id: "1" });
    await settled(system);
    expect(system.deadLetters.count("attempts-exhausted")).toBe(1);
    state.isBroken = false;
    expect(system.broker.replay()).toBe(1);
    await clock.advance(0);
    system.broker.publish("t", "x", { id: "1" });
    await settled(system);
    expect(handled).toMatchObject([{ id: "1", isReplay: true }]);
  });

  it("does not send a late reply to anybody", async () => {
    const { system, clock } = newSystem();
    const { promise, resolve } = Promise.withResolvers<string>();
    const ref = system.spawn<unknown>(() => ({ receive: () => promise }));
    void system.broker.request(ref, "x", { timeoutMs: 10 }).catch(() => undefined);
    await clock.advance(100);
    resolve("late");
    await settled(system);
    expect(system.broker.replay()).toBe(0);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "late-reply" }]);
  });

  it("to a mailbox that is full is a dead letter again", async () => {
    const { system } = newSystem();
    const ref = system.spawn<unknown>(() => ({ receive: () => new Promise(() => {}) }), { mailbox: { capacity: 1 } });
    ref.tell("at hand");
    await settled(system);
    ref.tell("waits");
    expect(() => system.broker.send(ref, "x")).toThrow(MailboxFullError);
    expect(system.broker.replay()).toBe(0);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "mailbox-full", message: "x" }]);
  });
});
