import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, AskTimeoutError, refuse, SystemStoppedError } from "../src/index.ts";
import { Counter, crashWith } from "./counter.ts";
import { rejection } from "./rejection.ts";

describe("an actor system", () => {
  it("shows its tree as plain data", async () => {
    await using system = new ActorSystem("test");
    system.spawn(
      (context) => {
        context.spawn(() => new Counter(), { id: "child" });
        return { receive: () => undefined };
      },
      { id: "parent" },
    );
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", start: () => new Counter() }],
    });
    supervisor.child("a").tell(crashWith(new RangeError("bad")));
    await settled(system);
    const tree = structuredClone(system.tree());
    const running = { state: "running", restarts: 0, mailbox: 0 };
    expect(tree).toMatchObject({
      path: "/user",
      kind: "actor",
      ...running,
      children: [
        {
          path: "/user/parent",
          kind: "actor",
          ...running,
          children: [{ path: "/user/parent/child", kind: "actor", ...running, children: [] }],
        },
        {
          path: "/user/s",
          kind: "supervisor",
          ...running,
          children: [{ path: "/user/s/a", kind: "actor", ...running, restarts: 1, children: [] }],
        },
      ],
    });
  });

  it("counts what its actors do, over all their incarnations", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [
        {
          id: "a",
          start: () => ({
            receive: (message: string): unknown => {
              if (message === "crash") throw new RangeError("crash");
              return message === "hang" ? new Promise<void>(() => undefined) : refuse(message);
            },
          }),
        },
      ],
    });
    const ref = supervisor.child<string>("a");
    for (const message of ["crash", "refused", "hang", "waiting"]) ref.tell(message);
    const asked = rejection(ref.ask("asked", { timeoutMs: 10 }));
    await clock.advance(30);
    expect(await asked).toBeInstanceOf(AskTimeoutError);
    const counters = (): unknown => system.tree().children[0]?.children[0]?.counters;
    expect(counters()).toEqual({ handled: 1, failed: 1, deadLetters: 2, stashed: 0 });
    const stopping = system.stop(ref);
    await clock.advance(5000);
    await stopping;
    await settled(system);
    expect(counters()).toEqual({ handled: 0, failed: 1, deadLetters: 5, stashed: 0 });
    expect(system.deadLetters.total).toBe(5);
  });

  it("stops everything in reverse start order when it shuts down, and then starts nothing", async () => {
    const system = new ActorSystem("test");
    const stopped: string[] = [];
    system.events.on("actor-stopped", ({ path }) => stopped.push(path));
    system.spawn(() => new Counter(), { id: "a" });
    await system.supervise({ id: "s", strategy: "one-for-one", children: [{ id: "b", start: () => new Counter() }] });
    system.spawn(() => new Counter(), { id: "c" });
    await Promise.all([system.shutdown(), system.shutdown()]);
    expect(stopped).toEqual(["/user/c", "/user/s/b", "/user/a", "/user"]);
    expect(() => system.spawn(() => new Counter())).toThrow(SystemStoppedError);
    await expect(system.supervise({ id: "s", strategy: "one-for-one", children: [] })).rejects.toThrow(
      SystemStoppedError,
    );
  });

  it("tells when an actor is down for good, and why; of a restart it says nothing", async () => {
    await using system = new ActorSystem("test");
    const bad = new RangeError("bad");
    const spawned = system.spawn(() => new Counter());
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", start: () => new Counter() }],
    });
    const child = supervisor.child("a");
    const reasons: unknown[] = [];
    void system.whenStopped(child).then((reason) => reasons.push(reason));
    for (const ref of [spawned, child]) ref.tell(crashWith(bad));
    expect(await system.whenStopped(spawned)).toEqual({ kind: "error", error: bad });
    expect(await system.whenStopped(spawned)).toEqual({ kind: "error", error: bad });
    await settled(system);
    expect(reasons).toEqual([]);
    await supervisor.stop();
    await settled(system);
    expect(reasons).toEqual([{ kind: "shutdown" }]);
  });

  it("stops an actor that is not at the top, and twice does no harm", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(() => new Counter());
    await Promise.all([system.stop(ref), system.stop(ref)]);
    await system.stop(ref);
    expect(system.tree().children).toEqual([]);
  });
});
