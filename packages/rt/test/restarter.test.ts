import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorStoppedError,
  ActorSystem,
  InvalidOptionError,
  type ActorSpec,
  type Strategy,
  type SupervisorNode,
  type SupervisorSpec,
} from "../src/index.ts";
import { Counter, crashWith, increment, type CounterMessage } from "./counter.ts";
import { rejection } from "./rejection.ts";

const bad = new RangeError("bad");

/** Starts when the test says so; notes starts and stops. */
function gated(
  id: string,
  steps: string[],
  gate: () => Promise<void> | undefined,
  more: Partial<ActorSpec> = {},
): ActorSpec {
  return {
    id,
    start: () => ({
      preStart() {
        steps.push(`start ${id}`);
        return gate();
      },
      receive(message) {
        if (message === "crash") throw bad;
      },
      postStop: () => void steps.push(`stop ${id}`),
    }),
    ...more,
  };
}

const open = (): undefined => undefined;

function superviseIn(
  system: ActorSystem,
  strategy: Strategy,
  children: readonly ActorSpec[],
  more: Partial<SupervisorSpec> = {},
): Promise<SupervisorNode> {
  return system.supervise({ id: "s", strategy, children, ...more });
}

function states(supervisor: SupervisorNode): readonly string[] {
  return supervisor.whichChildren().map(({ id, state }) => `${id} ${state}`);
}

/** Passes the first time; later times wait for the test. */
function laterTimes(): { readonly gate: () => Promise<void> | undefined; readonly pass: PromiseWithResolvers<void> } {
  const pass = Promise.withResolvers<void>();
  let times = 0;
  const gate = (): Promise<void> | undefined => {
    times += 1;
    return times === 1 ? undefined : pass.promise;
  };
  return { gate, pass };
}

describe("a group that is restarted", () => {
  it("keeps the mailboxes, refs, names and watchers of all its members", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await superviseIn(system, "one-for-all", [
      { id: "a", start: () => new Counter() },
      { id: "b", start: () => new Counter() },
    ]);
    const [a, b] = [supervisor.child<CounterMessage>("a"), supervisor.child<CounterMessage>("b")];
    system.registry.register("bystander", b);
    b.tell(increment);
    await settled(system);
    a.tell(crashWith(bad));
    b.tell(increment);
    b.tell(increment);
    expect(await b.ask({ type: "read" })).toBeLessThanOrEqual(2);
    expect(system.registry.lookup("bystander")).toBe(b);
    expect(system.deadLetters.total).toBe(1);
    expect(supervisor.whichChildren().map(({ restarts }) => restarts)).toEqual([1, 1]);
  });

  it("hears who left meanwhile when it is done", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const { gate, pass } = laterTimes();
    const supervisor = await superviseIn(system, "rest-for-one", [
      gated("a", steps, open),
      gated("b", steps, open),
      gated("c", steps, gate),
    ]);
    supervisor.child<string>("b").tell("crash");
    await settled(system);
    supervisor.child<string>("a").tell("crash");
    await settled(system);
    expect(steps.slice(3)).toEqual(["stop b", "stop c", "start b", "start c", "stop a"]);
    pass.resolve();
    await settled(system);
    expect(steps.slice(8)).toEqual(["stop c", "stop b", "start a", "start b", "start c"]);
    expect(states(supervisor)).toEqual(["a running", "b running", "c running"]);
  });

  it("makes those wait who are to be started, and not those who are to be stopped", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const { gate, pass } = laterTimes();
    const supervisor = await superviseIn(system, "one-for-all", [gated("a", steps, gate), gated("b", steps, open)]);
    supervisor.child<string>("a").tell("crash");
    await settled(system);
    const added = supervisor.startChild(gated("c", steps, open));
    await supervisor.terminateChild("b");
    pass.resolve();
    await added;
    expect(steps.slice(2)).toEqual(["stop a", "stop b", "start a", "start c"]);
    expect(states(supervisor)).toEqual(["a running", "b down", "c running"]);
  });

  it("can be overtaken by a stop of the supervisor", async () => {
    await using system = new ActorSystem("test");
    const { gate, pass } = laterTimes();
    const supervisor = await superviseIn(system, "one-for-all", [gated("a", [], gate), gated("b", [], open)]);
    supervisor.child<string>("a").tell("crash");
    await settled(system);
    const waiting = rejection(supervisor.child<string>("b").ask("x"));
    const stopped = supervisor.stop();
    pass.resolve();
    await stopped;
    expect(await waiting).toBeInstanceOf(ActorStoppedError);
    await settled(system);
    expect(system.tree().children).toEqual([]);
  });
});

describe("the backoff of a group", () => {
  const backoff = { minMs: 100, maxMs: 1000, jitter: 0 };

  it("takes the group down at once and brings it up after the delay", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const steps: string[] = [];
    const children = [gated("a", steps, open), gated("b", steps, open), gated("c", steps, open)];
    const supervisor = await superviseIn(system, "rest-for-one", children, { backoff });
    supervisor.child<string>("b").tell("crash");
    await clock.advance(99);
    expect(steps.slice(3)).toEqual(["stop b", "stop c"]);
    expect(states(supervisor)).toEqual(["a running", "b waiting-to-restart", "c waiting-to-restart"]);
    await clock.advance(1);
    expect(steps.slice(5)).toEqual(["start b", "start c"]);
  });

  it("ends when the child that all wait for is terminated: they stay down with it", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const children = [gated("a", [], open), gated("b", [], open), gated("c", [], open)];
    const supervisor = await superviseIn(system, "rest-for-one", children, { backoff });
    supervisor.child<string>("b").tell("crash");
    await settled(system);
    await supervisor.terminateChild("b");
    await clock.advance(1000);
    expect(states(supervisor)).toEqual(["a running", "b down", "c down"]);
    await supervisor.restartChild("c");
  });

  it("is cut short when a child before fails: there is one restart, of all", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    const supervisor = await superviseIn(system, "rest-for-one", [gated("a", [], open), gated("b", [], open)], {
      backoff,
    });
    supervisor.child<string>("b").tell("crash");
    await clock.advance(50);
    supervisor.child<string>("a").tell("crash");
    await clock.advance(1000);
    expect(recorder.allOf("actor-restarted").map(({ path }) => path)).toEqual(["/user/s/a", "/user/s/b"]);
  });
});

const significant = (more: Partial<ActorSpec>): ActorSpec => gated("a", [], open, { significant: true, ...more });

describe("a significant child", () => {
  it.each<[string, ActorSpec, Partial<SupervisorSpec>]>([
    ["permanent", significant({}), { autoShutdown: "any-significant" }],
    ["under a supervisor that never ends with it", significant({ restart: "transient" }), {}],
  ])("cannot be %s", async (_what, child, more) => {
    await using system = new ActorSystem("test");
    await expect(superviseIn(system, "one-for-one", [child], more)).rejects.toThrow(InvalidOptionError);
    const supervisor = await superviseIn(system, "one-for-one", [], more);
    await expect(supervisor.startChild(child)).rejects.toThrow(InvalidOptionError);
    expect(supervisor.countChildren().specs).toBe(0);
  });

  it("that fails for good ends its supervisor with the cause", async () => {
    await using system = new ActorSystem("test");
    const child = significant({ restart: "temporary" });
    const supervisor = await superviseIn(system, "one-for-one", [child], { autoShutdown: "any-significant" });
    const told = Promise.withResolvers<unknown>();
    supervisor.onTerminated((terminated) => told.resolve(terminated));
    supervisor.child<string>("a").tell("crash");
    expect(await told.promise).toEqual({ path: "/user/s", reason: { kind: "shutdown", cause: bad } });
  });
});

describe("the spec of a child", () => {
  it("is as it was given", async () => {
    await using system = new ActorSystem("test");
    const spec = gated("a", [], open);
    const supervisor = await superviseIn(system, "one-for-one", [spec]);
    expect(supervisor.childSpec("a")).toBe(spec);
  });
});
