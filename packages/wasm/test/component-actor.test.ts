import { Probe } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ComponentRefusedError,
  encodePayload,
  execute,
  jsonPayload,
  PayloadError,
  UnknownMessageError,
  type ComponentMessage,
} from "../src/index.ts";
import { perform, rejection, script, Stage, textOf } from "./stage.ts";
import { waysToRun } from "./ways.ts";

const utf8 = {
  encode: (text: string) => new TextEncoder().encode(text),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};

describe.each(waysToRun())("a message, run %s", (_run, way) => {
  it("that is told has no sender, no topic, no correlation id, and the time of the system's clock", async () => {
    const stage = new Stage(way);
    const listener = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("test.seen", listener.ref);
    const puppet = await stage.spawn("puppet");
    stage.clock.advanceSync(1_234);
    puppet.tell(script("envelope", "report test.seen"));
    expect(textOf(await listener.next())).toBe("nobody topic=none correlation=none at=1700000001.234000000");
  });

  it("that is asked has a correlation id", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "envelope")).toEqual(["nobody topic=none correlation=direct at=1700000000.0"]);
    const reply = await stage.system.broker.request("test/puppet", script("envelope"), { correlationId: "order-7" });
    expect(textOf(reply)).toBe("nobody topic=none correlation=order-7 at=1700000000.0");
  });

  it("has the headers of its envelope, and the time at which it was sent", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    const reply = stage.system.broker.request(puppet, script("envelope"), { headers: { tenant: "zoë", trace: "" } });
    stage.clock.advanceSync(900);
    expect(textOf(await reply)).toMatch(/ at=1700000000\.0 tenant=zoë trace=$/);
  });

  it("names the component that sent it, and the topic it was published to", async () => {
    const stage = new Stage(way);
    const listener = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("test.seen", listener.ref);
    const alice = await stage.spawn("alice");
    const bob = await stage.spawn("bob");
    await perform(bob, "subscribe news.*");
    await perform(alice, "send test/bob envelope;report test.seen");
    expect(textOf(await listener.next())).toBe("test/alice@1.0.0 topic=none correlation=none at=1700000000.0");
    await perform(alice, "publish news.today envelope;report test.seen");
    expect(textOf(await listener.next())).toBe("test/alice@1.0.0 topic=news.today correlation=none at=1700000000.0");
  });

  it("has no sender when somebody sent it who is no component, whatever he calls himself", async () => {
    const stage = new Stage(way);
    await stage.spawn("puppet");
    const reply = await stage.system.broker.request("test/puppet", script("envelope"), { sender: "test/stranger" });
    expect(textOf(reply)).toMatch(/^nobody /);
  });

  it("is answered with the payload that was returned, or with nothing", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    expect(await puppet.ask(script("say hello"))).toEqual(encodePayload("raw", utf8.encode("hello")));
    expect(await puppet.ask(script("silence"))).toBeUndefined();
  });

  it("that is refused rejects who asked, with the answer, and the component lives on", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    await perform(puppet, "remember me");
    const error = await rejection(puppet.ask(script("refuse-input month 13")));
    expect(error).toBeInstanceOf(ComponentRefusedError);
    expect(error).toMatchObject({
      code: "WASM_COMPONENT_REFUSED",
      component: "test/puppet",
      operation: "handle-message",
      answer: { tag: "invalid-input", val: "month 13" },
      message: "handle-message of test/puppet answered invalid-input: month 13",
    });
    expect(await perform(puppet, "recall")).toEqual(["me"]);
    expect(stage.events.allOf("actor-failed")).toEqual([]);
  });

  it("that is refused and that nobody asked about is a dead letter", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    puppet.tell(script("refuse not today"));
    await perform(puppet, "count");
    expect(stage.system.deadLetters.list()).toMatchObject([{ reason: "rejected", recipient: puppet.path }]);
  });

  it("is handed over only in a codec that the component declared", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet", { config: { codecs: "85" } });
    expect(await perform(puppet, "say raw")).toEqual(["raw"]);
    expect(await rejection(puppet.ask(jsonPayload(1)))).toBeInstanceOf(PayloadError);
    expect(await rejection(puppet.ask(Uint8Array.of(1, 2, 3)))).toMatchObject({ code: "WASM_PAYLOAD_INVALID" });
    stage.system.broker.send("test/puppet", new Uint8Array());
    expect(await perform(puppet, "count")).toEqual(["1"]);
    expect(stage.system.deadLetters.count("rejected")).toBe(1);
  });

  it("is handed over in no codec when the component declared only codes that nobody knows", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet", { config: { codecs: "153" } });
    expect(await rejection(puppet.ask(script("say hello")))).toBeInstanceOf(PayloadError);
  });

  it("of a kind that no component takes is refused, and the component lives on", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    for (const nonsense of [
      "text",
      null,
      undefined,
      7,
      { kind: "pardon" },
      [],
      { kind: "toString" },
      { kind: "call", name: "x" },
      { kind: "call", name: "x", args: "y" },
    ]) {
      const error = await rejection(puppet.ask(nonsense as unknown as ComponentMessage));
      expect(error).toBeInstanceOf(UnknownMessageError);
      expect(error).toMatchObject({ code: "WASM_UNKNOWN_MESSAGE", component: "test/puppet" });
    }
    expect(await perform(puppet, "count")).toEqual(["1"]);
  });

  it("with headers that are no texts is refused, and the component lives on", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    const headers = { tenant: 7 } as unknown as Record<string, string>;
    const error = await rejection(stage.system.broker.request(puppet, script("count"), { headers }));
    expect(error).toMatchObject({ code: "WASM_BAD_ARGUMENT", operation: "handle-message" });
    expect(await perform(puppet, "count")).toEqual(["1"]);
  });
});

describe.each(waysToRun())("execute, run %s", (_run, way) => {
  it("is told on whose behalf it runs, and how long the caller still waits", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    const { broker } = stage.system;
    expect(utf8.decode(await puppet.ask(execute(utf8.encode("context"))))).toBe("none none");
    const asked = broker.request(puppet, execute(utf8.encode("context")), { correlationId: "c-1", timeoutMs: 2500 });
    stage.clock.advanceSync(1000);
    expect(utf8.decode((await asked) as Uint8Array)).toBe("c-1 1500");
  });

  it("refuses with an answer, and the component lives on", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    for (const [operation, answer] of [
      ["dance", { tag: "unknown-operation", val: "dance" }],
      ["invalid", { tag: "invalid-input", val: "no such input" }],
      ["fail", { tag: "failed", val: "it broke" }],
    ] as const) {
      const error = await rejection(puppet.ask(execute(utf8.encode(operation))));
      expect(error).toMatchObject({ code: "WASM_COMPONENT_REFUSED", operation: "execute", answer });
    }
    expect(await perform(puppet, "count")).toEqual(["1"]);
  });

  it("of something that is no bytes is refused, and the component lives on", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    const error = await rejection(puppet.ask(execute("context" as unknown as Uint8Array)));
    expect(error).toMatchObject({ code: "WASM_BAD_ARGUMENT", component: "test/puppet", operation: "execute" });
    expect(await perform(puppet, "count")).toEqual(["1"]);
  });

  it("takes any deadline a caller may have", async () => {
    const stage = new Stage(way);
    const puppet = await stage.spawn("puppet");
    stage.system.broker.send(puppet, execute(utf8.encode("context")), { deadline: Number.POSITIVE_INFINITY });
    expect(await perform(puppet, "count")).toEqual(["1"]);
  });
});
