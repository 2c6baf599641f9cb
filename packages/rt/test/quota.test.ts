import { EventRecorder, Probe, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorStoppedError,
  ActorSystem,
  AskTimeoutError,
  BarredError,
  broadcast,
  InFlightExceededError,
  InvalidOptionError,
  PayloadTooLargeError,
  RateExceededError,
  RecipientNotFoundError,
  type ActorRef,
} from "../src/index.ts";
import { rejection } from "./rejection.ts";

function newSystem(): { system: ActorSystem; clock: VirtualClock; probe: Probe } {
  const clock = new VirtualClock();
  const system = new ActorSystem("test", { clock });
  return { system, clock, probe: new Probe(system) };
}

const fromA = { sender: "a" } as const;

/** Handles nothing until it is let go. */
function slow(system: ActorSystem): { ref: ActorRef<unknown>; letGo: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { ref: system.spawn<unknown>(() => ({ receive: () => promise })), letGo: resolve };
}

describe("a quota of a sender", () => {
  it("limits the size of its payloads", () => {
    const { system, probe } = newSystem();
    system.broker.limit({ sender: "a" }, { maxPayloadBytes: 2 });
    system.broker.send(probe.ref, new Uint8Array(2), fromA);
    expect(() => system.broker.send(probe.ref, new Uint8Array(3), fromA)).toThrow(PayloadTooLargeError);
    system.broker.send(probe.ref, new Uint8Array(3), { sender: "b" });
    expect(system.deadLetters.count("too-large")).toBe(1);
  });

  it("limits how many of its envelopes are in flight: handled, answered, crashed on or lost, they are so no more", async () => {
    const { system, clock, probe } = newSystem();
    const { broker } = system;
    broker.limit({ sender: "a" }, { maxInFlight: 1 });
    const once = (send: () => unknown): void => {
      void send();
      expect(() => broker.send(probe.ref, "beyond", fromA)).toThrow(InFlightExceededError);
    };
    once(() => broker.send(probe.ref, "handled", fromA));
    await settled(system);
    once(() => broker.request(probe.ref, "answered", fromA));
    await settled(system);
    once(() =>
      broker.send(
        system.spawn<unknown>(() => ({ receive: () => raise() })),
        "crash",
        fromA,
      ),
    );
    await settled(system);
    const { ref, letGo } = slow(system);
    once(() => broker.send(ref, "slow", fromA));
    await settled(system);
    expect(() => broker.send(probe.ref, "beyond", fromA)).toThrow('"a" has 1 envelopes in flight, which is its limit');
    letGo();
    await settled(system);
    expect(() => broker.send("nobody", "lost", fromA)).toThrow(RecipientNotFoundError);
    await system.stop(ref);
    broker.send(ref, "to a stopped actor", fromA);
    const timedOut = slow(system);
    const reply = rejection(broker.request(timedOut.ref, "late", { ...fromA, timeoutMs: 10 }));
    await clock.advance(30);
    expect(await reply).toBeInstanceOf(AskTimeoutError);
    expect(() => broker.send(probe.ref, "beyond", fromA)).toThrow(InFlightExceededError);
    timedOut.letGo();
    await settled(system);
    broker.send(probe.ref, "last", fromA);
    expect(system.deadLetters.count("in-flight-exceeded")).toBe(6);
  });

  it("counts an event as in flight until the last subscriber is done with it", async () => {
    const { system, clock, probe } = newSystem();
    const { broker } = system;
    const { ref, letGo } = slow(system);
    const full = system.spawn<unknown>(() => ({ receive: () => undefined }), { mailbox: { capacity: 1 } });
    const dropping = new Probe(system, { mailbox: { capacity: 1, overflow: "drop-newest" } });
    for (const one of [full, dropping.ref]) {
      one.tell("fills it");
      broker.subscribe("t", one);
    }
    broker.subscribe("t", ref);
    broker.subscribe("t", probe.ref, { delivery: "at-least-once" });
    broker.subscribe("t", probe.ref, { queueGroup: "g" });
    broker.limit({ sender: "a" }, { maxInFlight: 1 });
    expect(broker.publish("nobody", "x", fromA)).toBe(0);
    expect(broker.publish("t", "x", fromA)).toBe(3);
    await clock.advance(10_000);
    expect(() => broker.publish("t", "y", fromA)).toThrow(InFlightExceededError);
    letGo();
    await settled(system);
    expect(broker.publish("t", "z", fromA)).toBe(5);
  });

  it("counts an event until a redelivered one is handled or given up", async () => {
    const { system, clock } = newSystem();
    const { broker } = system;
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "c", start: () => ({ receive: () => raise() }) }],
    });
    broker.subscribe("t", supervisor.child("c"), { delivery: "at-least-once", redelivery: { maxAttempts: 2 } });
    broker.limit({ sender: "a" }, { maxInFlight: 1 });
    broker.publish("t", "x", fromA);
    await clock.advance(500);
    expect(() => broker.publish("t", "y", fromA)).toThrow(InFlightExceededError);
    await clock.advance(500);
    expect(system.deadLetters.count("attempts-exhausted")).toBe(1);
    expect(broker.publish("t", "z", fromA)).toBe(1);
  });

  it("counts what a broadcast router spreads until all have it", async () => {
    const { system, probe } = newSystem();
    const { ref, letGo } = slow(system);
    system.broker.limit({ sender: "a" }, { maxInFlight: 1 });
    system.broker.send(broadcast([ref, probe.ref]), "x", fromA);
    await settled(system);
    expect(() => system.broker.send(probe.ref, "y", fromA)).toThrow(InFlightExceededError);
    letGo();
    await settled(system);
    system.broker.send(probe.ref, "z", fromA);
  });

  it("needs numbers in range", () => {
    const { system } = newSystem();
    for (const quota of [{ maxInFlight: 0 }, { maxPayloadBytes: -1 }, { maxWaiting: 0 }]) {
      expect(() => system.broker.limit({ sender: "a" }, quota)).toThrow(InvalidOptionError);
    }
    expect(() => new ActorSystem("test", { broker: { maxPayloadBytes: -1 } })).toThrow(InvalidOptionError);
  });
});

describe("a quota of a topic", () => {
  it("is shared by all who publish to the topics of its pattern", async () => {
    const { system, clock, probe } = newSystem();
    const { broker } = system;
    broker.subscribe("#", probe.ref);
    const early = broker.topic("orders.paid");
    broker.limit({ topic: "orders.*" }, { rate: { messagesPerSecond: 2, burst: 2 } });
    early.publish(1, fromA);
    broker.publish("orders.new", 2);
    expect(() => broker.publish("orders.late", 3)).toThrow("topic orders.* exceeds its 2 messages per second");
    expect(() => early.publish(4)).toThrow(RateExceededError);
    broker.publish("invoices", 5);
    await clock.advance(500);
    broker.publish("orders.new", 6);
    broker.limit({ topic: "orders.*" }, undefined);
    broker.publish("orders.new", 7);
    await settled(system);
    expect(probe.all).toEqual([1, 2, 5, 6, 7]);
  });

  it("uses up nothing of the sender's when it refuses, and the other way round", () => {
    const { system } = newSystem();
    const { broker } = system;
    const two = { rate: { messagesPerSecond: 1, burst: 2 } };
    broker.limit({ sender: "a" }, two);
    broker.limit({ topic: "small" }, { rate: { messagesPerSecond: 1, burst: 1 } });
    broker.limit({ topic: "large" }, two);
    broker.publish("small", 1, fromA);
    expect(() => broker.publish("small", 2, fromA)).toThrow("topic small");
    broker.publish("large", 3, fromA);
    expect(() => broker.publish("large", 4, fromA)).toThrow('"a"');
    broker.publish("large", 5, { sender: "b" });
  });
});

describe("what exceeds a quota that throttles", () => {
  const throttled = { rate: { messagesPerSecond: 10, burst: 1 }, onExceeded: "throttle" } as const;

  it("waits until the rate allows it, in the order sent", async () => {
    const { system, clock, probe } = newSystem();
    system.broker.limit({ sender: "a" }, throttled);
    for (let message = 0; message < 4; message += 1) system.broker.send(probe.ref, message, fromA);
    await settled(system);
    expect(probe.all).toEqual([0]);
    await clock.advance(100);
    expect(probe.all).toEqual([0, 1]);
    await clock.advance(200);
    expect(probe.all).toEqual([0, 1, 2, 3]);
    expect(system.deadLetters.total).toBe(0);
  });

  it("is refused when too many wait already", async () => {
    const { system, clock, probe } = newSystem();
    system.broker.limit({ sender: "a" }, { ...throttled, maxWaiting: 1 });
    for (let message = 0; message < 2; message += 1) system.broker.send(probe.ref, message, fromA);
    expect(() => system.broker.send(probe.ref, 2, fromA)).toThrow(RateExceededError);
    await clock.advance(100);
    expect(probe.all).toEqual([0, 1]);
  });

  it("waits for one of those in flight to be handled", async () => {
    const { system, probe } = newSystem();
    system.broker.subscribe("t", probe.ref);
    system.broker.limit({ topic: "t" }, { maxInFlight: 1, onExceeded: "throttle" });
    expect([1, 2, 3].map((event) => system.broker.publish("t", event))).toEqual([1, 0, 0]);
    await settled(system);
    expect(probe.all).toEqual([1, 2, 3]);
  });

  it("has to pass every quota: what one lets go, another may hold or refuse", async () => {
    const { system, clock, probe } = newSystem();
    const { broker } = system;
    broker.subscribe("#", probe.ref);
    broker.limit({ sender: "a" }, throttled);
    broker.limit({ topic: "held" }, { rate: { messagesPerSecond: 1, burst: 1 }, onExceeded: "throttle" });
    broker.limit({ topic: "refused" }, { rate: { messagesPerSecond: 1, burst: 1 } });
    broker.publish("held", "held 1");
    broker.publish("refused", "refused 1");
    for (const payload of ["free", "held 2", "refused 2"]) {
      broker.publish(payload.split(" ")[0] ?? "", payload, fromA);
    }
    await clock.advance(300);
    expect(probe.all).toEqual(["held 1", "refused 1", "free"]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "rate-exceeded", message: "refused 2" }]);
    await clock.advance(700);
    expect(probe.all.at(-1)).toBe("held 2");
  });

  it("goes on at once when the quota is lifted or replaced", async () => {
    const { system, probe } = newSystem();
    system.broker.limit({ sender: "a" }, throttled);
    for (let message = 0; message < 3; message += 1) system.broker.send(probe.ref, message, fromA);
    system.broker.limit({ sender: "a" }, undefined);
    await settled(system);
    expect(probe.all).toEqual([0, 1, 2]);
  });

  it("and is then lost becomes a dead letter: nobody is there to throw to", async () => {
    const { system, clock, probe } = newSystem();
    system.broker.limit({ sender: "a" }, throttled);
    system.broker.send(probe.ref, 0, fromA);
    system.broker.send("nobody", 1, fromA);
    await clock.advance(100);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "not-found", message: 1 }]);
  });

  it("as a request has the time it waits counted", async () => {
    const { system, clock } = newSystem();
    const { broker } = system;
    const echo = system.spawn<string>(() => ({ receive: (message): unknown => message }));
    broker.limit({ sender: "a" }, throttled);
    const first = broker.request(echo, "first", fromA);
    const second = broker.request(echo, "second", { ...fromA, timeoutMs: 150 });
    const third = rejection(broker.request(echo, "third", { ...fromA, timeoutMs: 150 }));
    const fourth = rejection(broker.request("nobody", "fourth", fromA));
    await clock.advance(150);
    expect([await first, await second]).toEqual(["first", "second"]);
    expect(await third).toBeInstanceOf(AskTimeoutError);
    await clock.advance(150);
    expect(await fourth).toBeInstanceOf(RecipientNotFoundError);
    expect(system.deadLetters.list().map(({ reason }) => reason)).toEqual(["expired", "not-found"]);
  });

  it("as a request goes on when the quota is replaced", async () => {
    const { system, probe } = newSystem();
    const { broker } = system;
    broker.limit({ sender: "a" }, throttled);
    broker.send(probe.ref, 0, fromA);
    const reply = broker.request(probe.ref, 1, fromA);
    broker.limit({ sender: "a" }, { rate: { messagesPerSecond: 1 } });
    await reply;
    expect(probe.all).toEqual([0, 1]);
  });

  it("is a dead letter when the system shuts down meanwhile", async () => {
    const { system, clock, probe } = newSystem();
    system.broker.limit({ sender: "a" }, throttled);
    for (let message = 0; message < 2; message += 1) system.broker.send(probe.ref, message, fromA);
    const reply = rejection(system.broker.request(probe.ref, 2, fromA));
    await settled(system);
    await system.shutdown();
    expect(await reply).toBeInstanceOf(ActorStoppedError);
    expect(system.deadLetters.list().map(({ reason, message }) => `${reason} ${String(message)}`)).toEqual([
      "stopped 1",
      "stopped 2",
    ]);
    expect(clock.pending).toBe(0);
  });
});

describe("a sender that exceeds a quota that stops it", () => {
  it("is refused everything until its quota is set anew", async () => {
    const { system, clock, probe } = newSystem();
    const { broker } = system;
    using recorder = new EventRecorder(system);
    const quota = { rate: { messagesPerSecond: 10, burst: 1 }, onExceeded: "stop" } as const;
    broker.limit({ sender: "a" }, quota);
    broker.send(probe.ref, 1, fromA);
    expect(() => broker.send(probe.ref, 2, fromA)).toThrow(RateExceededError);
    await clock.advance(10_000);
    expect(() => broker.send(probe.ref, 3, fromA)).toThrow(BarredError);
    expect(recorder.allOf("quota-exceeded")[0]).toMatchObject({ subject: '"a"', action: "stop" });
    broker.limit({ sender: "a" }, quota);
    broker.send(probe.ref, 4, fromA);
    await settled(system);
    expect(probe.all).toEqual([1, 4]);
    expect(system.deadLetters.list().map(({ reason }) => reason)).toEqual(["rate-exceeded", "barred"]);
  });

  it("is stopped as well by a payload that is too large", () => {
    const { system, probe } = newSystem();
    system.broker.limit({ sender: "a" }, { maxPayloadBytes: 1, onExceeded: "stop" });
    expect(() => system.broker.send(probe.ref, new Uint8Array(2), fromA)).toThrow(PayloadTooLargeError);
    expect(() => system.broker.send(probe.ref, "small", fromA)).toThrow(BarredError);
  });
});

function raise(): never {
  throw new RangeError("bad");
}
