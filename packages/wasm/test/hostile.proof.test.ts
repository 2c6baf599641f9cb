// What a component might try against its host or its neighbours, and what comes of it.
import { Probe, settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { call, execute, rawPayload } from "../src/index.ts";
import { perform, plentyOfFuel, rejection, script, Stage, textOf } from "./stage.ts";

const never = (): Promise<void> => Promise.withResolvers<void>().promise;
const soon = { minMs: 1, maxMs: 1, jitter: 0 };

describe("a component that floods", () => {
  it("another is stopped by the other's mailbox, and the rest of the system goes on", async () => {
    const stage = new Stage();
    const busy = stage.system.spawn<Uint8Array>(() => ({ receive: never }));
    stage.system.registry.register("test/busy", busy);
    const bystander = stage.system.spawn<string>(() => ({ receive: (text) => text }));
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "flood 3000 send test/busy")).toEqual(["ok 1000, mailbox-full 2000"]);
    expect(await bystander.ask("still here")).toBe("still here");
    expect(stage.system.deadLetters.list().length).toBeLessThanOrEqual(stage.system.deadLetters.capacity);
  });

  it("another with large messages is stopped before they add up to more than the other's memory", async () => {
    const stage = new Stage();
    const maxBytes = 2_097_152;
    const { ref } = await stage.supervise("puppet", { maxBytes });
    const large = rawPayload(new Uint8Array(maxBytes / 8 - 1));
    let taken = 0;
    const flood = (): void => {
      for (; taken < 1000; taken += 1) stage.system.broker.send(ref, large);
    };
    expect(flood).toThrow(expect.objectContaining({ code: "RT_MAILBOX_FULL" }));
    expect(taken).toBe(8);
    expect(stage.system.deadLetters.count("mailbox-full")).toBe(1);
  });

  it("itself is stopped by its own mailbox", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "flood 5000 send test/puppet")).toEqual(["ok 1000, mailbox-full 4000"]);
    await settled(stage.system);
    expect(await perform(puppet, "count")).toEqual(["1"]);
  });

  it("itself for ever leaves time for others", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    const again = "say again\nreport puppet.loop";
    stage.system.broker.subscribe(
      "puppet.loop",
      stage.system.spawn<Uint8Array>(() => ({ receive: () => puppet.tell(script(again)) })),
    );
    puppet.tell(script(again));
    const bystander = stage.system.spawn<string>(() => ({ receive: (text) => text }));
    for (const text of ["one", "two", "three"]) expect(await bystander.ask(text)).toBe(text);
    await stage.system.stop(puppet);
  });

  it("a topic in init is bounded by its message rate", async () => {
    const stage = new Stage();
    const listener = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("news", listener.ref);
    const puppet = await stage.spawn("puppet", {
      messagesPerSecond: 10,
      config: { at_init: "flood 5000 publish news", codecs: "" },
    });
    expect(await perform(puppet, "recall")).toEqual(["ok 10, quota-exceeded 4990"]);
    await settled(stage.system);
    expect(listener.all).toHaveLength(10);
  });

  it("with subscriptions gets a hundred of them", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "flood 10000 subscribe orders.", "subscribe news", "subscribe orders.1")).toEqual([
      "ok 100, quota-exceeded 9900",
      "quota-exceeded: 100 subscriptions are open",
      "ok",
    ]);
    expect(await perform(puppet, "unsubscribe orders.1", "subscribe news")).toEqual(["true", "ok"]);
    await stage.system.stop(puppet);
    expect(stage.system.broker.publish("news", script("x"))).toBe(0);
  });

  it("with requests has a thousand of them under way, cancelled ones included", async () => {
    const stage = new Stage();
    const busy = stage.system.spawn<Uint8Array>(() => ({ receive: never }), { mailbox: { capacity: "unbounded" } });
    stage.system.registry.register("test/busy", busy);
    const puppet = await stage.spawn("puppet", { maxFuel: plentyOfFuel });
    const other = await stage.spawn("other", { maxFuel: plentyOfFuel });
    expect(await perform(puppet, "flood 20000 request test/busy")).toEqual(["ok 1000, quota-exceeded 19000"]);
    expect(await perform(other, "flood 20000 request-and-cancel test/busy")).toEqual(["ok 1000, quota-exceeded 19000"]);
    await stage.clock.advance(2000);
    expect(await perform(other, "callbacks", "flood 2 request test/busy")).toEqual(["none", "ok 2"]);
    expect(await perform(puppet, "callbacks")).toHaveLength(1000);
  });

  it("with refused requests holds no more of the host than with accepted ones", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet", { messagesPerSecond: 1, maxFuel: plentyOfFuel });
    expect(await perform(puppet, "flood 20000 request-and-cancel test/nobody")).toEqual([
      "ok 1000, quota-exceeded 19000",
    ]);
    await settled(stage.system);
    expect(await perform(puppet, "callbacks")).toEqual(["none"]);
  });
});

describe("a name that a component makes up", () => {
  it("is refused when it is long, so that the host has nothing long to remember", async () => {
    const stage = new Stage();
    const listener = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("news.#", listener.ref);
    const puppet = await stage.spawn("puppet");
    expect(
      await perform(puppet, "publish-to-long news. 252", "publish-to-long news. 251", "publish-to-long news. 100000"),
    ).toEqual([
      "send-failed: a topic has at most 256 characters",
      "1",
      "send-failed: a topic has at most 256 characters",
    ]);
    expect(
      await perform(
        puppet,
        "subscribe-to-long news. 252",
        "subscribe-to-long news. 251",
        "send-to-long test/ 252",
        "send-to-long test/ 251",
      ),
    ).toEqual([
      "send-failed: a topic has at most 256 characters",
      "ok",
      "component-not-found: nobody has a name that long",
      "component-not-found: nobody of that name is running",
    ]);
  });
});

/** A script with so much behind it that the whole has `bytes`. */
function padded(bytes: number, ...commands: readonly string[]): ReturnType<typeof rawPayload> {
  const payload = new Uint8Array(bytes);
  payload.set(script(...commands));
  return payload;
}

describe("a message that is too large for a component", () => {
  const limit = 524_288 / 8;

  it("is refused, however it comes, and does not take the component down", async () => {
    const stage = new Stage();
    const small = await stage.spawn("small", { maxBytes: 524_288 });
    const { broker } = stage.system;
    broker.subscribe("news", small);
    const tooLarge = { code: "WASM_MESSAGE_TOO_LARGE", component: "test/small", maxBytes: limit };
    expect(await rejection(small.ask(padded(limit + 1)))).toMatchObject(tooLarge);
    expect(await rejection(broker.request("test/small", padded(1_000_000)))).toMatchObject(tooLarge);
    expect(await rejection(small.ask(execute(new Uint8Array(limit + 1))))).toMatchObject(tooLarge);
    small.tell(padded(100_000_000));
    broker.publish("news", padded(1_000_000));
    await settled(stage.system);
    expect(stage.system.deadLetters.count("rejected")).toBe(2);
    expect(textOf(await small.ask(padded(limit, "payload-length")))).toBe(String(limit));
  });

  it("is refused for its headers and its topic as well", async () => {
    const stage = new Stage();
    const small = await stage.spawn("small", { maxBytes: 524_288 });
    const { broker } = stage.system;
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`header-${index}`, ""]));
    for (const headers of [{ "x-long": "x".repeat(limit) }, { ["x".repeat(limit)]: "" }, many]) {
      expect(await rejection(broker.request(small, script("count"), { headers }))).toMatchObject({
        code: "WASM_MESSAGE_TOO_LARGE",
      });
    }
    broker.subscribe("news.#", small);
    broker.publish(`news.${"x".repeat(limit)}`, script("count"));
    await settled(stage.system);
    expect(await perform(small, "count")).toEqual(["1"]);
  });

  it("is refused as arguments of a call", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger", maxBytes: 524_288 });
    const cyclic: unknown[] = [];
    cyclic.push(cyclic, cyclic);
    for (const argument of [
      "x".repeat(10_000_000),
      "ž".repeat(limit / 2 + 1),
      Array.from({ length: 1_000_000 }),
      cyclic,
    ]) {
      expect(await rejection(stranger.ask(call("length", argument)))).toMatchObject({ code: "WASM_MESSAGE_TOO_LARGE" });
    }
    expect(await stranger.ask(call("count-up"))).toBe(1);
  });

  it("cannot be made by a neighbour to take it down", async () => {
    const stage = new Stage();
    const victim = await stage.spawn("victim", { maxBytes: 524_288 });
    const attacker = await stage.spawn("attacker");
    await perform(victim, "subscribe news");
    await perform(
      attacker,
      "send-bytes test/victim 1000000 85",
      "publish-bytes news 1000000 85",
      "request test/victim 1000 say hello",
    );
    await settled(stage.system);
    expect(await perform(victim, "count")).toEqual(["1"]);
    expect(stage.events.allOf("actor-failed")).toEqual([]);
  });
});

describe("what a component says of a failure", () => {
  it("is shown without control characters and cut short, and is whole in the error", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    const forged = "x\r\n\u001B[31merror other/component: boo\u202E\u2028";
    const error = await rejection(puppet.ask(script(`refuse ${forged.replace("\n", "")}`)));
    expect((error as Error).message).toBe(
      "handle-message of test/puppet answered failed: x\\u000d\\u001b[31merror other/component: boo\\u202e\\u2028",
    );
    const long = await rejection(puppet.ask(script("refuse-long 100000")));
    expect((long as Error).message.length).toBeLessThan(300);
    expect(long).toMatchObject({ answer: { tag: "failed", val: "x".repeat(100_000) } });
  });
});

describe("a thousand crashes", () => {
  it("leave no name, no subscription, no request and no timer behind", async () => {
    const stage = new Stage();
    const busy = stage.system.spawn<Uint8Array>(() => ({ receive: never }));
    stage.system.registry.register("test/busy", busy);
    const atInit =
      "subscribe orders.*\nsubscribe news\npublish news born\nrequest test/nobody 1000 x\nrequest test/busy 1000 x";
    const { ref, supervisor } = await stage.supervise("puppet", {
      supervision: { backoff: soon, maxRestarts: 1000, withinMs: 1, health: { intervalMs: 86_400_000 } },
      config: { at_init: atInit, codecs: "" },
    });
    await settled(stage.system);
    const timers = stage.clock.pending;
    for (let crash = 0; crash < 1000; crash += 1) {
      ref.tell(script("trap"));
      await settled(stage.system);
      stage.clock.advanceSync(2);
    }
    expect(supervisor.whichChildren()).toMatchObject([{ state: "running", restarts: 1000 }]);
    await stage.clock.advance(2000);
    expect(await perform(ref, "count")).toEqual(["1"]);
    expect(stage.system.registry.size).toBe(2);
    expect(stage.system.broker.publish("orders.new", script("count"))).toBe(1);
    expect(stage.clock.pending).toBeLessThanOrEqual(timers);
    expect((await perform(ref, "callbacks")).length).toBe(2);
    await stage.system.stop(ref);
  });
});

describe("a plain actor", () => {
  it("cannot play the part of a component's own incarnation", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    for (const forged of [
      { kind: "death", cause: new Error("forged") },
      { kind: "callback", id: "request-1", outcome: { tag: "ok", val: new Uint8Array() } },
    ]) {
      expect(await rejection(puppet.ask(forged as never))).toMatchObject({ code: "WASM_UNKNOWN_MESSAGE" });
    }
    expect(await perform(puppet, "count")).toEqual(["1"]);
  });
});

describe("a component in an endless loop", () => {
  it.each([
    ["runs out of fuel", { maxFuel: 1_000_000 }, "ENGINE_FUEL_EXHAUSTED"],
    ["passes its deadline", { timeoutMs: 20 }, "ENGINE_DEADLINE_EXCEEDED"],
  ])("%s, and a fresh instance takes its place", async (_how, limit, code) => {
    const stage = new Stage();
    const { ref } = await stage.supervise("spinner", { guest: "spinner", supervision: { backoff: soon }, ...limit });
    expect(await ref.ask(call("count"))).toBe(1);
    expect(await rejection(ref.ask(call("spin")))).toMatchObject({ code: "RT_ACTOR_CRASHED", cause: { code } });
    const count = ref.ask(call("count"));
    await stage.clock.advance(1);
    expect(await count).toBe(1);
  });
});
