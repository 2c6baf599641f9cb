import { Probe, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorSystem,
  AskTimeoutError,
  BrokerNotPermittedError,
  InvalidTopicError,
  MailboxFullError,
  PayloadTooLargeError,
  RateExceededError,
  RecipientNotFoundError,
  refuse,
  type Actor,
  type BrokerOptions,
  type Envelope,
} from "../src/index.ts";
import { Counter, crashWith } from "./counter.ts";
import { rejection } from "./rejection.ts";

function newSystem(broker: BrokerOptions = {}): { system: ActorSystem; clock: VirtualClock } {
  const clock = new VirtualClock({ wallTime: 1_000_000 });
  return { system: new ActorSystem("test", { clock, broker, random: () => 0 }), clock };
}

/** Keeps the envelopes of what it gets. */
function collecting(envelopes: (Envelope | undefined)[]): () => Actor<unknown> {
  return () => ({ receive: (_message, context) => void envelopes.push(context.envelope) });
}

describe("a send", () => {
  it("reaches an actor by its registered name or its ref, with the envelope in the context", async () => {
    const { system } = newSystem();
    const envelopes: (Envelope | undefined)[] = [];
    const ref = system.spawn(collecting(envelopes), { id: "a" });
    system.registry.register("printer", ref);
    system.broker.send("printer", "one", { sender: "shop/web", headers: { trace: "7" }, causationId: "c" });
    system.broker.send(ref, "two", { correlationId: "r" });
    ref.tell("bare");
    await settled(system);
    expect(envelopes[0]).toMatchObject({
      id: "test.0-1",
      kind: "tell",
      sender: "shop/web",
      recipient: "printer",
      topic: undefined,
      correlationId: "test.0-1",
      causationId: "c",
      timestamp: 1_000_000,
      deadline: undefined,
      headers: { trace: "7" },
      payload: "one",
    });
    expect(envelopes[1]).toMatchObject({ id: "test.0-2", recipient: "/user/a", correlationId: "r", sender: undefined });
    expect(envelopes[2]).toBeUndefined();
  });

  it("keeps its order with the bare tells of the same sender", async () => {
    const { system } = newSystem();
    const probe = new Probe(system);
    probe.ref.tell(1);
    system.broker.send(probe.ref, 2);
    probe.ref.tell(3);
    await settled(system);
    expect(probe.all).toEqual([1, 2, 3]);
  });

  it("past its deadline becomes a dead letter and is not handled", async () => {
    const { system, clock } = newSystem();
    const { promise, resolve } = Promise.withResolvers<void>();
    const handled: unknown[] = [];
    const ref = system.spawn<unknown>(() => ({
      receive: (message) => {
        handled.push(message);
        return message === "slow" ? promise : undefined;
      },
    }));
    ref.tell("slow");
    system.broker.send(ref, "in time", { deadline: 1_000_100 });
    system.broker.send(ref, "late", { deadline: 1_000_099 });
    await clock.advance(100);
    resolve();
    await settled(system);
    expect(handled).toEqual(["slow", "in time"]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "expired", message: "late" }]);
  });
});

const permits = (sender: string | undefined): boolean => sender !== "mallory";

describe("a refused envelope", () => {
  it("is thrown to its sender and becomes a dead letter", async () => {
    const { system } = newSystem({ permits, maxPayloadBytes: 8 });
    const full = system.spawn(collecting([]), { mailbox: { capacity: 1 } });
    system.broker.limit({ sender: "chatty" }, { rate: { messagesPerSecond: 1 } });
    system.broker.send(full, "fits", { sender: "chatty" });
    const refusals = [
      [{ sender: "mallory" }, "x", BrokerNotPermittedError],
      [{}, new Uint8Array(9), PayloadTooLargeError],
      [{ sender: "chatty" }, "x", RateExceededError],
      [{}, "x", MailboxFullError],
    ] as const;
    for (const [options, payload, error] of refusals) {
      expect(() => system.broker.send(full, payload, options)).toThrow(error);
    }
    expect(() => system.broker.send("nobody", "x")).toThrow(RecipientNotFoundError);
    expect(system.deadLetters.list().map(({ reason }) => reason)).toEqual([
      "not-permitted",
      "too-large",
      "rate-exceeded",
      "mailbox-full",
      "not-found",
    ]);
    await system.shutdown();
  });

  it("is refused by the first check it fails: sender, size, rate, audit, route", () => {
    const reached: string[] = [];
    const { system } = newSystem({
      permits: (sender) => {
        reached.push("permits");
        return permits(sender);
      },
      interceptors: [
        () => {
          reached.push("audit");
          return refuse(new RangeError("not today"));
        },
      ],
      maxPayloadBytes: 8,
    });
    const { broker } = system;
    const big = new Uint8Array(9);
    broker.limit({ sender: "mallory" }, { rate: { messagesPerSecond: 1 } });
    broker.limit({ sender: "bob" }, { rate: { messagesPerSecond: 1 } });
    expect(() => broker.send("nobody", big, { sender: "mallory" })).toThrow(BrokerNotPermittedError);
    expect(() => broker.send("nobody", big, { sender: "bob" })).toThrow(PayloadTooLargeError);
    expect(reached).toEqual(["permits", "permits"]);
    expect(() => broker.send("nobody", "x", { sender: "bob" })).toThrow("not today");
    expect(() => broker.send("nobody", "x", { sender: "bob" })).toThrow(RateExceededError);
    expect(reached).toEqual(["permits", "permits", "permits", "audit", "permits"]);
    expect(system.deadLetters.count("rejected")).toBe(1);
  });

  it("does not reach the subscribers of its topic", async () => {
    const { system } = newSystem({ permits });
    const probe = new Probe(system);
    system.broker.subscribe("t", probe.ref);
    expect(() => system.broker.publish("t", 1, { sender: "mallory" })).toThrow(BrokerNotPermittedError);
    await settled(system);
    expect(probe.all).toEqual([]);
  });
});

describe("a rate limit", () => {
  it("holds for its sender alone, and until it is lifted", async () => {
    const { system, clock } = newSystem();
    const { broker } = system;
    const probe = new Probe(system);
    broker.limit({ sender: "a" }, { rate: { messagesPerSecond: 2, burst: 1 } });
    broker.send(probe.ref, 1, { sender: "a" });
    expect(() => broker.send(probe.ref, 2, { sender: "a" })).toThrow('"a" exceeds its 2 messages per second');
    broker.send(probe.ref, 3, { sender: "b" });
    broker.send(probe.ref, 4);
    await clock.advance(500);
    broker.send(probe.ref, 5, { sender: "a" });
    broker.limit({ sender: "a" }, undefined);
    broker.send(probe.ref, 6, { sender: "a" });
    await settled(system);
    expect(probe.all).toEqual([1, 3, 4, 5, 6]);
  });
});

describe("a request", () => {
  it("resolves to what the handler returns", async () => {
    const { system } = newSystem();
    system.registry.register(
      "counter",
      system.spawn(() => new Counter()),
    );
    system.broker.send("counter", { type: "increment", by: 3 });
    expect(await system.broker.request("counter", { type: "read" })).toBe(3);
  });

  it("carries its deadline", async () => {
    const { system } = newSystem();
    const envelopes: (Envelope | undefined)[] = [];
    const ref = system.spawn(collecting(envelopes));
    await system.broker.request(ref, "x", { timeoutMs: 300, sender: "a" });
    expect(envelopes).toMatchObject([{ kind: "ask", deadline: 1_000_300, sender: "a" }]);
  });

  it("rejects when nobody replies in time, and the late reply is a dead letter", async () => {
    const { system, clock } = newSystem();
    const { promise, resolve } = Promise.withResolvers<string>();
    const ref = system.spawn<string>(() => ({ receive: (): unknown => promise }));
    const reply = rejection(system.broker.request(ref, "x", { timeoutMs: 100 }));
    await clock.advance(120);
    expect(await reply).toBeInstanceOf(AskTimeoutError);
    resolve("late");
    await settled(system);
    expect(system.deadLetters.list()).toMatchObject([
      { reason: "late-reply", message: "late", envelope: { payload: "x" } },
    ]);
  });

  it("rejects when it is refused", async () => {
    const { system } = newSystem();
    await expect(system.broker.request("nobody", "x")).rejects.toThrow(RecipientNotFoundError);
    const full = system.spawn(collecting([]), { mailbox: { capacity: 1 } });
    full.tell("x");
    await expect(system.broker.request(full, "y")).rejects.toThrow(MailboxFullError);
    expect(system.deadLetters.list().map(({ reason }) => reason)).toEqual(["not-found", "mailbox-full"]);
  });
});

describe("a publish", () => {
  it("reaches every subscriber whose pattern matches, and says how many took it", async () => {
    const { system } = newSystem();
    const [exact, one, rest, other] = [1, 2, 3, 4].map(() => new Probe(system));
    system.broker.subscribe("orders.paid", exact?.ref ?? raise());
    system.broker.subscribe("orders.*", one?.ref ?? raise());
    system.broker.subscribe("orders.#", rest?.ref ?? raise());
    system.broker.subscribe("invoices.#", other?.ref ?? raise());
    expect(system.broker.publish("orders.paid", 1)).toBe(3);
    expect(system.broker.publish("orders.paid.late", 2)).toBe(1);
    expect(system.broker.publish("nothing", 3)).toBe(0);
    await settled(system);
    expect([exact, one, rest, other].map((probe) => probe?.all)).toEqual([[1], [1], [1, 2], []]);
  });

  it("gives all subscribers the same envelope", async () => {
    const { system } = newSystem();
    const envelopes: (Envelope | undefined)[] = [];
    system.broker.subscribe("t", system.spawn(collecting(envelopes)));
    system.broker.subscribe("#", system.spawn(collecting(envelopes)));
    system.broker.publish("t", "x");
    await settled(system);
    expect(envelopes[0]).toMatchObject({ kind: "event", topic: "t", recipient: undefined, payload: "x" });
    expect(envelopes[1]).toBe(envelopes[0]);
  });

  it("goes to a pattern that was subscribed before or after the topic was first used", async () => {
    const { system } = newSystem();
    const probe = new Probe(system);
    const handle = system.broker.topic("a.b");
    expect(handle.publish(0)).toBe(0);
    const subscription = system.broker.subscribe("a.*", probe.ref);
    expect(handle.publish(1)).toBe(1);
    expect(system.broker.publish("a.b", 2)).toBe(1);
    expect(system.broker.publish("a.c", 3)).toBe(1);
    subscription[Symbol.dispose]();
    expect([handle.publish(4), system.broker.publish("a.c", 5)]).toEqual([0, 0]);
    await settled(system);
    expect(probe.all).toEqual([1, 2, 3]);
  });

  it("to a full mailbox is a dead letter for that subscriber only", async () => {
    const { system } = newSystem();
    const full = system.spawn(collecting([]), { id: "full", mailbox: { capacity: 1 } });
    const probe = new Probe(system);
    for (const ref of [full, probe.ref]) system.broker.subscribe("t", ref);
    expect([system.broker.publish("t", 1), system.broker.publish("t", 2)]).toEqual([2, 1]);
    await settled(system);
    expect(probe.all).toEqual([1, 2]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "mailbox-full", recipient: "/user/full", message: 2 }]);
  });

  it("needs a topic without wildcards", () => {
    const { system } = newSystem();
    expect(() => system.broker.publish("a.*", 1)).toThrow(InvalidTopicError);
    expect(() => system.broker.topic("")).toThrow(InvalidTopicError);
  });

  it("remembers only so many topics that nobody named", async () => {
    const { system } = newSystem();
    const probe = new Probe(system, { mailbox: { capacity: "unbounded" } });
    system.broker.subscribe("#", probe.ref);
    for (let topic = 0; topic < 20_100; topic += 1) system.broker.publish(`t.${topic}`, topic);
    await settled(system);
    expect(probe.all.length).toBe(20_100);
  });
});

describe("a queue group", () => {
  it("gets each message once, its members in turn", async () => {
    const { system } = newSystem();
    const probes = [new Probe(system), new Probe(system), new Probe(system)];
    for (const { ref } of probes) system.broker.subscribe("jobs", ref, { queueGroup: "workers" });
    const alone = new Probe(system);
    system.broker.subscribe("jobs", alone.ref);
    for (let job = 0; job < 6; job += 1) expect(system.broker.publish("jobs", job)).toBe(2);
    await settled(system);
    expect(probes.map(({ all }) => all)).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(alone.all.length).toBe(6);
  });

  it("takes turns over all topics of its pattern", async () => {
    const { system } = newSystem();
    const probes = [new Probe(system), new Probe(system)];
    for (const { ref } of probes) system.broker.subscribe("jobs.*", ref, { queueGroup: "workers" });
    for (let job = 0; job < 6; job += 1) system.broker.publish(`jobs.${job}`, job);
    await settled(system);
    expect(probes.map(({ all }) => all)).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
  });

  it("passes over a member whose mailbox is full", async () => {
    const { system } = newSystem();
    const small = new Probe(system, { mailbox: { capacity: 1 } });
    const large = new Probe(system, { id: "large", mailbox: { capacity: 3 } });
    for (const { ref } of [small, large]) system.broker.subscribe("jobs", ref, { queueGroup: "workers" });
    const taken = [1, 2, 3, 4, 5].map((job) => system.broker.publish("jobs", job));
    expect(taken).toEqual([1, 1, 1, 1, 0]);
    await settled(system);
    expect([small.all, large.all]).toEqual([[1], [2, 3, 4]]);
    expect(system.deadLetters.count("mailbox-full")).toBe(1);
  });
});

describe("a subscription", () => {
  it("is listed with those of its actor until it ends, in the order in which they began", () => {
    const { system } = newSystem();
    const [one, other] = [new Probe(system), new Probe(system)];
    system.broker.subscribe("b.#", one.ref);
    const exact = system.broker.subscribe("a", one.ref, { queueGroup: "workers" });
    system.broker.subscribe("b.#", one.ref);
    const listed = (probe: Probe): unknown => system.broker.subscriptionsOf(probe.ref).map(({ pattern }) => pattern);
    expect(listed(one)).toEqual(["b.#", "a"]);
    expect(listed(other)).toEqual([]);
    exact[Symbol.dispose]();
    expect(listed(one)).toEqual(["b.#"]);
  });

  it("is one however often the same is subscribed, so it survives restarts", async () => {
    const { system } = newSystem();
    const got: unknown[] = [];
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [
        {
          id: "a",
          start: (context) => {
            context.broker.subscribe("t", context.self);
            return {
              receive: (message) => {
                got.push(message);
                if (message === "crash") throw new RangeError("crash");
              },
            };
          },
        },
      ],
    });
    supervisor.child("a").tell("crash");
    await settled(system);
    expect(system.broker.publish("t", "after")).toBe(1);
    await settled(system);
    expect(got).toEqual(["crash", "after"]);
  });

  it("ends with its actor", async () => {
    const { system } = newSystem();
    const counter = system.spawn(() => new Counter());
    system.broker.subscribe("t", counter);
    system.broker.subscribe("t.#", counter, { queueGroup: "g" });
    counter.tell(crashWith(new RangeError("bad")));
    await settled(system);
    expect(system.broker.publish("t", 1)).toBe(0);
    system.broker.subscribe("t", counter);
    expect(system.broker.publish("t", 1)).toBe(0);
  });

  it("ends when it is disposed, once", async () => {
    const { system } = newSystem();
    const probe = new Probe(system);
    const first = system.broker.subscribe("t", probe.ref);
    expect(first).toMatchObject({ pattern: "t", queueGroup: undefined });
    first[Symbol.dispose]();
    const second = system.broker.subscribe("t", probe.ref);
    first[Symbol.dispose]();
    expect(system.broker.publish("t", 1)).toBe(1);
    second[Symbol.dispose]();
    expect(system.broker.publish("t", 2)).toBe(0);
  });
});

function raise(): never {
  throw new RangeError("the test has too few probes");
}
