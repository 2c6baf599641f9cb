import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorSystem,
  AskCycleError,
  AskTimeoutError,
  broadcast,
  roundRobin,
  type ActorContext,
  type ActorRef,
  type Envelope,
} from "../src/index.ts";
import { rejection } from "./rejection.ts";

/** Whom to ask next, in order; the last one replies. */
type Route = readonly ActorRef<Route>[];

function spawnRelay(system: ActorSystem, id: string, timeoutMs?: number): ActorRef<Route> {
  return system.spawn<Route>(
    () => ({
      receive: ([next, ...rest]: Route, context: ActorContext<Route>): unknown =>
        next === undefined ? id : context.ask(next, rest, timeoutMs === undefined ? {} : { timeoutMs }),
    }),
    { id },
  );
}

describe("an ask made in the handling of a message", () => {
  it("resolves like any other", async () => {
    await using system = new ActorSystem("test");
    const [a, b, c] = ["a", "b", "c"].map((id) => spawnRelay(system, id));
    if (a === undefined || b === undefined || c === undefined) throw new RangeError("three were spawned");
    expect(await a.ask([b, c])).toBe("c");
  });

  it("fails at once when it would wait for itself, and names the way around", async () => {
    await using system = new ActorSystem("test");
    const others = ["b", "c"].map((id) => spawnRelay(system, id));
    const start = spawnRelay(system, "a");
    const error = await rejection(start.ask([...others, start]));
    let cause = error;
    while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
    expect(cause).toBeInstanceOf(AskCycleError);
    expect(cause).toMatchObject({
      way: ["/user/a", "/user/b", "/user/c", "/user/a"],
      message: expect.stringContaining("/user/a → /user/b → /user/c → /user/a"),
    });
  });

  it("fails at once when it asks its own actor", async () => {
    await using system = new ActorSystem("test");
    const start = spawnRelay(system, "a");
    expect(await rejection(start.ask([start]))).toMatchObject({ cause: { way: ["/user/a", "/user/a"] } });
  });

  it("fails at once when a router leads back to who waits, and names the actors on the way", async () => {
    await using system = new ActorSystem("test");
    const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => spawnRelay(system, id));
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new RangeError("four");
    expect(await rejection(a.ask([roundRobin([a])]))).toMatchObject({ cause: { way: ["/user/a", "/user/a"] } });
    expect(await rejection(b.ask([roundRobin([c]), roundRobin([b])]))).toMatchObject({
      cause: { cause: { way: ["/user/b", "/user/c", "/user/b"] } },
    });
    const others = [spawnRelay(system, "e"), d];
    expect(await d.ask([broadcast(others)])).toBe("e");
  });

  it("is no cycle when nobody waits: an actor that goes on meanwhile can be asked back", async () => {
    await using system = new ActorSystem("test", { dispatcher: { throughput: 1 } });
    const replies: unknown[] = [];
    const b = spawnRelay(system, "b");
    const a: ActorRef<Route> = system.spawn<Route>(
      () => ({
        receive: (route: Route, context: ActorContext<Route>): unknown => {
          const [next, ...rest] = route;
          if (next === undefined) return "asked back";
          context.pipeToSelf(
            context.ask(next, rest).then((reply) => replies.push(reply)),
            () => [],
          );
          return undefined;
        },
      }),
      { id: "a" },
    );
    a.tell([b, a]);
    await settled(system);
    expect(replies).toEqual(["asked back"]);
  });

  it.each([
    { outer: 50, inner: 5000 },
    { outer: 5000, inner: 50 },
  ])("is held to the shorter deadline: $outer and $inner ms", async ({ outer, inner }) => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const hanging = system.spawn<Route>(() => ({ receive: () => new Promise<void>(() => undefined) }), { id: "h" });
    const errors: unknown[] = [];
    const asker = system.spawn<Route>(() => ({
      receive: async (_route: Route, context: ActorContext<Route>): Promise<void> => {
        errors.push(await rejection(context.ask(hanging, [], { timeoutMs: inner })));
      },
    }));
    const asked = asker.ask([], { timeoutMs: outer }).catch(() => undefined);
    await clock.advance(80);
    await asked;
    expect(errors).toEqual([expect.any(AskTimeoutError)]);
  });

  it("is held to the deadline of a message that was told with one", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const hanging = system.spawn<string>(() => ({ receive: () => new Promise<void>(() => undefined) }));
    const errors: unknown[] = [];
    const asker = system.spawn<string>(() => ({
      receive: async (message: string, context: ActorContext<string>): Promise<void> => {
        errors.push(await rejection(context.ask(hanging, message)));
      },
    }));
    asker.tell("x", { timeoutMs: 50 });
    await clock.advance(80);
    expect(errors).toEqual([expect.any(AskTimeoutError)]);
  });
});

/** Asks the first of those names, which asks the next, through the broker. */
function spawnClerk(system: ActorSystem, name: string, through: "context" | "system" = "context"): void {
  const receive = ([next, ...rest]: readonly string[], context: ActorContext<readonly string[]>): unknown => {
    if (next === undefined) return name;
    const { broker } = through === "context" ? context : context.system;
    return broker.request(next, rest, { timeoutMs: 1000 });
  };
  system.registry.register(
    name,
    system.spawn<readonly string[]>(() => ({ receive }), { id: name }),
  );
}

describe("a request made through context.broker", () => {
  it("fails at once when it would wait for itself, and is a dead letter", async () => {
    await using system = new ActorSystem("test");
    for (const name of ["a", "b"]) spawnClerk(system, name);
    expect(await system.broker.request("a", ["b"])).toBe("b");
    const error = await rejection(system.broker.request("a", ["b", "a"]));
    expect(error).toMatchObject({ cause: { cause: { code: "RT_ASK_CYCLE", way: ["/user/a", "/user/b", "/user/a"] } } });
    expect(system.deadLetters.list(({ reason }) => reason === "ask-cycle")).toMatchObject([
      { recipient: "/user/a", message: [], envelope: { kind: "ask", destination: "a" } },
    ]);
  });

  it("uses up no place among those in flight when it is refused so", async () => {
    await using system = new ActorSystem("test");
    system.broker.limit({ sender: "a" }, { maxInFlight: 1 });
    const codes: unknown[] = [];
    const ref = system.spawn<string>(({ self, broker }) => ({
      receive: async (message): Promise<void> => {
        for (let count = 0; count < 3; count += 1) {
          codes.push(await rejection(broker.request(self, message, { sender: "a" })));
        }
      },
    }));
    ref.tell("x");
    await settled(system);
    expect(codes).toEqual([1, 2, 3].map(() => expect.any(AskCycleError)));
  });

  it("knows who waits also when a context.ask leads to it", async () => {
    await using system = new ActorSystem("test");
    const start = spawnRelay(system, "start");
    const clerk = system.spawn<Route>(
      () => ({ receive: (_route, context): unknown => context.broker.request(start, []) }),
      { id: "clerk" },
    );
    const error = await rejection(start.ask([clerk]));
    expect(error).toMatchObject({ cause: { cause: { way: ["/user/start", "/user/clerk", "/user/start"] } } });
  });

  it.each([
    { outer: 50, inner: 5000 },
    { outer: 5000, inner: 50 },
  ])("is held to the shorter deadline: $outer and $inner ms", async ({ outer, inner }) => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const hanging = system.spawn<string>(() => ({ receive: () => new Promise<void>(() => undefined) }));
    const errors: unknown[] = [];
    const asker = system.spawn<string>(() => ({
      receive: async (message, context): Promise<void> => {
        errors.push(await rejection(context.broker.request(hanging, message, { timeoutMs: inner })));
      },
    }));
    const asked = system.broker.request(asker, "x", { timeoutMs: outer }).catch(() => undefined);
    await clock.advance(80);
    await asked;
    expect(errors).toEqual([expect.any(AskTimeoutError)]);
  });

  it("that goes through the system's broker instead is nobody's: it waits for its own deadline", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    spawnClerk(system, "a", "system");
    const asked = rejection(system.broker.request("a", ["a"], { timeoutMs: 2000 }));
    await clock.advance(1020);
    expect(await asked).toMatchObject({ cause: { code: "RT_ASK_TIMEOUT" } });
  });
});

describe("an envelope sent through context.broker", () => {
  it("names the one at hand as its cause, unless another is given", async () => {
    await using system = new ActorSystem("test");
    const caused: (string | undefined)[] = [];
    const end = system.spawn<string>(() => ({
      receive: (_message, { envelope }) => void caused.push(envelope?.causationId),
    }));
    system.broker.subscribe("t", end);
    const relay = system.spawn<string>(() => ({
      receive: async (message, { broker }): Promise<void> => {
        broker.send(end, message);
        broker.publish("t", message);
        broker.topic("t").publish(message);
        await broker.request(end, message);
        broker.send(end, message, { causationId: "other" });
      },
    }));
    system.broker.send(relay, "x", { id: "first" });
    await settled(system);
    expect(caused).toEqual(["first", "first", "first", "first", "other"]);
    relay.tell("bare");
    await settled(system);
    expect(caused.slice(5)).toEqual([undefined, undefined, undefined, undefined, "other"]);
  });

  it("is the broker's own in all else", async () => {
    await using system = new ActorSystem("test");
    const seen: Envelope[] = [];
    const got: unknown[] = [];
    const ref = system.spawn<string>(
      ({ broker, self }) => ({
        preStart: () => void broker.subscribe("t", self),
        receive: (message) => {
          got.push(message);
          if (message === "intercept") broker.intercept((envelope) => void seen.push(envelope));
          if (message === "limit") broker.limit({ sender: "s" }, { maxPayloadBytes: 0 });
          if (message === "replay") broker.replay();
        },
      }),
      { id: "user" },
    );
    for (const message of ["intercept", "limit"]) ref.tell(message);
    await settled(system);
    expect(() => system.broker.publish("t", new Uint8Array(1), { sender: "s" })).toThrow("at most 0 bytes");
    system.broker.limit({ sender: "s" }, undefined);
    ref.tell("replay");
    await settled(system);
    expect(got).toEqual(["intercept", "limit", "replay", new Uint8Array(1)]);
    expect(seen.map(({ isReplay }) => isReplay)).toEqual([true]);
  });
});
