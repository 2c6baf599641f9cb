import { ComponentTrapError } from "@airssys/engine";
import { ActorStartError } from "@airssys/rt";
import { Probe, settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  checkHealth,
  ComponentRefusedError,
  describeSelf,
  InitRefusedError,
  jsonPayload,
  parseJsonPayload,
} from "../src/index.ts";
import { perform, rejection, script, Stage, textOf } from "./stage.ts";
import { waysToRun, waysOnThisThread } from "./ways.ts";

const soon = { minMs: 100, maxMs: 100, jitter: 0 };
const often = { intervalMs: 1000, timeoutMs: 100, failureThreshold: 3 };

describe.each(waysToRun())("init, run %s", (_run, way) => {
  it("is given who the instance is, and the configuration in the order written, with JSON for what is no string", async () => {
    const stage = new Stage(way);
    const config = { greeting: "Hé", limits: { lines: 500, ratio: 0.5 }, tags: ["a", "b"], isOn: true };
    const plain = await stage.spawn("plain", { guest: "plain", config });
    const reply = await plain.ask(jsonPayload({ command: "config" }));
    expect(parseJsonPayload(reply ?? new Uint8Array())).toEqual({
      config: {
        id: { namespace: "test", name: "plain", version: "1.0.0" },
        values: [
          ["greeting", "Hé"],
          ["limits.lines", "500"],
          ["limits.ratio", "0.5"],
          ["tags", '["a","b"]'],
          ["isOn", "true"],
        ],
      },
      greeting: "Hé",
    });
  });

  it("can use every function of the host", async () => {
    const stage = new Stage(way);
    const listener = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("test.born", listener.ref);
    stage.system.registry.register("test/listener", listener.ref);
    const atInit =
      "publish test.born hello\nsend test/listener hello too\nsubscribe test.orders\nrequest test/listener 1000 a\nself";
    const puppet = await stage.spawn("puppet", { config: { at_init: atInit, codecs: "" } });
    expect(textOf(await listener.next())).toBe("hello");
    expect(textOf(await listener.next())).toBe("hello too");
    expect(await perform(puppet, "recall", "callbacks")).toEqual([
      "1",
      "ok",
      "ok",
      "request-1",
      "test/puppet@1.0.0",
      "request-1 reply ",
    ]);
  });

  it("fails the start when it refuses, with its answer as the cause", async () => {
    const stage = new Stage(way);
    const component = await stage.install("puppet", { config: { at_init: "refuse-config no currency", codecs: "" } });
    const failure = {
      code: "WASM_INIT_REFUSED",
      component: "test/puppet",
      answer: { tag: "invalid-config", val: "no currency" },
    };
    const error = await rejection(
      stage.system.supervise({ id: "top", strategy: "one-for-one", children: [component.childSpec()] }),
    );
    expect(error).toMatchObject({ code: "RT_ACTOR_START_FAILED", cause: { code: "RT_ACTOR_START_FAILED" } });
    expect((error as Error).cause).toMatchObject({ cause: failure });
    expect(stage.system.registry.size).toBe(0);
  });

  it("fails the start when it traps", async () => {
    const stage = new Stage(way);
    const component = await stage.install("puppet", { config: { at_init: "trap", codecs: "" } });
    const error = await rejection(
      stage.system.supervise({ id: "top", strategy: "one-for-one", children: [component.childSpec()] }),
    );
    expect(error).toMatchObject({ cause: { cause: expect.any(ComponentTrapError) } });
  });

  it("that refuses after a crash is tried again, after the backoff, until it agrees", async () => {
    const stage = new Stage(way);
    const { ref, supervisor } = await stage.supervise("puppet", {
      supervision: { backoff: { minMs: 100, maxMs: 1000, factor: 2, jitter: 0 }, maxRestarts: 5 },
      config: { at_init: "refuse-between 50 350", codecs: "" },
    });
    ref.tell(script("trap"));
    await stage.events.next("restart-delayed");
    await stage.clock.advance(100);
    expect((await stage.events.next("restart-failed")).error).toMatchObject({ cause: expect.any(InitRefusedError) });
    await stage.events.next("restart-delayed");
    await stage.clock.advance(200);
    expect((await stage.events.next("restart-failed")).error).toMatchObject({ cause: expect.any(InitRefusedError) });
    expect(stage.events.allOf("actor-restarted")).toHaveLength(0);
    await stage.events.next("restart-delayed");
    await stage.clock.advance(400);
    await stage.events.next("actor-restarted", ref.path);
    expect(stage.events.allOf("restart-delayed").map(({ delayMs }) => delayMs)).toEqual([100, 200, 400]);
    expect(supervisor.whichChildren()).toMatchObject([{ id: "puppet", state: "running" }]);
    expect(await perform(ref, "count")).toEqual(["1"]);
  });
});

describe.each(waysToRun())("metadata, run %s", (_run, way) => {
  it("is what the component says of itself", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet", { config: { codecs: "85 512" } });
    expect(await puppet.ask(describeSelf())).toEqual({
      name: "puppet",
      version: "1.0.0",
      description: "Does what it is told",
      operations: ["script"],
      codecs: Uint32Array.of(0x55, 0x0200),
    });
  });
});

describe.each(waysToRun())("health, run %s", (_run, way) => {
  it("is told to who asks", async () => {
    const stage = new Stage(way);
    const told = async (name: string, answer: string): Promise<unknown> => {
      const puppet = await stage.spawn(name, { config: { at_health: answer, codecs: "" } });
      return puppet.ask(checkHealth());
    };
    expect(await told("well", "")).toEqual({ tag: "healthy" });
    expect(await told("tired", "degraded too much to do")).toEqual({ tag: "degraded", val: "too much to do" });
    expect(await told("ill", "unhealthy no database")).toEqual({ tag: "unhealthy", val: "no database" });
  });

  it("that traps is a crash at once, not one failed check", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("puppet", {
      supervision: { health: often, backoff: soon },
      config: { at_health: "trap-if sick", codecs: "" },
    });
    await perform(ref, "remember sick");
    await stage.clock.advance(1000);
    expect(await stage.events.next("actor-failed", ref.path)).toMatchObject({
      error: { code: "ENGINE_COMPONENT_TRAP" },
    });
    await stage.events.next("restart-delayed");
    await stage.clock.advance(100);
    expect(await perform(ref, "recall")).toEqual([""]);
  });
});

describe.each(waysOnThisThread())("health that is bad or middling, run %s", (_run, way) => {
  it("brings a fresh instance when it was bad so many times in a row", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("puppet", {
      supervision: { health: often, backoff: soon },
      config: { at_health: "unhealthy-if sick", at_shutdown: "publish test.bye no", codecs: "" },
    });
    const mourner = new Probe(stage.system);
    stage.system.broker.subscribe("test.bye", mourner.ref);
    await stage.clock.advance(10_000);
    await perform(ref, "remember sick\u001B[2J");
    await stage.clock.advance(2000);
    expect(stage.events.allOf("health-check-failed").map(({ failure }) => failure)).toEqual([
      "sick\\u001b[2J",
      "sick\\u001b[2J",
    ]);
    expect(stage.events.allOf("actor-failed")).toEqual([]);
    await stage.clock.advance(1100);
    expect(stage.events.allOf("actor-failed")).toMatchObject([{ error: { code: "RT_HEALTH_CHECK_FAILED" } }]);
    await stage.events.next("actor-restarted", ref.path);
    expect(await perform(ref, "recall")).toEqual([""]);
    expect(mourner.all).toEqual([]);
  });

  it("may be degraded for as long as it likes", async () => {
    const stage = new Stage(way);
    await stage.supervise("puppet", {
      supervision: { health: often },
      config: { at_health: "degraded a bit", codecs: "" },
    });
    await stage.clock.advance(20_000);
    expect(stage.events.allOf("health-check-failed")).toEqual([]);
  });
});

describe.each(waysToRun())("shutdown, run %s", (_run, way) => {
  const goodbye = { at_shutdown: "say farewell\nreport test.bye", codecs: "" };

  it("is called once before a planned stop, and can still send", async () => {
    const stage = new Stage(way);
    const listener = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("test.bye", listener.ref);
    const puppet = await stage.spawn("puppet", { config: goodbye });
    const stopping = stage.system.stop(puppet);
    await stopping;
    await settled(stage.system);
    expect(listener.all.map(textOf)).toEqual(["farewell"]);
  });

  it("is not called after a trap", async () => {
    const stage = new Stage(way);
    const listener = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("test.bye", listener.ref);
    const puppet = await stage.spawn("puppet", { config: goodbye });
    puppet.tell(script("trap"));
    expect((await stage.events.next("actor-stopped", puppet.path)).reason.kind).toBe("error");
    await settled(stage.system);
    expect(listener.all).toEqual([]);
  });

  it("that refuses or traps is told of as an event, and the component stops all the same", async () => {
    const stage = new Stage(way);
    for (const [name, at_shutdown, cause] of [
      ["stubborn", "refuse not yet", ComponentRefusedError],
      ["clumsy", "trap", ComponentTrapError],
    ] as const) {
      const puppet = await stage.spawn(name, { config: { at_shutdown, codecs: "" } });
      await stage.system.stop(puppet);
      expect((await stage.events.next("post-stop-failed", puppet.path)).error).toBeInstanceOf(cause);
      expect((await stage.events.next("actor-stopped", puppet.path)).reason).toEqual({ kind: "shutdown" });
    }
    expect(stage.system.registry.size).toBe(0);
  });
});

describe("a start that fails at once", () => {
  it("is told to who spawns the actor", async () => {
    const stage = new Stage();
    for (const [name, at_init, cause] of [
      ["stubborn", "refuse-config no currency", expect.any(InitRefusedError)],
      ["clumsy", "trap", expect.any(ComponentTrapError)],
    ] as const) {
      const component = await stage.install(name, { config: { at_init, codecs: "" } });
      const spawning = (): unknown => stage.system.spawn(component.start);
      expect(spawning).toThrow(ActorStartError);
      expect(spawning).toThrow(expect.objectContaining({ cause }));
    }
  });
});
