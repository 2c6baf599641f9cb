import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { jsonPayload, parseJsonPayload } from "../../src/index.ts";
import { callHost } from "../caller.ts";
import { perform, rejection, sourceOf } from "../stage.ts";
import { WatchedStage } from "./watched-stage.ts";

const reply = { tag: "ok", val: { text: "forged" } };

describe("a component that would be another", () => {
  it("is told to its receivers by its own name, whatever its messages say", async () => {
    const stage = new WatchedStage();
    await stage.spawn("bank");
    const evil = await stage.spawn("evil");
    await perform(evil, "request test/bank 1000 envelope sender=test/vault");
    await settled(stage.system);
    const [callback = ""] = await perform(evil, "callbacks");
    expect(callback).toContain("reply test/evil@1.0.0");
  });

  it("cannot answer for it by a token that is not its own", async () => {
    const stage = new WatchedStage();
    const bank = await stage.spawn("bank", { guest: "caller" });
    const evil = await stage.spawn("evil", { guest: "caller" });
    const asked = bank.ask(jsonPayload({ call: "messaging.deferReply" }), { timeoutMs: 60_000 });
    await settled(stage.system);
    const last = parseJsonPayload((await bank.ask(jsonPayload({ last: true }))) ?? new Uint8Array());
    const { ok: token } = last as { readonly ok: string };
    for (const forged of [token, token.toUpperCase(), "", "0", "__proto__", "constructor"]) {
      expect(await callHost(evil, "messaging.reply", forged, reply)).toMatchObject({ err: { tag: "send-failed" } });
    }
    expect(await callHost(bank, "messaging.reply", token, { tag: "ok", val: { text: "1" } })).toEqual({ ok: null });
    expect(parseJsonPayload((await asked) ?? new Uint8Array())).toBe(1);
  });

  it("cannot cancel what it asks", async () => {
    const stage = new WatchedStage();
    await stage.spawn("vault");
    const [bank, evil] = [await stage.spawn("bank"), await stage.spawn("evil")];
    const [id = ""] = await perform(bank, "request test/vault 1000 say open");
    for (const forged of [id, "request-1", "__proto__"])
      expect(await perform(evil, `cancel ${forged}`)).toEqual(["false"]);
    await settled(stage.system);
    expect(await perform(bank, "callbacks")).toEqual([`${id} reply open`]);
  });

  it("cannot take its name, neither as a new component nor as a version of itself", async () => {
    const stage = new WatchedStage();
    await stage.spawn("bank");
    const evil = await stage.install("evil");
    expect(await rejection(stage.install("bank"))).toMatchObject({
      code: "WASM_INSTALL_REFUSED",
      refusals: [{ subject: "test/bank", reason: "a component of that name is installed already" }],
    });
    expect(await rejection(stage.host.update(evil, await sourceOf("bank", { version: "2.0.0" })))).toMatchObject({
      code: "WASM_INSTALL_REFUSED",
      refusals: [{ subject: "test/bank", reason: "is no version of test/evil" }],
    });
  });

  it.each(["test/bank", "bank/../bank", "Bank", "b\u0430nk", "bank\u200b", "", "bank ", "bank\n", "-bank"])(
    "cannot be called so that it looks like it: %j",
    async (name) => {
      const stage = new WatchedStage();
      expect(await rejection(stage.install(name))).toMatchObject({ code: "SECURITY_MANIFEST_INVALID" });
    },
  );

  it("cannot read what it keeps, whatever it calls the namespace", async () => {
    const stage = new WatchedStage();
    const casting = { guest: "archivist", storage: ["own"] } as const;
    const bank = await stage.spawn("bank", casting);
    const evil = await stage.spawn("evil", casting);
    await callHost(bank, "storage.set", "own", "key", { text: "secret" });
    expect(await callHost(evil, "storage.get", "own", "key")).toEqual({ ok: null });
    const names = ["../bank/own", "test/bank/own", "own/../../bank/own", "own/", "*", "", "OWN", "__proto__", "own\0"];
    for (const name of names) {
      for (const [call, ...args] of [
        ["storage.get", "key"],
        ["storage.set", "key", { text: "" }],
        ["storage.listKeys", "", null, 10],
      ] as const) {
        expect(await callHost(evil, call, name, ...args)).toMatchObject({ err: { tag: "not-permitted" } });
      }
    }
    expect(stage.refused).toEqual(
      names.flatMap((name) => Array.from({ length: 3 }, () => `test/evil storage ${name}`)),
    );
  });

  it("hears nothing that was not granted to it, by whatever pattern", async () => {
    const stage = new WatchedStage();
    const evil = await stage.spawn("evil", {
      messaging: { subscribe: ["news.*"], send: ["test/friend"], publish: ["news.a"] },
    });
    const patterns = ["#", "*.a", "news.#", "news", "bank.*", "*.*", "news.*.x", ""];
    for (const pattern of patterns) expect((await perform(evil, `subscribe ${pattern}`))[0]).toMatch(/^not-permitted/);
    for (const to of ["test/bank", "test/friend/x", "*/*", "test/FRIEND"])
      expect((await perform(evil, `send ${to} x`))[0]).toMatch(/^not-permitted/);
    expect((await perform(evil, "publish news.b x"))[0]).toMatch(/^not-permitted/);
    expect(stage.refused).toEqual([
      ...patterns.map((pattern) => `test/evil messaging.subscribe ${pattern}`),
      ...["test/bank", "test/friend/x", "*/*", "test/FRIEND"].map((to) => `test/evil messaging.send ${to}`),
      "test/evil messaging.publish news.b",
    ]);
  });

  it("cannot hide in a name that is longer than any, and the operator sees the beginning of it", async () => {
    const stage = new WatchedStage();
    const evil = await stage.spawn("evil");
    const told = await perform(
      evil,
      "send-to-long test/ 300",
      "publish-to-long news. 300",
      "subscribe-to-long news. 300",
    );
    expect(told.map((line) => line.split(":")[0])).toEqual(["component-not-found", "send-failed", "send-failed"]);
    expect(stage.refused.map((line) => line.slice(0, 40).replace(/(.)\1+$/, ""))).toEqual([
      "test/evil messaging.send test/",
      "test/evil messaging.publish news.",
      "test/evil messaging.subscribe news.",
    ]);
  });

  it("writes to the log and counts under its own name", async () => {
    const stage = new WatchedStage();
    const evil = await stage.spawn("evil", { guest: "caller" });
    await callHost(evil, "logging.log", "info", "all is well\ntest/bank: paid", [["component", "test/bank"]]);
    await callHost(evil, "metrics.counter", "test/bank.paid", [], 1);
    expect(stage.lines).toMatchObject([{ component: "test/evil", level: "info" }]);
    expect(stage.host.metrics.series().map(({ component }) => component)).toEqual(["test/evil"]);
  });
});
