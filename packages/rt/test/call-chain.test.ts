import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, AskCycleError, AskTimeoutError, type ActorContext, type ActorRef } from "../src/index.ts";
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
