import { describe, expect, it } from "vitest";
import { copyStore, openMemoryStore, openSqliteStore, type Store } from "../src/index.ts";
import { bytes, content } from "./bytes.ts";
import { rejection } from "./rejection.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

async function filled(store: Store): Promise<Store> {
  for (const name of ["orders", "orders\u0000a", "caf\u00e9"]) {
    const namespace = store.namespace(name);
    for (let index = 0; index < 60; index += 1) await namespace.set(`${name}${index}`, bytes("x".repeat(index)));
    await namespace.set("large", new Uint8Array(500_000).fill(120));
  }
  return store;
}

/** A store whose namespaces do to values what `change` does, before they keep them. */
function changing(store: Store, change: (value: Uint8Array) => Uint8Array): Store {
  return new Proxy(store, {
    get: (target, property) => {
      if (property !== "namespace") return Reflect.get(target, property);
      return (name: string): unknown => {
        const namespace = store.namespace(name);
        return {
          name,
          limits: namespace.limits,
          usage: () => namespace.usage(),
          entries: () => namespace.entries(),
          batch: (writes: readonly { readonly key: string; readonly value: Uint8Array }[]) =>
            namespace.batch(writes.map(({ key, value }) => ({ type: "set", key, value: change(value) }))),
        };
      };
    },
  });
}

describe("copying a store", () => {
  it("takes all namespaces from one backend to another, and back", async () => {
    using folder = new TemporaryFolder();
    const memory = await filled(openMemoryStore());
    await using sqlite = await openSqliteStore(folder.file());
    const summaries = await copyStore(memory, sqlite);
    expect(summaries.map(({ namespace }) => namespace)).toEqual(["caf\u00e9", "orders", "orders\u0000a"]);
    const back = openMemoryStore();
    expect(await copyStore(sqlite, back)).toEqual(summaries);
    for (const { namespace: name, entries, bytes: size } of summaries) {
      expect(await content(back.namespace(name))).toEqual(await content(memory.namespace(name)));
      expect(await back.namespace(name).usage()).toEqual({ keys: entries, bytes: size });
    }
  });

  it("mixes nothing with what is there", async () => {
    const [from, to] = [await filled(openMemoryStore()), openMemoryStore()];
    await to.namespace("orders").set("a", bytes("mine"));
    expect(await rejection(copyStore(from, to))).toMatchObject({ cause: { code: "STORAGE_NAMESPACE_NOT_EMPTY" } });
    expect(await content(to.namespace("orders"))).toEqual({ a: "mine" });
  });

  it("finds out a store that does not keep what it was given", async () => {
    const from = await filled(openMemoryStore());
    for (const change of [
      (value: Uint8Array) => value.subarray(1),
      (value: Uint8Array) => value.map((byte, index) => (index === 499_999 ? byte ^ 1 : byte)),
    ]) {
      const error = await rejection(copyStore(from, changing(openMemoryStore(), change)));
      expect(error).toMatchObject({ code: "STORAGE_COPY_MISMATCH", message: expect.stringContaining('"entries":61') });
    }
  });
});
