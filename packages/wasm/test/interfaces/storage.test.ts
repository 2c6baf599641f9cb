import { Readable } from "node:stream";
import type { LogRecord } from "@airssys/rt";
import type { QuotaLevelChange } from "@airssys/security";
import { openMemoryStore, storeOn, type Backend } from "@airssys/storage";
import { describe, expect, it } from "vitest";
import { ComponentHost, type InstallOptions } from "../../src/index.ts";
import { callHost } from "../caller.ts";
import { guest } from "../guests.ts";
import { manifestFor, perform, rejection, script, sourceOf, Stage, type Casting } from "../stage.ts";
import { waysToWait } from "../ways.ts";

const hoarder: Casting = { guest: "hoarder", storage: ["hoard", "other"] };
const archivist: Casting = { guest: "archivist", storage: ["shelf"] };
const refused = (tag: string) => ({ err: { tag, val: expect.any(String) } });
const granting = (namespaces: readonly string[]): InstallOptions => ({ grants: { storage: { namespaces } } });
const soon = { minMs: 1, maxMs: 1, jitter: 0 };

describe.each(waysToWait())("storage in AssemblyScript, run %s", (_run, way) => {
  it("keeps, finds, lists, counts and deletes", async () => {
    const stage = new Stage(way);
    const ref = await stage.spawn("hoarder", hoarder);
    expect(
      await perform(
        ref,
        "get a/1",
        "exists a/1",
        "delete a/1",
        "set a/1 žluť",
        "get a/1",
        "exists a/1",
        "set-new a/1 again",
        "set-new a/2 two",
        "set-at a/1 1 red",
        "set-at a/1 1 late",
        "get a/1",
        "apply b=3 a/2",
        "list a 10",
        "usage",
        "delete b",
        "in other",
        "usage",
      ),
    ).toEqual([
      "none",
      "false",
      "false",
      "ok",
      "žluť at 1",
      "true",
      "false",
      "true",
      "true",
      "false",
      "red at 3",
      "ok",
      "a/1 then none",
      "2 8 of 1000000",
      "true",
      "ok",
      "0 0 of 1000000",
    ]);
  });

  it("lists page by page", async () => {
    const stage = new Stage(way);
    const ref = await stage.spawn("hoarder", hoarder);
    const [, first = ""] = await perform(ref, "apply k1=1 k2=2 k3=3 x=4", "list k 2");
    const cursor = /^k1,k2 then (.+)$/.exec(first)?.[1] ?? "none";
    expect(cursor).not.toBe("none");
    expect(await perform(ref, `list k 2 ${cursor}`, "list k 0", "list k 4000000000")).toEqual([
      "k3 then none",
      expect.stringMatching(/^k1 then ./),
      "k1,k2,k3 then none",
    ]);
  });

  it("refuses with the case of storage-error that it is, and changes nothing", async () => {
    const stage = new Stage(way);
    const maxBytes = 1_048_576;
    const ref = await stage.spawn("hoarder", { ...hoarder, maxBytes, storageBytes: 200_000 });
    const long = "k".repeat(1024);
    expect(
      await perform(
        ref,
        `set ${long} fits`,
        `set ${long}k not`,
        "set  empty",
        "list k 2 made-up",
        `fill large ${maxBytes / 8}`,
        `fill larger ${maxBytes / 8 + 1}`,
        `fill second ${maxBytes / 8}`,
        "in nowhere",
        "set x y",
        "get x",
        "usage",
      ),
    ).toEqual([
      "ok",
      "invalid-key: a key has at most 1024 bytes",
      "invalid-key: a key is not empty",
      "invalid-key: a cursor is of a page with the same prefix",
      "ok",
      "value-too-large: larger than this component may keep",
      "quota-exceeded: the namespaces would hold more than their quota",
      "ok",
      "not-permitted: no namespace nowhere was granted",
      "not-permitted: no namespace nowhere was granted",
      "not-permitted: no namespace nowhere was granted",
    ]);
    expect(await perform(ref, "in hoard", "usage")).toEqual(["ok", "2 132105 of 200000"]);
  });
});

describe.each(waysToWait())("storage in TypeScript, run %s", (_run, way) => {
  it("keeps, finds, lists, counts and deletes", async () => {
    const stage = new Stage(way);
    const ref = await stage.spawn("archivist", archivist);
    const shelf = (fn: string, ...args: readonly unknown[]) => callHost(ref, `storage.${fn}`, "shelf", ...args);
    expect(await shelf("get", "a")).toEqual({ ok: null });
    expect(await shelf("exists", "a")).toEqual({ ok: false });
    expect(await shelf("set", "a", { text: "1" })).toEqual({ ok: null });
    expect(await shelf("get", "a")).toEqual({ ok: { value: { text: "1" }, version: 1 } });
    expect(await shelf("exists", "a")).toEqual({ ok: true });
    expect(await shelf("compareAndSet", "a", { text: "2" }, 1)).toEqual({ ok: true });
    expect(await shelf("compareAndSet", "a", { text: "3" }, 1)).toEqual({ ok: false });
    expect(await shelf("compareAndSet", "a", { text: "3" }, null)).toEqual({ ok: false });
    expect(await shelf("compareAndSet", "b", { text: "3" }, null)).toEqual({ ok: true });
    const changes = [
      { tag: "set", val: ["c", { text: "4" }] },
      { tag: "delete", val: "b" },
    ];
    expect(await shelf("apply", changes)).toEqual({ ok: null });
    expect(await shelf("listKeys", "", null, 1)).toEqual({ ok: { keys: ["a"], cursor: expect.any(String) } });
    expect(await shelf("usage")).toEqual({ ok: { keys: 2, bytes: 8, quotaBytes: 1_000_000 } });
    expect(await shelf("delete", "a")).toEqual({ ok: true });
    expect(await shelf("delete", "a")).toEqual({ ok: false });
  });

  it("refuses with the case of storage-error that it is, and changes nothing", async () => {
    const stage = new Stage(way);
    const ref = await stage.spawn("archivist", { ...archivist, storageBytes: 10 });
    const shelf = (fn: string, ...args: readonly unknown[]) => callHost(ref, `storage.${fn}`, "shelf", ...args);
    for (const fn of ["get", "exists", "delete"]) expect(await shelf(fn, "")).toEqual(refused("invalid-key"));
    expect(await shelf("set", "", { text: "" })).toEqual(refused("invalid-key"));
    for (const fn of ["get", "set", "delete", "exists", "compareAndSet", "apply", "listKeys", "usage"]) {
      const rest = { set: [{ text: "" }], compareAndSet: [{ text: "" }, null], listKeys: [null, 1] }[fn] ?? [];
      const args = fn === "apply" ? [[]] : fn === "usage" ? [] : ["key", ...rest];
      expect(await callHost(ref, `storage.${fn}`, "other", ...args)).toEqual(refused("not-permitted"));
    }
    const many = Array.from({ length: 1001 }, (_each, index) => ({ tag: "delete", val: `k${index}` }));
    expect(await shelf("apply", many)).toEqual(refused("value-too-large"));
    // A text of the guest has two bytes of codec in front: ten with the key.
    expect(await shelf("set", "key", { text: "12345" })).toEqual({ ok: null });
    expect(await shelf("set", "key", { text: "123456" })).toEqual(refused("quota-exceeded"));
    expect(await shelf("compareAndSet", "k", { text: "" }, null)).toEqual(refused("quota-exceeded"));
    expect(await shelf("usage")).toEqual({ ok: { keys: 1, bytes: 10, quotaBytes: 10 } });
    expect(await shelf("get", "key")).toEqual({ ok: { value: { text: "12345" }, version: 1 } });
  });
});

describe.each(waysToWait())("the quota of what a component keeps, run %s", (_run, way) => {
  const casting: Casting = { guest: "archivist", storage: ["shelf", "attic"], storageBytes: 20 };

  it("is one for all of its namespaces, to the byte, and that of nobody else", async () => {
    const store = openMemoryStore();
    await store.namespace("test/archivist-of-another/shelf").set("a", new Uint8Array(1000));
    const stage = new Stage(way, { storage: store });
    const ref = await stage.spawn("archivist", casting);
    // Ten bytes each, with the key and the codec.
    expect(await callHost(ref, "storage.set", "shelf", "key", { text: "12345" })).toEqual({ ok: null });
    expect(await callHost(ref, "storage.set", "attic", "key", { text: "123456" })).toEqual(refused("quota-exceeded"));
    expect(await callHost(ref, "storage.set", "attic", "key", { text: "12345" })).toEqual({ ok: null });
    expect(await callHost(ref, "storage.set", "shelf", "k", { text: "" })).toEqual(refused("quota-exceeded"));
  });

  it("is known to the operator, who hears when it is nearly used up, also what was kept before", async () => {
    const levels: unknown[] = [];
    const hooks = { onQuota: (_: unknown, { quota, level }: QuotaLevelChange) => levels.push([quota, level]) };
    const store = openMemoryStore();
    const stage = new Stage(way, { storage: store });
    const component = await stage.install("archivist", casting, { hooks });
    const ref = await stage.start(component);
    await callHost(ref, "storage.set", "shelf", "key", { text: "12345" });
    expect(component.usage.storage).toMatchObject({ used: 10, limit: 20, level: "normal" });
    await callHost(ref, "storage.set", "attic", "key", { text: "12345" });
    await callHost(ref, "storage.delete", "shelf", "key");
    expect(levels).toEqual([
      ["storage", "critical"],
      ["storage", "normal"],
    ]);
    const next = new Stage(way, { storage: store });
    expect((await next.install("archivist", casting)).usage.storage).toMatchObject({ used: 10, limit: 20 });
  });

  it("ends the component where the operator says so, and keeps what was kept", async () => {
    const store = openMemoryStore();
    const stage = new Stage(way, { storage: store });
    const ref = await stage.start(
      await stage.install("archivist", casting, { quotas: { actions: { storage: "stop" }, isCpuMetered: false } }),
    );
    await callHost(ref, "storage.set", "shelf", "key", { text: "12345" });
    await callHost(ref, "storage.set", "attic", "key", { text: "123456" });
    const { error } = await stage.events.next("actor-failed", ref.path);
    expect(error).toMatchObject({ code: "WASM_QUOTA_EXCEEDED", quota: "storage", limit: 20 });
    expect(await store.namespace("test/archivist/shelf").usage()).toEqual({ keys: 1, bytes: 10 });
  });
});

describe.each(waysToWait())("what a component keeps, run %s", (_run, way) => {
  it("is there after a crash, a stop and an update", async () => {
    const stage = new Stage(way);
    const { ref, component, supervisor } = await stage.supervise("hoarder", {
      ...hoarder,
      supervision: { backoff: soon },
    });
    await perform(ref, "set a 1");
    await rejection(ref.ask(script("set b 2", "trap")));
    await stage.events.next("restart-delayed");
    await stage.clock.advance(1);
    expect(await perform(ref, "get a", "get b")).toEqual(["1 at 1", "2 at 2"]);
    await supervisor.terminateChild("hoarder");
    await supervisor.restartChild("hoarder");
    await stage.host.update(component, await sourceOf("hoarder", { ...hoarder, version: "2.0.0" }));
    expect(await perform(ref, "get a", "get b")).toEqual(["1 at 1", "2 at 2"]);
  });

  it("is nobody else's, whatever its namespaces are called", async () => {
    const stage = new Stage(way);
    const one = await stage.spawn("one", hoarder);
    const other = await stage.spawn("two", hoarder);
    await perform(one, "set secret 1");
    expect(await perform(other, "get secret", "list s 10", "usage", "delete secret")).toEqual([
      "none",
      " then none",
      "0 0 of 1000000",
      "false",
    ]);
    expect(await perform(one, "get secret", "in other", "get secret")).toEqual(["1 at 1", "ok", "none"]);
  });

  it("is shared by the members of a pool", async () => {
    const stage = new Stage(way);
    const pool = await stage.host.pool(await stage.install("hoarder", hoarder), { size: 2 });
    await perform(pool.ref, "set a 1");
    expect(await perform(pool.ref, "set-at a 1 2")).toEqual(["true"]);
    expect(await perform(pool.ref, "get a")).toEqual(["2 at 2"]);
  });
});

/** Where it notes what it is told. */
function recording(notes: LogRecord[]): { readonly log: (record: LogRecord) => void } {
  return { log: (record) => void notes.push(record) };
}

describe.each(waysToWait())("a store that fails, run %s", (_run, way) => {
  it("is unavailable to the component, and its failure is told to the operator", async () => {
    const notes: LogRecord[] = [];
    const store = openMemoryStore();
    const stage = new Stage({ ...way, ...recording(notes) }, { storage: store });
    const ref = await stage.spawn("hoarder", hoarder);
    await store.close();
    expect(await perform(ref, "set a 1", "get a")).toEqual([
      "unavailable: the store cannot be used now",
      "unavailable: the store cannot be used now",
    ]);
    expect(notes).toMatchObject([
      {
        level: "error",
        path: ref.path,
        fields: { namespace: "test/hoarder/hoard", error: { code: "STORAGE_CLOSED" } },
      },
      { level: "error" },
    ]);
  });

  it("in a way that nobody foresaw ends the instance", async () => {
    const failure = new TypeError("a bug in the store");
    const fail = (): Promise<never> => Promise.reject(failure);
    const backend: Backend = {
      get: fail,
      version: fail,
      // Asked how much there is when a component is installed.
      commit: (_, { writes }) =>
        writes.length > 0 ? fail() : { type: "applied", version: 0, deleted: 0, usedBytes: 0 },
      list: fail,
      listNamespaces: fail,
      usage: fail,
      snapshot: () => Readable.from([]),
      close() {},
    };
    const stage = new Stage(way, { storage: storeOn(backend) });
    const ref = await stage.spawn("hoarder", hoarder);
    expect(await rejection(ref.ask(script("get a")))).toMatchObject({
      code: "RT_ACTOR_CRASHED",
      cause: { code: "ENGINE_HOST_FUNCTION", cause: failure },
    });
  });

  it("when a component is installed keeps it from being installed", async () => {
    const store = openMemoryStore();
    const stage = new Stage(way, { storage: store });
    await store.close();
    expect(await rejection(stage.install("hoarder", hoarder))).toMatchObject({ code: "STORAGE_CLOSED" });
  });
});

describe("a component that stores anything", () => {
  const storage = "airssys:core-host/storage@1.0.0";

  it("is refused where there is no store, and when it asks for no namespace", async () => {
    const stage = new Stage();
    const host = new ComponentHost(stage.system);
    const source = await sourceOf("hoarder", hoarder);
    expect(await rejection(host.install(source))).toMatchObject({
      refusals: [{ subject: storage, reason: "this host was given no store, as `storage`, to keep anything in" }],
    });
    expect(await rejection(stage.install("hoarder", { guest: "hoarder" }))).toMatchObject({
      refusals: [{ subject: storage, reason: "Component.toml asks for no namespaces in [capabilities.storage]" }],
    });
  });

  it("gets the namespaces that were granted, each by its name", async () => {
    const stage = new Stage();
    const source = {
      manifest: manifestFor("hoarder", { ...hoarder, messaging: {} }),
      artifact: await guest("hoarder"),
    };
    expect(await rejection(stage.host.install(source, granting(["hoard", "oth"])))).toMatchObject({
      refusals: [{ subject: "capabilities.storage.namespaces", reason: '"other" is not granted' }],
    });
    await stage.host.install(source, granting(["hoard", "other", "more"]));
  });
});
