import { refuse, type ActorRef, type Refusal } from "@airssys/rt";
import { Probe, settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { jsonPayload, parseJsonPayload, rawPayload } from "../../src/index.ts";
import { perform, script, Stage, textOf } from "../stage.ts";

/** A plain actor that components know as `test/<name>`. */
function probe(stage: Stage, name: string): Probe<Uint8Array> {
  const made = new Probe<Uint8Array>(stage.system);
  stage.system.registry.register(`test/${name}`, made.ref);
  return made;
}

/** One that answers as told. */
function clerk(
  stage: Stage,
  name: string,
  receive: (payload: Uint8Array) => unknown,
  capacity = 1000,
): ActorRef<Uint8Array> {
  const ref = stage.system.spawn<Uint8Array>(() => ({ receive }), { mailbox: { capacity } });
  stage.system.registry.register(`test/${name}`, ref);
  return ref;
}

const never = (): Promise<void> => Promise.withResolvers<void>().promise;

describe("send", () => {
  it("delivers to a component and to a plain actor alike, in the order sent", async () => {
    const stage = new Stage();
    const listener = probe(stage, "listener");
    await stage.spawn("forwarder");
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "send test/forwarder send test/listener 1", "send test/listener 2", "send test/listener 3");
    await settled(stage.system);
    expect(listener.all.map(textOf)).toEqual(["2", "3", "1"]);
  });

  it("has delivered the bytes as they were when it was called", async () => {
    const stage = new Stage();
    const listener = probe(stage, "listener");
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "send-then-overwrite test/listener original");
    expect(textOf(await listener.next())).toBe("original");
  });

  it("carries the component's address as sender, and the message at hand as cause", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    const [caused, bare] = ["send test/nobody 1", "send test/nobody 2"];
    await stage.system.broker.request(puppet, script(caused), { correlationId: "c" });
    await perform(puppet, bare);
    const [first, second] = stage.system.deadLetters.list().map(({ envelope }) => envelope);
    expect(first).toMatchObject({ sender: "test/puppet", causationId: expect.stringMatching(/^test\./) });
    expect(second).toMatchObject({ sender: "test/puppet", causationId: undefined });
  });

  it("answers component-not-found when nobody of that name is running", async () => {
    const stage = new Stage();
    const installed = await stage.install("asleep");
    const puppet = await stage.spawn("puppet");
    const answer = "component-not-found: nobody of that name is running";
    expect(await perform(puppet, "send test/nobody hello", `send ${installed.address} hello`)).toEqual([
      answer,
      answer,
    ]);
    const ref = stage.system.spawn(installed.start);
    await stage.system.stop(ref);
    expect(await perform(puppet, `send ${installed.address} hello`)).toEqual([answer]);
  });

  it("answers not-permitted for whom [capabilities.messaging] send does not name", async () => {
    const stage = new Stage();
    const listener = probe(stage, "listener");
    const puppet = await stage.spawn("puppet", { messaging: { send: ["test/listener", "shop/*"] } });
    expect(
      await perform(
        puppet,
        "send test/listener yes",
        "send test/other no",
        "send test/listener/other no",
        "send shopping/x no",
        "send */* no",
        "send shop/ no",
        "send  no",
      ),
    ).toEqual([
      "ok",
      "not-permitted: test/puppet may not send to test/other",
      "not-permitted: test/puppet may not send to test/listener/other",
      "not-permitted: test/puppet may not send to shopping/x",
      "not-permitted: test/puppet may not send to */*",
      "not-permitted: test/puppet may not send to shop/",
      "not-permitted: test/puppet may not send to ",
    ]);
    await settled(stage.system);
    expect(listener.all.map(textOf)).toEqual(["yes"]);
  });

  it("answers not-permitted when the receiver's receive_from does not name the sender", async () => {
    const stage = new Stage();
    const choosy = await stage.spawn("choosy", { messaging: { subscribe: ["#"], receiveFrom: ["test/friend"] } });
    const friend = await stage.spawn("friend");
    const puppet = await stage.spawn("puppet");
    expect(await perform(friend, "send test/choosy count")).toEqual(["ok"]);
    expect(await perform(puppet, "send test/choosy count", "request test/choosy 100 count")).toEqual([
      "not-permitted: test/choosy does not receive from test/puppet",
      "not-permitted: test/choosy does not receive from test/puppet",
    ]);
    expect(await perform(choosy, "count")).toEqual(["2"]);
  });

  it("answers mailbox-full when the receiver holds all it can", async () => {
    const stage = new Stage();
    clerk(stage, "busy", never, 2);
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "send test/busy at-hand");
    await settled(stage.system);
    expect(await perform(puppet, "send test/busy 1", "send test/busy 2", "send test/busy 3")).toEqual([
      "ok",
      "ok",
      "mailbox-full: the receiver's mailbox is full",
    ]);
  });

  it("answers quota-exceeded beyond the message rate, and recovers with time", async () => {
    const stage = new Stage();
    probe(stage, "listener");
    const puppet = await stage.spawn("puppet", { messagesPerSecond: 5 });
    expect(await perform(puppet, "flood 8 send test/listener")).toEqual(["ok 5, quota-exceeded 3"]);
    expect(await perform(puppet, "publish a.b x")).toEqual(["quota-exceeded: faster than the message rate granted"]);
    await stage.clock.advance(400);
    expect(await perform(puppet, "flood 8 send test/listener")).toEqual(["ok 2, quota-exceeded 6"]);
  });

  it("answers payload-too-large for what the broker does not take", async () => {
    const stage = new Stage();
    const listener = probe(stage, "listener");
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "send-bytes test/listener 1048577 85", "send-bytes test/listener 1048576 85")).toEqual(
      ["payload-too-large: larger than the broker takes", "ok"],
    );
    expect((await listener.next()).length).toBe(1_048_576);
  });

  it("answers payload-too-large for more than an eighth of the receiver's memory", async () => {
    const stage = new Stage();
    const small = await stage.spawn("small", { maxBytes: 524_288 });
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "send-bytes test/small 65537 85")).toEqual([
      "payload-too-large: test/small has no room for 65537 bytes",
    ]);
    expect(await perform(small, "count")).toEqual(["1"]);
  });

  it("answers unsupported-codec for a payload that names none", async () => {
    const stage = new Stage();
    const listener = probe(stage, "listener");
    const puppet = await stage.spawn("puppet");
    const answer = "unsupported-codec: a payload begins with a multicodec prefix";
    expect(
      await perform(
        puppet,
        "send-bytes test/listener 10 7",
        "send-bytes test/listener 1 128",
        "publish-bytes a 10 7",
        "send-bytes test/listener 10 81",
      ),
    ).toEqual([answer, answer, answer, "ok"]);
    await settled(stage.system);
    expect(listener.all).toHaveLength(1);
  });

  it("answers unsupported-codec for a codec that the receiver did not declare", async () => {
    const stage = new Stage();
    await stage.spawn("plain", { guest: "plain", config: { greeting: "" } });
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "send test/plain raw", "request test/plain 100 raw")).toEqual([
      "unsupported-codec: test/plain does not understand raw",
      "unsupported-codec: test/plain does not understand raw",
    ]);
  });

  it("answers the same in every language", async () => {
    const stage = new Stage();
    const plain = await stage.spawn("plain", {
      guest: "plain",
      config: { greeting: "" },
      messaging: { send: ["test/*"] },
    });
    const listener = probe(stage, "listener");
    const ask = async (request: unknown): Promise<unknown> =>
      parseJsonPayload((await plain.ask(jsonPayload(request))) ?? new Uint8Array());
    expect(await ask({ command: "send", to: "test/listener" })).toBe("ok");
    expect(parseJsonPayload(await listener.next())).toEqual({ command: "config" });
    expect(await ask({ command: "send", to: "shop/x" })).toEqual({
      tag: "not-permitted",
      val: "test/plain may not send to shop/x",
    });
    expect(await ask({ command: "request", to: "test/listener", size: "100" })).toBe("request-1");
    expect(await ask({ command: "self" })).toEqual({ namespace: "test", name: "plain", version: "1.0.0" });
  });
});

describe("request", () => {
  it("calls back once, with the reply, under the id it returned", async () => {
    const stage = new Stage();
    clerk(stage, "echo", (payload) => payload);
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "request test/echo 1000 ping", "request test/echo 1000 pong")).toEqual([
      "request-1",
      "request-2",
    ]);
    await settled(stage.system);
    await stage.clock.advance(5000);
    expect(await perform(puppet, "callbacks")).toEqual(["request-1 reply ping", "request-2 reply pong"]);
  });

  it("reaches a component's handle-message, whose payload is the reply", async () => {
    const stage = new Stage();
    await stage.spawn("other");
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "request test/other 1000 say hi", "request test/other 1000 silence");
    await settled(stage.system);
    expect(await perform(puppet, "callbacks")).toEqual(["request-1 reply hi", "request-2 reply "]);
  });

  it("can be made of itself", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "request test/puppet 1000 say me");
    await settled(stage.system);
    expect(await perform(puppet, "callbacks")).toEqual(["request-1 reply me"]);
  });

  it("calls back with timeout when there is no reply in time", async () => {
    const stage = new Stage();
    clerk(stage, "silent", never);
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "request test/silent 1000 hello");
    await stage.clock.advance(900);
    expect(await perform(puppet, "callbacks")).toEqual(["none"]);
    await stage.clock.advance(200);
    expect(await perform(puppet, "callbacks")).toEqual(["request-1 timeout: no reply before the deadline"]);
  });

  it("calls back with send-failed when the receiver crashes, refuses or stops, and does not say more", async () => {
    const stage = new Stage();
    clerk(stage, "broken", () => {
      throw new TypeError("secret at /root/secret.ts");
    });
    const stopping = clerk(stage, "stopping", never);
    await stage.spawn("refusing");
    const { ref: crashing } = await stage.supervise("crashing", { supervision: { restart: "temporary" } });
    const puppet = await stage.spawn("puppet");
    await perform(
      puppet,
      "request test/broken 100000 a",
      "request test/stopping 100000 b",
      "request test/refusing 100000 refuse secret",
      "request test/crashing 100000 trap",
    );
    await stage.events.next("actor-stopped", crashing.path);
    const stopped = stage.system.stop(stopping);
    await stage.clock.advance(5000);
    await stopped;
    const callbacks = await perform(puppet, "callbacks");
    const failed = "send-failed: the receiver crashed, stopped or refused";
    expect(callbacks.toSorted()).toEqual([1, 2, 3, 4].map((number) => `request-${number} ${failed}`));
    expect(callbacks.join()).not.toContain("secret");
  });

  it("calls back with the reason when the message does not reach anybody", async () => {
    const stage = new Stage();
    clerk(stage, "busy", never, 1);
    const puppet = await stage.spawn("puppet", { messagesPerSecond: 5 });
    await perform(puppet, "send test/busy at-hand");
    await settled(stage.system);
    await perform(
      puppet,
      "send test/busy waiting",
      "request test/busy 1000 a",
      "request test/nobody 1000 b",
      "request test/nobody 1000 c",
      "request test/nobody 1000 d",
    );
    await settled(stage.system);
    const callbacks = await perform(puppet, "callbacks");
    expect(callbacks).toEqual([
      "request-1 mailbox-full: the receiver's mailbox is full",
      "request-2 component-not-found: nobody of that name is running",
      "request-3 component-not-found: nobody of that name is running",
      "request-4 quota-exceeded: faster than the message rate granted",
    ]);
  });

  it("answers at once for what is not even asked", async () => {
    const stage = new Stage();
    probe(stage, "listener");
    const puppet = await stage.spawn("puppet", { messaging: { send: ["test/*"] } });
    expect(
      await perform(puppet, "request shop/x 1000 a", "request test/listener 0 a", "request test/listener 300001 a"),
    ).toEqual([
      "not-permitted: test/puppet may not send to shop/x",
      "send-failed: a request waits 1 to 300000 ms, not 0",
      "send-failed: a request waits 1 to 300000 ms, not 300001",
    ]);
  });

  it("hands over a reply only if it is a payload that the component has room for", async () => {
    const stage = new Stage();
    const replies: Record<string, unknown> = {
      nothing: undefined,
      empty: new Uint8Array(),
      text: "a text",
      unprefixed: Uint8Array.of(1, 2, 3),
      large: rawPayload(new Uint8Array(65_536)),
      fitting: rawPayload(new TextEncoder().encode("fits")),
    };
    clerk(stage, "oracle", (payload) => replies[textOf(payload)]);
    const puppet = await stage.spawn("puppet", { maxBytes: 524_288 });
    await perform(puppet, ...Object.keys(replies).map((name) => `request test/oracle 1000 ${name}`));
    await settled(stage.system);
    const callbacks = await perform(puppet, "callbacks");
    expect(callbacks).toEqual([
      "request-1 reply ",
      "request-2 reply ",
      "request-3 unsupported-codec: the reply is no payload",
      "request-4 unsupported-codec: the reply is no payload",
      "request-5 payload-too-large: the reply is larger than this component takes",
      "request-6 reply fits",
    ]);
  });

  it("whose callback is refused leaves a dead letter, and whose callback traps is a crash", async () => {
    const stage = new Stage();
    clerk(stage, "echo", (payload) => payload);
    const refusing = await stage.spawn("refusing", { config: { at_callback: "refuse that", codecs: "" } });
    await perform(refusing, "request test/echo 1000 a");
    await settled(stage.system);
    expect(stage.system.deadLetters.list()).toMatchObject([
      { reason: "rejected", message: { kind: "callback", id: "request-1" } },
    ]);
    const trapping = await stage.spawn("trapping", { config: { at_callback: "trap", codecs: "" } });
    await perform(trapping, "request test/echo 1000 a");
    expect((await stage.events.next("actor-failed", trapping.path)).error).toMatchObject({
      code: "ENGINE_COMPONENT_TRAP",
    });
  });
});

describe("cancel-request", () => {
  it("before the outcome is there means that no callback comes", async () => {
    const stage = new Stage();
    const reply = Promise.withResolvers<Uint8Array>();
    clerk(stage, "slow", () => reply.promise);
    const puppet = await stage.spawn("puppet");
    expect(
      await perform(puppet, "request test/slow 1000 a", "cancel request-1", "cancel request-1", "cancel request-9"),
    ).toEqual(["request-1", "true", "false", "false"]);
    reply.resolve(script("late"));
    await settled(stage.system);
    expect(await perform(puppet, "callbacks")).toEqual(["none"]);
  });

  it("while the outcome waits in the mailbox means that no callback comes", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    // The refusal is known before the message at hand is done with, and a cancel is all that stands before its callback.
    expect(await perform(puppet, "request-and-cancel test/nobody hello")).toEqual(["true"]);
    await settled(stage.system);
    expect(await perform(puppet, "callbacks")).toEqual(["none"]);
  });

  it("after the callback is too late", async () => {
    const stage = new Stage();
    clerk(stage, "echo", (payload) => payload);
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "request test/echo 1000 a");
    await settled(stage.system);
    expect(await perform(puppet, "cancel request-1", "callbacks")).toEqual(["false", "request-1 reply a"]);
  });

  it("does not reach another component's requests", async () => {
    const stage = new Stage();
    clerk(stage, "silent", never);
    const puppet = await stage.spawn("puppet");
    const thief = await stage.spawn("thief");
    await perform(puppet, "request test/silent 1000 a");
    expect(await perform(thief, "cancel request-1")).toEqual(["false"]);
    expect(await perform(puppet, "cancel request-1")).toEqual(["true"]);
  });
});

describe("publish", () => {
  it("reaches every subscriber once for each pattern that matches, and says how many took it", async () => {
    const stage = new Stage();
    const listener = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("orders.*", listener.ref);
    const puppet = await stage.spawn("puppet");
    expect(
      await perform(
        puppet,
        "subscribe orders.new",
        "publish orders.new say hi",
        "publish orders x",
        "publish other.new x",
      ),
    ).toEqual(["ok", "2", "0", "0"]);
    expect(textOf(await listener.next())).toBe("say hi");
  });

  it("answers not-permitted for topics that are not granted, and for what is no topic", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet", { messaging: { publish: ["orders.*"] } });
    expect(
      await perform(
        puppet,
        "publish orders.new x",
        "publish orders x",
        "publish orders.new.eu x",
        "publish orders.* x",
        "publish orders. x",
        "publish # x",
      ),
    ).toEqual([
      "0",
      ...["orders", "orders.new.eu", "orders.*", "orders.", "#"].map(
        (topic) => `not-permitted: test/puppet may not publish to ${topic}`,
      ),
    ]);
  });

  it("passes over a subscriber whose mailbox is full, and leaves a dead letter for it", async () => {
    const stage = new Stage();
    const busy = clerk(stage, "busy", never, 1);
    stage.system.broker.subscribe("news", busy);
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "publish news at-hand");
    await settled(stage.system);
    expect(await perform(puppet, "publish news waiting", "publish news lost")).toEqual(["1", "0"]);
    expect(stage.system.deadLetters.count("mailbox-full")).toBe(1);
  });

  it("in a codec that a subscriber did not declare is refused for that one, as a dead letter", async () => {
    const stage = new Stage();
    const reader = await stage.spawn("reader", { config: { codecs: "81" } });
    stage.system.broker.subscribe("news", reader);
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "publish news trap")).toEqual(["1"]);
    await settled(stage.system);
    expect(stage.system.deadLetters.list()).toMatchObject([{ reason: "rejected", recipient: reader.path }]);
    expect(stage.events.allOf("actor-failed")).toEqual([]);
  });
});

describe("subscribe", () => {
  it("has matching messages handed over until unsubscribed; twice is the same as once", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    const { broker } = stage.system;
    expect(await perform(puppet, "subscribe orders.#", "subscribe orders.#", "unsubscribe other")).toEqual([
      "ok",
      "ok",
      "false",
    ]);
    expect(broker.publish("orders.new.eu", script("count"))).toBe(1);
    expect(await perform(puppet, "count", "unsubscribe orders.#", "unsubscribe orders.#")).toEqual([
      "2",
      "true",
      "false",
    ]);
    expect(broker.publish("orders.new.eu", script("count"))).toBe(0);
  });

  it("answers not-permitted for a pattern that sees more than the grant", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet", { messaging: { subscribe: ["orders.*", "news.#"] } });
    const granted = ["orders.new", "orders.*", "news.#", "news.*.eu", "news"];
    const refused = ["#", "*", "orders", "orders.#", "orders.*.*", "*.new", "news#", "", "orders..new"];
    expect(await perform(puppet, ...[...granted, ...refused].map((pattern) => `subscribe ${pattern}`))).toEqual([
      ...granted.map(() => "ok"),
      ...refused.map((pattern) => `not-permitted: test/puppet may not subscribe to ${pattern}`),
    ]);
  });
});

describe("self-id", () => {
  it("is who the manifest says", async () => {
    const stage = new Stage();
    expect(await perform(await stage.spawn("puppet"), "self", "identity")).toEqual([
      "test/puppet@1.0.0",
      "test/puppet@1.0.0",
    ]);
  });
});

const refusing = (): Refusal => refuse(new RangeError("disk /var/audit is full"));

describe("what a component is told of another's failure", () => {
  it("is never the host's own text", async () => {
    const stage = new Stage({ broker: { interceptors: [refusing], permits: (sender) => sender !== "test/banned" } });
    probe(stage, "listener");
    const puppet = await stage.spawn("puppet");
    const banned = await stage.spawn("banned");
    expect(await perform(puppet, "send test/listener a", "publish news a")).toEqual([
      "send-failed: the receiver crashed, stopped or refused",
      "send-failed: the receiver crashed, stopped or refused",
    ]);
    expect(await perform(banned, "send test/listener a")).toEqual(["not-permitted: the broker does not permit it"]);
  });
});
