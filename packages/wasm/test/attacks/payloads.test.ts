import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { call, encodePayload, jsonPayload, parseJsonPayload, PayloadError, rawPayload } from "../../src/index.ts";
import { callHost } from "../caller.ts";
import { perform, rejection, script, Stage, textOf } from "../stage.ts";

const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];

/** What every object of the host has. */
const before = Object.getOwnPropertyNames(Object.prototype).join(" ");

function expectNothingChanged(): void {
  expect(Reflect.get({}, "polluted")).toBeUndefined();
  expect(Object.getOwnPropertyNames(Object.prototype).join(" ")).toBe(before);
}

const forged = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';

describe("a message that would change the host's objects", () => {
  it("is a value like any other", () => {
    const payload = jsonPayload(JSON.parse(forged));
    const parsed = parseJsonPayload(payload);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.keys(Object(parsed))).toEqual(["__proto__", "constructor"]);
    expectNothingChanged();
  });

  it("finds nothing by its header names, its topic or its correlation id", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    const headers = JSON.parse('{"__proto__":"polluted","constructor":"x","toString":"y"}') as Record<string, string>;
    const told = textOf(
      await stage.system.broker.request("test/puppet", script("envelope"), { headers, correlationId: "__proto__" }),
    );
    expect(told).toContain("correlation=__proto__");
    expect(told).toContain(" __proto__=polluted constructor=x toString=y");
    for (const name of names) {
      expect(await perform(puppet, `subscribe ${name}`)).toEqual(["ok"]);
      expect(stage.system.broker.publish(name, script("count"))).toBe(1);
    }
    expectNothingChanged();
  });

  it.each(names)("finds nobody and nothing that is called %s", async (name) => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    expect(await callHost(caller, "messaging.send", name, { text: "x" })).toEqual({
      err: { tag: "not-permitted", val: expect.any(String) },
    });
    // What no component can be called is not even granted by a pattern for all.
    const tag = /^[a-z]+$/.test(name) ? "component-not-found" : "not-permitted";
    expect(await callHost(caller, "messaging.send", `test/${name}`, { text: "x" })).toMatchObject({ err: { tag } });
    expect(await callHost(caller, "configuration.get", name)).toEqual({ ok: null });
    expect(await callHost(caller, "directory.getComponentMetadata", name)).toEqual({ ok: null });
    expect(await callHost(caller, "messaging.cancelRequest", name)).toEqual({ ok: false });
    expect(await callHost(caller, "metrics.counter", name, [], 1)).toEqual({ ok: null });
    expect(stage.host.metrics.series().map((series) => series.name)).toEqual([name]);
    expect(await rejection(caller.ask(call(name)))).toMatchObject({ code: "WASM_UNKNOWN_EXPORT" });
    expectNothingChanged();
  });

  it.each(names)("keeps a value under %s as under any other key", async (name) => {
    const stage = new Stage();
    const archivist = await stage.spawn("archivist", { guest: "archivist", storage: ["shelf"] });
    expect(await callHost(archivist, "storage.get", "shelf", name)).toEqual({ ok: null });
    await callHost(archivist, "storage.set", "shelf", name, { text: "mine" });
    expect(await callHost(archivist, "storage.listKeys", "shelf", "", null, 10)).toMatchObject({
      ok: { keys: [name] },
    });
    expect(await callHost(archivist, "storage.delete", "shelf", name)).toEqual({ ok: true });
    expectNothingChanged();
  });

  it("has no part of the host's in the arguments of a call", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger" });
    const bad = { code: "WASM_BAD_ARGUMENT" };
    for (const argument of [JSON.parse(forged) as unknown, { length: 3 }, Object.create({ length: 3 }) as unknown]) {
      expect(await rejection(stranger.ask(call("length", argument)))).toMatchObject(bad);
    }
    expect(await stranger.ask(call("length", "abc"))).toBe(3);
    expectNothingChanged();
  });
});

describe("a message that is deep", () => {
  const depth = 100_000;
  const deep = new TextEncoder().encode("[".repeat(depth) + "]".repeat(depth));

  it("is read like any other, and refused when it is cut off", () => {
    const payload = encodePayload("json", deep);
    expect(Array.isArray(parseJsonPayload(payload))).toBe(true);
    expect(() => parseJsonPayload(payload.subarray(0, -1))).toThrow(PayloadError);
  });

  it("is the end of the instance that does not bear it, and of nothing else", async () => {
    const stage = new Stage();
    const bystander = await stage.spawn("puppet");
    const caller = await stage.spawn("caller", { guest: "caller", maxFuel: 10_000_000_000 });
    expect(await rejection(caller.ask(encodePayload("json", deep)))).toMatchObject({ code: "RT_ACTOR_CRASHED" });
    await settled(stage.system);
    expect(await perform(bystander, "count")).toEqual(["1"]);
  });

  it("as arguments of a call is refused, though it is deeper than any stack", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger" });
    let nested: unknown = [];
    for (let at = 0; at < depth; at += 1) nested = [nested];
    expect(await rejection(stranger.ask(call("length", nested)))).toMatchObject({ code: "WASM_BAD_ARGUMENT" });
    expect(await stranger.ask(call("count-up"))).toBe(1);
  });

  it("in bytes that are none of its codec is refused before the component sees it", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    for (const bytes of [[], [0], [0x80], [0x80, 0x05], [0xff, 0xff, 0xff]]) {
      expect(await rejection(puppet.ask(Uint8Array.from(bytes)))).toMatchObject({ code: "WASM_PAYLOAD_INVALID" });
    }
    expect(textOf(await puppet.ask(rawPayload(new TextEncoder().encode("count"))))).toBe("1");
  });
});
