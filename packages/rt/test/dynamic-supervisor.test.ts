import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  ActorSystem,
  DuplicateIdError,
  SupervisorStoppedError,
  TooManyChildrenError,
  UnknownChildError,
  type ActorRef,
  type AnyChildren,
} from "../src/index.ts";
import { Counter, crashWith, increment, type CounterMessage } from "./counter.ts";

const bad = new RangeError("bad");
const counters = { id: "d", template: () => ({ start: () => new Counter() }) };

describe("a dynamic supervisor", () => {
  it("starts children from its template, each with its own argument, also when it restarts them", async () => {
    await using system = new ActorSystem("test");
    const greeters = await system.superviseDynamic({
      id: "greeters",
      template: (name: string) => ({
        start: () => ({
          receive(message: "greet" | "crash") {
            if (message === "crash") throw bad;
            return `I am ${name}`;
          },
        }),
      }),
    });
    const ada = await greeters.startChild("Ada");
    const bob = await greeters.startChild("Bob", { id: "bob" });
    ada.tell("crash");
    expect([await ada.ask("greet"), await bob.ask("greet")]).toEqual(["I am Ada", "I am Bob"]);
    expect([ada.path, bob.path]).toEqual(["/user/greeters/1", "/user/greeters/bob"]);
    expectTypeOf(ada).toEqualTypeOf<ActorRef<"greet" | "crash">>();
  });

  it("starts, finds and stops thousands, and forgets temporary ones that end", async () => {
    await using system = new ActorSystem("test");
    const pool = await system.superviseDynamic({
      id: "pool",
      intensity: { maxRestarts: 0, withinMs: 1 },
      template: () => ({ start: () => new Counter(), restart: "temporary" }),
    });
    const refs = await Promise.all(Array.from({ length: 5000 }, () => pool.startChild()));
    expect(pool.size).toBe(5000);
    expect(pool.child("4321")).toBe(refs[4320]);
    for (const ref of refs.slice(0, 2000)) ref.tell(crashWith(bad));
    await Promise.all(refs.slice(2000, 4000).map((ref) => pool.terminateChild(ref)));
    await settled(system);
    expect(pool.countChildren()).toEqual({ specs: 1000, running: 1000, actors: 1000, supervisors: 0 });
    await pool.stop();
    expect(system.tree().children).toEqual([]);
  });

  it("has no more children than it may", async () => {
    await using system = new ActorSystem("test");
    const pool = await system.superviseDynamic({ ...counters, maxChildren: 1 });
    const only = await pool.startChild();
    await expect(pool.startChild()).rejects.toThrow(TooManyChildrenError);
    await pool.terminateChild(only);
    await pool.startChild();
  });

  it("knows its children by id and by ref, and no others", async () => {
    await using system = new ActorSystem("test");
    const pool = await system.superviseDynamic(counters);
    const one = await pool.startChild(undefined, { id: "one" });
    await expect(pool.startChild(undefined, { id: "one" })).rejects.toThrow(DuplicateIdError);
    await pool.terminateChild("one");
    await expect(pool.terminateChild(one)).rejects.toThrow(UnknownChildError);
    expect(() => pool.child("one")).toThrow(UnknownChildError);
    const successor = await pool.startChild(undefined, { id: "one" });
    await expect(pool.terminateChild(one)).rejects.toThrow(UnknownChildError);
    expect(await successor.ask({ type: "read" })).toBe(0);
    await pool.stop();
    await expect(pool.startChild()).rejects.toThrow(SupervisorStoppedError);
  });

  it("stops all its children at once, so that the slowest decides how long it takes", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const pool = await system.superviseDynamic({
      id: "slow",
      template: () => ({
        shutdownMs: 100,
        start: () => ({ receive: () => undefined, postStop: () => new Promise<never>(() => undefined) }),
      }),
    });
    for (let count = 0; count < 10; count += 1) await pool.startChild();
    const stopped = pool.stop();
    await clock.advance(100);
    await stopped;
    expect(clock.now()).toBe(100);
  });

  it("may have supervisors as children, and be a child itself", async () => {
    await using system = new ActorSystem("test");
    const tenants = await system.superviseDynamic({
      id: "tenants",
      template: (tenant: string) => ({
        strategy: "one-for-all",
        children: [
          { id: tenant, start: () => new Counter() },
          { id: "sessions", template: (_user: string) => ({ start: () => new Counter() }) },
        ],
      }),
    });
    const acme = await tenants.startChild("acme", { id: "t1" });
    expectTypeOf(acme.child("acme")).toEqualTypeOf<ActorRef<CounterMessage>>();
    const session = await acme.dynamic("sessions").startChild("ada");
    session.tell(increment);
    expect(await session.ask({ type: "read" })).toBe(1);
    expect(session.path).toBe("/user/tenants/t1/sessions/1");
    expect(tenants.whichChildren().map(({ id, kind }) => [id, kind])).toEqual([["t1", "supervisor"]]);
    expect(() => acme.supervisor<AnyChildren>("sessions")).toThrow(UnknownChildError);
    expect(() => acme.dynamic<string>("acme")).toThrow(UnknownChildError);
  });

  it("that gives up says on whom and why", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const pool = await system.superviseDynamic({ ...counters, intensity: { maxRestarts: 0, withinMs: 1 } });
    const told = Promise.withResolvers<unknown>();
    pool.onTerminated(({ reason }) => told.resolve(reason));
    (await pool.startChild()).tell(crashWith(bad));
    const failure = { child: "1", reason: { kind: "error", error: bad }, cause: bad, restartCount: 0 };
    expect(await recorder.next("supervisor-failed")).toMatchObject(failure);
    expect(await told.promise).toMatchObject({ kind: "shutdown", cause: failure });
  });
});
