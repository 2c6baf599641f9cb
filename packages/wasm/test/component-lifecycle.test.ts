import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ActorStartError } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { IllegalTransitionError, type ComponentHooks, type HookSubject, type LifecycleState } from "../src/index.ts";
import {
  ComponentLifecycle,
  lifecycleDiagram,
  type LifecycleStep,
  type LifecycleState as State,
} from "../src/component-lifecycle.ts";
import { perform, rejection, script, sourceOf, Stage } from "./stage.ts";

const steps: readonly LifecycleStep[] = [
  "install",
  "installed",
  "start",
  "started",
  "update",
  "updated",
  "rolled-back",
  "stop",
  "stopped",
  "fail",
  "uninstall",
];

/** A way to each state. */
const ways: Readonly<Record<State, readonly LifecycleStep[]>> = {
  uninstalled: [],
  installing: ["install"],
  installed: ["install", "installed"],
  starting: ["install", "installed", "start"],
  running: ["install", "installed", "start", "started"],
  updating: ["install", "installed", "start", "started", "update"],
  stopping: ["install", "installed", "start", "started", "stop"],
  stopped: ["install", "installed", "start", "started", "stop", "stopped"],
  failed: ["install", "installed", "start", "fail"],
};

/** The arrows of a diagram, as `from --> to: step`. */
function arrowsOf(diagram: string): ReadonlySet<string> {
  return new Set(diagram.split("\n").flatMap((line) => /^\s*\w+ --> .*$/.exec(line)?.[0].trim() ?? []));
}

function thrown(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("the lifecycle of a component", () => {
  it("is the diagram in the README", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const drawn = /```mermaid\n(stateDiagram[\s\S]*?)```/.exec(readme)?.[1] ?? "";
    expect(drawn.trim()).toBe(lifecycleDiagram());
  });

  it("goes where the diagram says, and refuses every other step without going anywhere", () => {
    const taken: string[] = [];
    const refused: string[] = [];
    for (const [from, way] of Object.entries(ways)) {
      for (const step of steps) {
        const lifecycle = new ComponentLifecycle("test/it");
        for (const each of way) lifecycle.take(each);
        assert.equal(lifecycle.state, from);
        const error = thrown(() => lifecycle.take(step));
        if (error === undefined) taken.push(`${from} --> ${lifecycle.state}: ${step}`);
        else {
          assert(error instanceof IllegalTransitionError);
          assert.deepEqual([error.state, error.step, lifecycle.state], [from, step, from]);
          refused.push(`${from} ${step}`);
        }
      }
    }
    expect(new Set(taken)).toEqual(arrowsOf(lifecycleDiagram()));
    expect(taken.length + refused.length).toBe(Object.keys(ways).length * steps.length);
  });
});

describe("a component", () => {
  it("goes through its lifecycle as its actor starts, fails, restarts and stops", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet", { supervision: { backoff: { minMs: 10, maxMs: 10, jitter: 0 } } });
    const states: LifecycleState[] = [component.status.state];
    component.onTransition((to) => states.push(to));
    const supervisor = await stage.system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [component.childSpec()],
    });
    supervisor.child("puppet").tell(script("trap"));
    await stage.events.next("restart-delayed");
    expect(component.status).toMatchObject({ state: "failed", execution: undefined });
    await stage.clock.advance(10);
    await stage.events.next("actor-restarted");
    await supervisor.terminateChild("puppet");
    expect(states).toEqual([
      "installed",
      "starting",
      "running",
      "failed",
      "starting",
      "running",
      "stopping",
      "stopped",
    ]);
  });

  it("has failed when it does not start", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet", { config: { at_init: "refuse-config no", codecs: "" } });
    expect(() => stage.system.spawn(component.start)).toThrow(ActorStartError);
    expect(component.status.state).toBe("failed");
  });

  it("tells what its instance is doing, and what the last call took", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet");
    expect(component.status).toEqual({ state: "installed", execution: undefined, lastCall: undefined });
    const puppet = stage.system.spawn(component.start);
    expect(component.status.execution).toBe("completed");
    await perform(puppet, "count");
    expect(component.status.lastCall?.fuel).toBeGreaterThan(0);
    await rejection(puppet.ask(script("trap")));
    expect(component.status).toMatchObject({ state: "failed", execution: undefined });
  });

  it("is uninstalled when it does not run, and its name is free then", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet");
    const puppet = stage.system.spawn(component.start);
    expect(() => stage.host.uninstall(component)).toThrow(
      expect.objectContaining({ code: "WASM_ILLEGAL_TRANSITION", component: "test/puppet", state: "running" }),
    );
    await stage.system.stop(puppet);
    stage.host.uninstall(component);
    expect(component.status.state).toBe("uninstalled");
    expect(() => stage.system.spawn(component.start)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: "WASM_ILLEGAL_TRANSITION" }) }),
    );
    const again = await stage.host.install(await sourceOf("puppet"));
    expect(await perform(stage.system.spawn(again.start), "count")).toEqual(["1"]);
  });
});

/** Hooks that write down what they were called for. */
function noting(notes: string[]): ComponentHooks {
  const note =
    (name: string) =>
    ({ address, version, digest }: HookSubject): void => {
      notes.push(`${name} ${address}@${version} ${digest.slice(0, 7)}`);
    };
  return {
    preStart: note("preStart"),
    postStart: note("postStart"),
    preStop: note("preStop"),
    postStop: note("postStop"),
    onMessage: note("onMessage"),
    onError: note("onError"),
    onRestart: note("onRestart"),
  };
}

describe("hooks", () => {
  it("are called around the life of a component, in order", async () => {
    const stage = new Stage();
    const notes: string[] = [];
    const supervision = { backoff: { minMs: 10, maxMs: 10, jitter: 0 } };
    const component = await stage.install("puppet", { supervision }, { hooks: noting(notes) });
    const supervisor = await stage.system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [component.childSpec()],
    });
    supervisor.child("puppet").tell(script("trap"));
    await stage.events.next("restart-delayed");
    await stage.clock.advance(10);
    await stage.events.next("actor-restarted");
    await supervisor.terminateChild("puppet");
    const life = ["preStart", "postStart", "onMessage", "onError", "postStop"];
    const next = ["preStart", "postStart", "onRestart", "preStop", "postStop"];
    expect(notes).toEqual([...life, ...next].map((name) => `${name} test/puppet@1.0.0 sha256:`));
  });

  it("fail the start when preStart throws, and the component when another does", async () => {
    const stage = new Stage();
    const error = new RangeError("not today");
    const refuse = (): never => {
      throw error;
    };
    const component = await stage.install("first", {}, { hooks: { preStart: refuse } });
    expect(() => stage.system.spawn(component.start)).toThrow(expect.objectContaining({ cause: error }));
    const second = stage.system.spawn((await stage.install("second", {}, { hooks: { onMessage: refuse } })).start);
    expect(await rejection(second.ask(script("count")))).toMatchObject({ code: "RT_ACTOR_CRASHED", cause: error });
  });
});
