import { ComponentTrapError } from "@airssys/engine";
import { ActorCrashedError } from "@airssys/rt";
import { Probe, settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { rawPayload, type ComponentMessage, jsonPayload } from "../src/index.ts";
import { perform, rejection, script, Stage, textOf } from "./stage.ts";
import { waysToRun } from "./ways.ts";

const soon = { minMs: 100, maxMs: 100, jitter: 0 };

describe.each(waysToRun())("a component that traps, run %s", (_run, way) => {
  it("is replaced by a fresh instance, which knows nothing of the one before", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("puppet", { supervision: { backoff: soon } });
    await perform(ref, "remember me", "count", "count");
    ref.tell(script("trap"));
    await stage.events.next("restart-delayed", ref.path);
    await stage.clock.advance(100);
    expect(await perform(ref, "recall", "count")).toEqual(["", "1"]);
  });

  it("loses the message at hand: it is a dead letter, and who asked is told why", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("puppet", { supervision: { backoff: soon } });
    const message = script("trap");
    const error = await rejection(ref.ask(message));
    expect(error).toBeInstanceOf(ActorCrashedError);
    expect((error as Error).cause).toBeInstanceOf(ComponentTrapError);
    expect(stage.system.deadLetters.list()).toEqual([
      { reason: "crashed", message, recipient: ref.path, envelope: undefined, ref },
    ]);
  });

  it("keeps the messages that wait, and those that come while it is down", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("puppet", { supervision: { backoff: soon } });
    ref.tell(script("trap"));
    const before = perform(ref, "count");
    await stage.events.next("restart-delayed", ref.path);
    const during = perform(ref, "count");
    await stage.clock.advance(100);
    expect([await before, await during]).toEqual([["1"], ["2"]]);
    expect(stage.system.deadLetters.total).toBe(1);
  });

  it("crashes of an exception it did not catch, whatever language it is written in", async () => {
    const stage = new Stage(way);
    const plain = await stage.spawn("plain", { guest: "plain" });
    const payload = Uint8Array.of(0x80, 0x04, ...new TextEncoder().encode('{"command":"throw"}'));
    expect((await rejection(plain.ask(payload))) as Error).toMatchObject({ cause: { code: "ENGINE_COMPONENT_TRAP" } });
  });

  it("too often within the time it is given makes its supervisor fail with the trap as the cause", async () => {
    const stage = new Stage(way);
    const component = await stage.install("puppet", {
      supervision: { backoff: soon, maxRestarts: 2, withinMs: 10_000 },
    });
    await stage.system.supervise({
      id: "top",
      strategy: "one-for-one",
      intensity: { maxRestarts: 0, withinMs: 1000 },
      children: [{ id: "shop", strategy: "one-for-one", children: [component.childSpec()] }],
    });
    for (const _ of [1, 2, 3]) {
      stage.system.broker.send("test/puppet", script("trap"));
      await stage.events.next("actor-left", "/user/top/shop/puppet");
      await stage.clock.advance(100);
    }
    const failed = await stage.events.next("supervisor-failed", "/user/top/shop");
    expect(failed.error).toMatchObject({ code: "RT_RESTART_INTENSITY_EXCEEDED", child: "puppet" });
    expect((failed.error as Error).cause).toBeInstanceOf(ComponentTrapError);
    const escalated = await stage.events.next("supervisor-failed", "/user/top");
    expect((escalated.error as Error).cause).toBe(failed.error);
    expect(stage.system.registry.size).toBe(0);
  });

  it("stays down when its manifest says temporary, and its address is free again", async () => {
    const stage = new Stage(way);
    const { ref, supervisor, component } = await stage.supervise("puppet", { supervision: { restart: "temporary" } });
    ref.tell(script("trap"));
    await stage.events.next("actor-stopped", ref.path);
    expect(supervisor.whichChildren()).toEqual([]);
    expect(stage.system.registry.lookup("test/puppet")).toBeUndefined();
    const next = stage.system.spawn(component.start);
    expect(await perform(next, "count")).toEqual(["1"]);
  });
});

describe.each(waysToRun())("a subscription, run %s", (_run, way) => {
  it("ends with the incarnation that made it", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("puppet", { supervision: { backoff: soon } });
    await perform(ref, "subscribe orders.*", "subscribe news");
    expect(stage.system.broker.publish("orders.new", script("count"))).toBe(1);
    ref.tell(script("trap"));
    await stage.events.next("restart-delayed", ref.path);
    expect(stage.system.broker.publish("orders.new", script("count"))).toBe(0);
    await stage.clock.advance(100);
    expect(stage.system.broker.publish("news", script("count"))).toBe(0);
    expect(await perform(ref, "subscribe news")).toEqual(["ok"]);
    expect(stage.system.broker.publish("news", script("count"))).toBe(1);
  });
});

describe.each(waysToRun())("a request, run %s", (_run, way) => {
  it("of a dead incarnation never calls back into the fresh one", async () => {
    const stage = new Stage(way);
    const slow = Promise.withResolvers<Uint8Array>();
    const clerk = stage.system.spawn<Uint8Array>(() => ({ receive: () => slow.promise }));
    stage.system.registry.register("test/clerk", clerk);
    const { ref } = await stage.supervise("puppet", { supervision: { backoff: soon } });
    expect(await perform(ref, "request test/clerk 10000 one")).toEqual(["request-1"]);
    ref.tell(script("trap"));
    await stage.events.next("restart-delayed", ref.path);
    await stage.clock.advance(100);
    await stage.events.next("actor-restarted", ref.path);
    slow.resolve(rawPayload(new Uint8Array()));
    await settled(stage.system);
    expect(await perform(ref, "callbacks", "request test/clerk 10000 two")).toEqual(["none", "request-2"]);
    await settled(stage.system);
    expect(await perform(ref, "callbacks")).toEqual(["request-2 reply "]);
  });
});

/** A gate that stands open lets the guest's start functions go on; one that is shut makes them trap. */
async function behindGate(stage: Stage): Promise<{ start: () => Promise<unknown>; shut: () => Disposable }> {
  const component = await stage.install("early", { guest: "early" });
  const clerk = stage.system.spawn<Uint8Array>(() => ({ receive: (message) => message }));
  stage.system.registry.register("test/clock", clerk);
  const gate = new Probe(stage.system);
  return {
    start: () => stage.system.supervise({ id: "early", strategy: "one-for-one", children: [component.childSpec()] }),
    shut: () => stage.system.broker.subscribe("early.gate", gate.ref),
  };
}

describe.each(waysToRun())("what a component does while it is instantiated, run %s", (_run, way) => {
  it("belongs to the incarnation: its requests call back, and its subscriptions count", async () => {
    const stage = new Stage(way);
    const { start } = await behindGate(stage);
    await start();
    const early = stage.system.registry.lookup<ComponentMessage>("test/early");
    expect(textOf(await early?.ask(rawPayload(new Uint8Array())))).toBe("1");
    expect(stage.system.broker.publish("early.bird", rawPayload(new Uint8Array()))).toBe(1);
  });

  it("leaves nothing behind when it traps", async () => {
    const stage = new Stage(way);
    const { start, shut } = await behindGate(stage);
    using _shut = shut();
    expect(await rejection(start())).toMatchObject({ cause: { cause: { code: "ENGINE_COMPONENT_TRAP" } } });
    expect(stage.system.broker.publish("early.bird", rawPayload(new Uint8Array()))).toBe(0);
    expect(stage.system.registry.lookup("test/early")).toBeUndefined();
  });

  it("leaves nothing behind when it traps in a restart", async () => {
    const stage = new Stage(way);
    const { start, shut } = await behindGate(stage);
    await start();
    const gate = shut();
    stage.system.broker.send("test/early", rawPayload(Uint8Array.of(1)));
    await stage.events.next("restart-delayed");
    await stage.clock.advance(100);
    expect((await stage.events.next("restart-failed")).error).toMatchObject({
      cause: { code: "ENGINE_COMPONENT_TRAP" },
    });
    expect(stage.system.broker.publish("early.bird", rawPayload(new Uint8Array()))).toBe(0);
    gate[Symbol.dispose]();
    await stage.events.next("restart-delayed");
    await stage.clock.advance(1000);
    await stage.events.next("actor-restarted");
    expect(stage.system.broker.publish("early.bird", rawPayload(new Uint8Array()))).toBe(1);
  });
});

describe.each(waysToRun())("a refusal that a TypeScript component does not catch, run %s", (_run, way) => {
  it("ends it with what was refused in the log", async () => {
    const stage = new Stage(way);
    const plain = await stage.spawn("plain", { guest: "plain", messaging: { send: ["shop/*"] } });
    const payload = jsonPayload({ command: "careless", to: "test/nobody" });
    expect(await rejection(plain.ask(payload))).toMatchObject({ code: "RT_ACTOR_CRASHED" });
    const printed = stage.lines.map(({ message }) => message).join("\n");
    expect(printed).toContain("nobody caught not-permitted: test/plain may not send to test/nobody");
  });
});
