import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorStartError,
  ActorStoppedError,
  ActorSystem,
  ChildRunningError,
  DuplicateIdError,
  SupervisorStoppedError,
  UnknownChildError,
  type Actor,
  type ActorSpec,
  type ChildSpec,
  type ExitReason,
  type Restart,
  type SupervisorNode,
  type SupervisorSpec,
} from "../src/index.ts";
import { Counter, crashWith, increment, type CounterMessage } from "./counter.ts";
import { rejection } from "./rejection.ts";

const forever = (): Promise<never> => new Promise(() => undefined);
const bad = new RangeError("bad");

/** Notes every start and stop, and leaves as it is told. */
function noting(id: string, steps: string[], more: Partial<ActorSpec> = {}): ActorSpec {
  return {
    id,
    start: (context) => {
      steps.push(`start ${id}`);
      return {
        receive: (message) => {
          if (message === "leave") context.stop();
          else throw message;
        },
        postStop: () => void steps.push(`stop ${id}`),
      };
    },
    ...more,
  };
}

function superviseIn(
  system: ActorSystem,
  children: readonly ChildSpec[],
  more: Partial<SupervisorSpec> = {},
): Promise<SupervisorNode> {
  return system.supervise({ id: "s", strategy: "one-for-one", children, ...more });
}

function states(supervisor: SupervisorNode): Record<string, string> {
  return Object.fromEntries(supervisor.whichChildren().map(({ id, state }) => [id, state]));
}

describe("a supervisor", () => {
  it("starts its children as listed and stops them in reverse", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const supervisor = await superviseIn(system, [noting("a", steps), noting("b", steps), noting("c", steps)]);
    await supervisor.stop();
    expect(steps).toEqual(["start a", "start b", "start c", "stop c", "stop b", "stop a"]);
    expect(system.tree().children).toEqual([]);
  });

  it("starts each child when the one before has started", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow: ActorSpec = { id: "slow", start: () => ({ preStart: () => promise, receive: () => undefined }) };
    const starting = superviseIn(system, [slow, noting("b", steps)]);
    await settled(system);
    expect(steps).toEqual([]);
    resolve();
    await starting;
    expect(steps).toEqual(["start b"]);
  });

  it("stops in reverse what it has started when a child does not start, and reports the cause", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const failing: ActorSpec = {
      id: "c",
      start: () => ({ preStart: () => Promise.reject(bad), receive: () => undefined }),
    };
    const starting = superviseIn(system, [noting("a", steps), noting("b", steps), failing, noting("d", steps)]);
    await expect(starting).rejects.toMatchObject({
      name: "ActorStartError",
      message: "/user/s did not start: /user/s/c did not start: bad",
      cause: { name: "ActorStartError", cause: bad },
    });
    expect(steps).toEqual(["start a", "start b", "stop b", "stop a"]);
    expect(system.tree().children).toEqual([]);
    await superviseIn(system, []);
  });

  it("restarts a child that crashed, alone", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const steps: string[] = [];
    const supervisor = await superviseIn(system, [noting("a", steps), noting("b", steps), noting("c", steps)]);
    supervisor.child<unknown>("b").tell(bad);
    await recorder.next("actor-restarted");
    expect(steps.slice(3)).toEqual(["stop b", "start b"]);
    expect(recorder.allOf("actor-restarted")).toEqual([
      { type: "actor-restarted", path: "/user/s/b", restartCount: 1 },
    ]);
  });

  it("keeps the mailbox of a child that it restarts", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, [{ id: "a", start: () => new Counter() }]);
    const ref = supervisor.child<CounterMessage>("a");
    ref.tell(crashWith(bad));
    for (let count = 0; count < 5; count += 1) ref.tell(increment);
    expect(await ref.ask({ type: "read" })).toBe(5);
  });

  it("keeps children in order, with their counts", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, [
      noting("a", [], { restart: "transient" }),
      { id: "inner", strategy: "one-for-one", children: [noting("b", [])] },
    ]);
    expect(supervisor.whichChildren()).toEqual([
      { id: "a", kind: "actor", state: "running", restart: "transient", restarts: 0 },
      { id: "inner", kind: "supervisor", state: "running", restart: "permanent", restarts: 0 },
    ]);
    expect(supervisor.countChildren()).toEqual({ specs: 2, running: 2, actors: 1, supervisors: 1 });
    expect(supervisor.supervisor("inner").child("b").path).toBe("/user/s/inner/b");
    expect(() => supervisor.child("inner")).toThrow(UnknownChildError);
    expect(() => supervisor.supervisor("a")).toThrow(UnknownChildError);
  });

  it("needs children with different ids", async () => {
    await using system = new ActorSystem("test");
    await expect(superviseIn(system, [noting("a", []), noting("a", [])])).rejects.toThrow(DuplicateIdError);
    await superviseIn(system, []);
    await expect(superviseIn(system, [])).rejects.toThrow(DuplicateIdError);
  });

  it("does nothing more once it has stopped", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, [noting("a", [])]);
    await supervisor.stop();
    expect(() => supervisor.child("a")).toThrow(SupervisorStoppedError);
    await expect(supervisor.startChild(noting("b", []))).rejects.toThrow(SupervisorStoppedError);
  });
});

describe("a child that leaves", () => {
  const matrix: readonly (readonly [Restart, ExitReason["kind"], string])[] = [
    ["permanent", "normal", "running"],
    ["permanent", "shutdown", "running"],
    ["permanent", "error", "running"],
    ["transient", "normal", "down"],
    ["transient", "shutdown", "down"],
    ["transient", "error", "running"],
    ["temporary", "normal", "gone"],
    ["temporary", "shutdown", "gone"],
    ["temporary", "error", "gone"],
  ];

  it.each(matrix)("and is %s, with the reason %s, is then %s", async (restart, reason, after) => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, [noting("a", []), noting("b", [], { restart }), noting("c", [])]);
    const ref = supervisor.child<unknown>("b");
    if (reason === "shutdown") await system.stop(ref);
    else ref.tell(reason === "normal" ? "leave" : bad);
    await settled(system);
    expect(states(supervisor)).toEqual({ a: "running", ...(after === "gone" ? {} : { b: after }), c: "running" });
  });
});

describe("restart intensity of a supervisor", () => {
  it("that is exceeded makes it stop its children in reverse and fail with the cause", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const steps: string[] = [];
    const supervisor = await superviseIn(system, [noting("a", steps), noting("b", steps), noting("c", steps)], {
      intensity: { maxRestarts: 1, withinMs: 5000 },
    });
    supervisor.child<unknown>("b").tell(bad);
    supervisor.child<unknown>("b").tell(bad);
    const { error } = await recorder.next("supervisor-failed");
    expect(error).toMatchObject({
      code: "RT_RESTART_INTENSITY_EXCEEDED",
      message: "/user/s gave up on b: more than 1 restarts within 5000 ms; the last failure: bad",
      child: "b",
      restartCount: 1,
      cause: bad,
    });
    await settled(system);
    expect(steps.slice(3)).toEqual(["stop b", "start b", "stop b", "stop c", "stop a"]);
    expect(system.tree().children).toEqual([]);
    expect(await system.spawn(() => new Counter()).ask({ type: "read" })).toBe(0);
  });

  it("may be a child's own, which is then counted instead", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(
      system,
      [noting("a", [], { intensity: { maxRestarts: 5, withinMs: 5000 } }), noting("b", [])],
      { intensity: { maxRestarts: 0, withinMs: 5000 } },
    );
    for (let count = 0; count < 5; count += 1) supervisor.child<unknown>("a").tell(bad);
    await settled(system);
    expect(supervisor.whichChildren()[0]?.restarts).toBe(5);
    supervisor.child<unknown>("b").tell(bad);
    await recorder.next("supervisor-failed");
  });
});

const nested = (steps: string[], more: Partial<SupervisorSpec> = {}): SupervisorSpec => ({
  id: "inner",
  strategy: "one-for-one",
  intensity: { maxRestarts: 0, withinMs: 5000 },
  children: [noting("x", steps), noting("y", steps)],
  ...more,
});

describe("a supervisor under a supervisor", () => {
  it("that fails is restarted with all its children, and their refs stay good", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const supervisor = await superviseIn(system, [noting("a", steps), nested(steps)]);
    const y = supervisor.supervisor("inner").child<unknown>("y");
    supervisor.supervisor("inner").child<unknown>("x").tell(bad);
    await settled(system);
    expect(steps).toEqual(["start a", "start x", "start y", "stop x", "stop y", "start x", "start y"]);
    y.tell("leave");
    await settled(system);
    expect(steps.slice(7, 8)).toEqual(["stop y"]);
  });

  it("that fails too often takes the next one down, with the chain of causes", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(system, [nested([])], { intensity: { maxRestarts: 0, withinMs: 5000 } });
    supervisor.supervisor("inner").child<unknown>("x").tell(bad);
    await recorder.next("supervisor-failed", "/user/s/inner");
    const { error } = await recorder.next("supervisor-failed", "/user/s");
    expect(error).toMatchObject({ child: "inner", cause: { child: "x", cause: bad } });
    await settled(system);
    expect(system.tree().children).toEqual([]);
  });

  it("that is transient or temporary and stops with an error is treated as any such child", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, [nested([], { restart: "temporary" })]);
    supervisor.supervisor("inner").child<unknown>("x").tell(bad);
    await settled(system);
    expect(supervisor.countChildren().specs).toBe(0);
  });

  it("that is stopped by somebody else comes back when it is permanent", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const supervisor = await superviseIn(system, [nested(steps), nested([], { id: "other", restart: "transient" })]);
    await supervisor.supervisor("inner").stop();
    await supervisor.supervisor("other").stop();
    expect(steps).toEqual(["start x", "start y", "stop y", "stop x", "start x", "start y"]);
    expect(states(supervisor)).toEqual({ inner: "running", other: "down" });
  });

  it("that is failing when the one above stops it stays down", async () => {
    await using system = new ActorSystem("test");
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow: ActorSpec = { id: "slow", start: () => ({ receive: () => undefined, postStop: () => promise }) };
    const supervisor = await superviseIn(system, [nested([], { children: [slow, noting("x", [])] })]);
    supervisor.supervisor("inner").child<unknown>("x").tell(bad);
    await settled(system);
    const terminated = supervisor.terminateChild("inner");
    resolve();
    await terminated;
    await settled(system);
    expect(states(supervisor)).toEqual({ inner: "down" });
  });

  it("has its whole subtree killed when its time to stop is over", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    const hanging: ActorSpec = {
      id: "x",
      shutdownMs: "infinity",
      start: () => ({ receive: () => undefined, postStop: forever }),
    };
    const supervisor = await superviseIn(system, [nested([], { children: [hanging], shutdownMs: 100 })]);
    const stopped = supervisor.stop();
    await clock.advance(100);
    await stopped;
    expect(recorder.allOf("actor-killed").map(({ path }) => path)).toEqual(["/user/s/inner/x", "/user/s/inner"]);
  });
});

describe("backoff of a supervisor", () => {
  const backoff = { minMs: 100, maxMs: 1000, factor: 2, jitter: 0 };

  it("delays restarts, and messages wait in the mailbox", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(system, [{ id: "a", start: () => new Counter() }], { backoff });
    const ref = supervisor.child<CounterMessage>("a");
    ref.tell(crashWith(bad));
    ref.tell(increment);
    await recorder.next("restart-delayed");
    expect(states(supervisor)).toEqual({ a: "waiting-to-restart" });
    await clock.advance(99);
    expect(recorder.allOf("actor-restarted")).toEqual([]);
    await clock.advance(1);
    expect(await ref.ask({ type: "read" })).toBe(1);
  });

  it("grows while the child keeps failing, and starts again after a stable run", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(system, [noting("a", [])], {
      backoff,
      intensity: { maxRestarts: 100, withinMs: 1 },
    });
    const crashAfter = async (ms: number): Promise<void> => {
      await clock.advance(ms);
      supervisor.child<unknown>("a").tell(bad);
      await clock.advance(1000);
    };
    await crashAfter(0);
    await crashAfter(0);
    await crashAfter(1000);
    expect(recorder.allOf("restart-delayed").map(({ delayMs }) => delayMs)).toEqual([100, 200, 100]);
  });

  it("may be a child's own", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(system, [noting("a", [], { backoff: { ...backoff, minMs: 7 } })], { backoff });
    supervisor.child<unknown>("a").tell(bad);
    expect(await recorder.next("restart-delayed")).toMatchObject({ delayMs: 7, path: "/user/s/a" });
  });

  it("spreads by the randomness it is given", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock, random: () => 0 });
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(system, [noting("a", [])], { backoff: { ...backoff, jitter: 0.2 } });
    supervisor.child<unknown>("a").tell(bad);
    expect((await recorder.next("restart-delayed")).delayMs).toBeCloseTo(80);
  });
});

/** Starts once, and never again. */
function failingAfterFirst(cause: unknown): ActorSpec {
  let starts = 0;
  return {
    id: "a",
    start: () => {
      starts += 1;
      if (starts > 1) throw cause;
      return { receive: (message) => Promise.reject(message) };
    },
  };
}

describe("a restart that fails", () => {
  it("counts as a failure, until the supervisor gives up", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const cause = new RangeError("still no database");
    const supervisor = await superviseIn(system, [failingAfterFirst(cause)]);
    supervisor.child<unknown>("a").tell(bad);
    const { error } = await recorder.next("supervisor-failed");
    expect(error).toMatchObject({ cause: { code: "RT_ACTOR_START_FAILED", cause } });
    expect(recorder.allOf("restart-failed").length).toBe(3);
  });

  it("can be overtaken by a stop", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(system, [failingAfterFirst(bad)], {
      intensity: { maxRestarts: Number.POSITIVE_INFINITY, withinMs: 1 },
    });
    supervisor.child<unknown>("a").tell(bad);
    await recorder.next("restart-failed");
    await supervisor.terminateChild("a");
    const failed = recorder.allOf("restart-failed").length;
    await settled(system);
    expect(recorder.allOf("restart-failed").length).toBe(failed);
    expect(states(supervisor)).toEqual({ a: "down" });
  });

  it("can be overtaken by a stop while it waits", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const steps: string[] = [];
    const supervisor = await superviseIn(system, [noting("a", steps)], { backoff: { minMs: 100, maxMs: 100 } });
    const ref = supervisor.child<unknown>("a");
    ref.tell(bad);
    await settled(system);
    const reply = rejection(ref.ask("x"));
    await supervisor.stop();
    expect(await reply).toBeInstanceOf(ActorStoppedError);
    await clock.advance(1000);
    expect(steps).toEqual(["start a", "stop a"]);
  });
});

describe("a child that does not stop", () => {
  it.each([
    ["its handler hangs", { receive: forever }],
    ["its postStop hangs", { receive: () => undefined, postStop: forever }],
  ] satisfies [string, Actor<unknown>][])("because %s is killed after its shutdown time", async (_why, actor) => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(system, [{ id: "a", start: () => actor, shutdownMs: 300 }]);
    supervisor.child<unknown>("a").tell("x");
    await settled(system);
    const stopped = supervisor.stop();
    await clock.advance(299);
    expect(recorder.allOf("actor-killed")).toEqual([]);
    await clock.advance(1);
    await stopped;
    expect(recorder.allOf("actor-killed")).toEqual([{ type: "actor-killed", path: "/user/s/a" }]);
  });

  it("is killed at once when its shutdown is kill", async () => {
    const system = new ActorSystem("test", { clock: new VirtualClock() });
    const supervisor = await superviseIn(system, [
      { id: "a", start: () => ({ receive: forever }), shutdownMs: "kill" },
    ]);
    const reply = rejection(supervisor.child<unknown>("a").ask("x"));
    await settled(system);
    await supervisor.stop();
    expect(await reply).toBeInstanceOf(ActorStoppedError);
  });

  it("is waited for when its shutdown is infinity", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const { promise, resolve } = Promise.withResolvers<void>();
    const spec: ActorSpec = { id: "a", start: () => ({ receive: () => promise }), shutdownMs: "infinity" };
    const supervisor = await superviseIn(system, [spec]);
    supervisor.child<unknown>("a").tell("x");
    await settled(system);
    const stopped = supervisor.stop();
    await clock.advance(1_000_000);
    expect(system.tree().children.length).toBe(1);
    resolve();
    await stopped;
    expect(system.tree().children.length).toBe(0);
  });
});

describe("the children of a running supervisor", () => {
  it("can be added, stopped, started again, and forgotten", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, []);
    const ref = await supervisor.startChild({ id: "a", start: () => new Counter() });
    ref.tell(increment);
    expect(await ref.ask({ type: "read" })).toBe(1);
    await expect(supervisor.startChild(noting("a", []))).rejects.toThrow(DuplicateIdError);
    await expect(supervisor.restartChild("a")).rejects.toThrow(ChildRunningError);
    expect(() => supervisor.deleteChild("a")).toThrow(ChildRunningError);
    await supervisor.terminateChild("a");
    await expect(ref.ask({ type: "read" })).rejects.toThrow(ActorStoppedError);
    await supervisor.restartChild("a");
    expect(await ref.ask({ type: "read" })).toBe(0);
    await supervisor.terminateChild("a");
    supervisor.deleteChild("a");
    expect(() => supervisor.child("a")).toThrow(UnknownChildError);
    expect(() => supervisor.child("a")).toThrow('/user/s has no child "a" (it has none)');
    await expect(supervisor.terminateChild("a")).rejects.toThrow(UnknownChildError);
  });

  it("may be supervisors", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, []);
    const inner = await supervisor.startChild({ id: "inner", strategy: "one-for-one", children: [noting("a", [])] });
    expect(inner.child("a").path).toBe("/user/s/inner/a");
    await supervisor.terminateChild("inner");
    await supervisor.restartChild("inner");
    expect(states(inner)).toEqual({ a: "running" });
  });

  it("are not kept when they do not start", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, []);
    const failing: ActorSpec = {
      id: "a",
      start: () => ({ preStart: () => Promise.reject(bad), receive: () => undefined }),
    };
    await expect(supervisor.startChild(failing)).rejects.toThrow(ActorStartError);
    expect(supervisor.countChildren().specs).toBe(0);
  });

  it("are forgotten when they are temporary and stopped", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, [noting("a", [], { restart: "temporary" })]);
    await supervisor.terminateChild("a");
    expect(supervisor.countChildren().specs).toBe(0);
  });
});
