import { EventRecorder, Probe, settled } from "@airssys/testkit";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  ActorSystem,
  broadcast,
  consistentHash,
  ForeignRefError,
  InvalidOptionError,
  leastMailbox,
  MailboxFullError,
  NoRouteeError,
  randomly,
  roundRobin,
  type ActorRef,
} from "../src/index.ts";
import { heapGrowth } from "./heap.ts";
import { Counter, type CounterMessage } from "./counter.ts";
import { rejection } from "./rejection.ts";

function probes(system: ActorSystem, count = 3): readonly Probe<number>[] {
  return Array.from({ length: count }, (_, index) => new Probe<number>(system, { id: `probe-${index}` }));
}

const refsOf = (all: readonly Probe<number>[]): readonly ActorRef<number>[] => all.map(({ ref }) => ref);
const gotBy = (all: readonly Probe<number>[]): readonly (readonly number[])[] => all.map((probe) => probe.all);

function tellAll(ref: ActorRef<number>, count: number): void {
  for (let message = 0; message < count; message += 1) ref.tell(message);
}

describe("a round-robin router", () => {
  it("sends to each in turn, and passes over those that have stopped", async () => {
    await using system = new ActorSystem("test");
    const all = probes(system);
    const router = roundRobin(refsOf(all));
    tellAll(router, 4);
    await settled(system);
    expect(gotBy(all)).toEqual([[0, 3], [1], [2]]);
    await system.stop(refsOf(all)[1] ?? router);
    tellAll(router, 2);
    await settled(system);
    expect(gotBy(all)).toEqual([[0, 3, 1], [1], [2, 0]]);
  });

  it("is a ref: it asks, and the broker sends and requests through it by name", async () => {
    await using system = new ActorSystem("test");
    const counters = [system.spawn(() => new Counter()), system.spawn(() => new Counter())];
    const router = roundRobin<CounterMessage>(counters);
    expectTypeOf(router.ask({ type: "read" })).toEqualTypeOf<Promise<number>>();
    system.registry.register("counters", router);
    expect(system.registry.lookup("counters")).toBe(router);
    for (const by of [1, 10, 1, 10]) system.broker.send("counters", { type: "increment", by });
    expect([await router.ask({ type: "read" }), await system.broker.request(router, { type: "read" })]).toEqual([
      2, 20,
    ]);
    expect(router.path).toBe("/router/round-robin");
    system.registry.unregister("counters");
    expect(system.registry.lookup("counters")).toBeUndefined();
  });

  it("is no actor: it cannot be stopped, watched or subscribed", async () => {
    await using system = new ActorSystem("test");
    const router = roundRobin(refsOf(probes(system)));
    expect(() => system.broker.subscribe("t", router)).toThrow(ForeignRefError);
    expect(() => system.stop(router)).toThrow(ForeignRefError);
  });
});

describe("a random router", () => {
  it("sends to whom the given randomness picks", async () => {
    await using system = new ActorSystem("test");
    const all = probes(system);
    const numbers = [0, 0.99, 0.5];
    const router = randomly(refsOf(all), () => numbers.shift() ?? 0);
    tellAll(router, 3);
    await settled(system);
    expect(gotBy(all)).toEqual([[0], [2], [1]]);
  });
});

describe("a least-mailbox router", () => {
  it("sends to the one with the fewest messages waiting, and in turn among equals", async () => {
    await using system = new ActorSystem("test");
    const all = probes(system);
    const refs = refsOf(all);
    for (const message of [100, 101]) refs[0]?.tell(message);
    tellAll(leastMailbox(refs), 5);
    await settled(system);
    expect(gotBy(all)).toEqual([
      [100, 101, 4],
      [0, 2],
      [1, 3],
    ]);
  });
});

describe("a consistent-hash router", () => {
  it("sends messages with the same key to the same one, and gives each a fair share", async () => {
    await using system = new ActorSystem("test");
    const all = probes(system, 4);
    const router = consistentHash(refsOf(all), (message) => `key-${message % 200}`);
    tellAll(router, 400);
    await settled(system);
    for (const got of gotBy(all)) {
      expect(got.length).toBeGreaterThan(40);
      expect(new Set(got.map((message) => message % 200)).size).toBe(got.length / 2);
    }
  });

  it("moves only the keys of the one that goes, and gives them back when one comes", async () => {
    await using system = new ActorSystem("test");
    const all = probes(system, 4);
    const joined = refsOf(all).map((ref) => system.registry.join("g", ref));
    const router = consistentHash(system.registry.group<number>("g"), String);
    const owners = async (): Promise<readonly number[]> => {
      const before = all.map((probe) => probe.all.length);
      tellAll(router, 200);
      await settled(system);
      const owner = new Map<number, number>();
      for (const [index, probe] of all.entries()) {
        for (const message of probe.all.slice(before[index])) owner.set(message, index);
      }
      return Array.from({ length: 200 }, (_, message) => owner.get(message) ?? -1);
    };
    const first = await owners();
    joined[2]?.[Symbol.dispose]();
    const without = await owners();
    expect(without).not.toContain(2);
    expect(without.filter((owner, message) => owner !== first[message]).length).toBe(
      first.filter((owner) => owner === 2).length,
    );
    system.registry.join("g", refsOf(all)[2] ?? router);
    expect(await owners()).toEqual(first);
  });
});

describe("a broadcast router", () => {
  it("sends to all, and an ask is answered by the first that replies", async () => {
    await using system = new ActorSystem("test");
    const all = probes(system);
    const router = broadcast(refsOf(all));
    router.tell(7);
    system.broker.send(router, 8);
    await settled(system);
    expect(gotBy(all)).toEqual([
      [7, 8],
      [7, 8],
      [7, 8],
    ]);
    const crashing = system.spawn<string>(() => ({ receive: (): unknown => raise() }));
    const replying = system.spawn<string>(() => ({ receive: (): unknown => "reply" }));
    expect(await broadcast([crashing, replying]).ask("x")).toBe("reply");
  });

  it("tells every one also when the mailbox of one before it is full, and then says so", async () => {
    await using system = new ActorSystem("test");
    const full = new Probe<number>(system, { mailbox: { capacity: 1 } });
    const other = new Probe<number>(system);
    full.ref.tell(0);
    expect(() => broadcast([full.ref, other.ref]).tell(1)).toThrow(MailboxFullError);
    expect(await rejection(broadcast([full.ref]).ask(2))).toBeInstanceOf(MailboxFullError);
    await settled(system);
    expect([full.all, other.all]).toEqual([[0], [1]]);
  });
});

describe("a router with nobody to send to", () => {
  it("throws to its sender, and through the broker the envelope is a dead letter", async () => {
    await using system = new ActorSystem("test");
    const [probe] = probes(system, 1);
    const group = roundRobin(system.registry.group<number>("empty"));
    expect(() => group.tell(1)).toThrow(NoRouteeError);
    const stopped = leastMailbox(refsOf(probes(new ActorSystem("other"), 1)));
    expect(stopped.path).toBe("/router/least-mailbox");
    const ref = probe?.ref ?? group;
    await system.stop(ref);
    for (const router of [
      roundRobin([ref]),
      randomly([ref]),
      leastMailbox([ref]),
      broadcast([ref]),
      consistentHash([ref], String),
    ]) {
      expect(() => router.tell(1)).toThrow(NoRouteeError);
      expect(await rejection(router.ask(1))).toBeInstanceOf(NoRouteeError);
      expect(() => system.broker.send(router, 1)).toThrow(NoRouteeError);
    }
    expect(system.deadLetters.count("not-found")).toBe(5);
  });

  it("cannot be made of an empty list", () => {
    expect(() => roundRobin([])).toThrow(InvalidOptionError);
  });
});

describe("a group", () => {
  it("has the actors that joined, until they leave or stop; a restart keeps them", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const { registry } = system;
    const group = registry.group("workers");
    const [first, second] = probes(system, 2);
    const [a, b] = [first?.ref ?? raise(), second?.ref ?? raise()];
    const joined = registry.join("workers", a);
    registry.join("workers", b);
    registry.join("workers", a);
    registry.join("others", a);
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "c", start: () => ({ receive: () => raise() }) }],
    });
    const c = supervisor.child("c");
    registry.join("workers", c);
    expect(group.members).toEqual([a, b, c]);
    c.tell("crash");
    await settled(system);
    expect(registry.group("workers").members).toEqual([a, b, c]);
    joined[Symbol.dispose]();
    joined[Symbol.dispose]();
    await system.stop(b);
    expect(group.members).toEqual([c]);
    registry.join("workers", b);
    expect(group.members).toEqual([c]);
    expect(registry.group("others").members).toEqual([a]);
    expect(recorder.allOf("group-joined").map(({ path, group: name }) => `${name} ${path}`)).toEqual([
      "workers /user/probe-0",
      "workers /user/probe-1",
      "others /user/probe-0",
      "workers /user/s/c",
    ]);
    expect(recorder.allOf("group-left").map(({ path }) => path)).toEqual(["/user/probe-0", "/user/probe-1"]);
  });

  it("takes no room while nobody is in it, and comes back to life for who knew it", async () => {
    await using system = new ActorSystem("test");
    const { registry } = system;
    const ref = system.spawn(() => ({ receive: () => undefined }));
    const known = registry.group("g");
    const comeAndGo = (prefix: string): void => {
      for (let name = 0; name < 50_000; name += 1) {
        using _membership = registry.join(`${prefix}-${name}`, ref);
        void registry.group(`${prefix}-nobody-${name}`).members;
      }
    };
    comeAndGo("before");
    expect(await heapGrowth(() => comeAndGo("after"))).toBeLessThan(1_000_000);
    {
      using _membership = registry.join("g", ref);
      expect(known.members).toEqual([ref]);
    }
    expect(known.members).toEqual([]);
    registry.join("g", ref);
    expect(known.members).toEqual([ref]);
  });

  it("is what a router sends to, as it is at the time", async () => {
    await using system = new ActorSystem("test");
    const all = probes(system, 2);
    const router = roundRobin(system.registry.group<number>("g"));
    expect(router.path).toBe("/router/round-robin/g");
    const [a, b] = refsOf(all);
    using _first = system.registry.join("g", a ?? raise());
    router.tell(1);
    system.registry.join("g", b ?? raise());
    tellAll(router, 2);
    await settled(system);
    expect(gotBy(all).map((got) => got.length)).toEqual([2, 1]);
  });
});

function raise(): never {
  throw new RangeError("bad");
}
