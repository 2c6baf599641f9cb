import { testStore, type StoreUnderTest } from "@airssys/storage/conformance";
import { describe, expect, it } from "vitest";
import {
  type Backend,
  ConformanceError,
  openMemoryStore,
  openSqliteStore,
  StorageError,
  type Store,
  storeOn,
} from "../src/index.ts";
import { MemoryBackend } from "../src/memory-backend.ts";
import { rejection } from "./rejection.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

async function openMemory(): Promise<StoreUnderTest> {
  const store = openMemoryStore();
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

async function openSqlite(): Promise<StoreUnderTest> {
  const folder = new TemporaryFolder();
  const stores: Store[] = [];
  const open = async (): Promise<Store> => {
    for (const store of stores) await store.close();
    const store = await openSqliteStore(folder.file());
    stores.push(store);
    return store;
  };
  return {
    store: await open(),
    reopen: open,
    [Symbol.asyncDispose]: async () => {
      for (const store of stores) await store.close();
      folder[Symbol.dispose]();
    },
  };
}

describe("a store in memory", () => {
  testStore(openMemory, { describe, it }, { isDurable: false });
});

describe("a store in a SQLite file", () => {
  testStore(openSqlite, { describe, it }, { isDurable: true });
});

/** The rules that a store breaks whose backend is one in memory with some of it done otherwise. */
async function brokenBy(change: (backend: Backend) => Partial<Backend>): Promise<readonly string[]> {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  let subject = "";
  const open = async (): Promise<StoreUnderTest> => {
    const backend = new MemoryBackend();
    const changed = change(backend);
    const store = storeOn(
      new Proxy<Backend>(backend, {
        get: (target, method) => {
          const own: unknown = Reflect.get(Object.hasOwn(changed, method) ? changed : target, method);
          return typeof own === "function" ? own.bind(target) : own;
        },
      }),
    );
    return { store, [Symbol.asyncDispose]: () => store.close() };
  };
  testStore(
    open,
    {
      describe: (name, body) => {
        subject = name;
        body();
      },
      it: (name, body) => void tests.push({ name: `${subject} ${name}`, body }),
    },
    { isDurable: false },
  );
  const failed: string[] = [];
  for (const { name, body } of tests) {
    try {
      await body();
    } catch (error) {
      // Anything else is a rule that is broken itself.
      if (!(error instanceof StorageError)) throw error;
      failed.push(name);
    }
  }
  return failed;
}

describe("the conformance suite", () => {
  it("says what it expected and what it found", async () => {
    const tests: (() => Promise<void>)[] = [];
    const own = openMemoryStore();
    const store = new Proxy(own, {
      get: (target, property) =>
        property === "listNamespaces" ? async () => ({ keys: ["a"] }) : Reflect.get(target, property),
    });
    testStore(
      async () => ({ store, [Symbol.asyncDispose]: async () => undefined }),
      {
        describe: (name, body) => (name === "a store" ? body() : undefined),
        it: (_name, body) => void tests.push(body),
      },
      { isDurable: false },
    );
    const error = await rejection(tests[0]?.() ?? Promise.resolve());
    expect(error).toBeInstanceOf(ConformanceError);
    expect(error).toMatchObject({ message: 'those of an empty one: expected {"keys":[]}, found {"keys":["a"]}' });
  });

  it("finds nothing wrong with a backend that does all", async () => {
    expect(await brokenBy(() => ({}))).toEqual([]);
  });

  it.each<[string, RegExp, (backend: Backend) => Partial<Backend>]>([
    ["keeps namespaces together", /namespace/, (own) => ({ get: (_namespace, key) => own.get("one", key) })],
    [
      "glues names and keys",
      /a namespace shows nothing/,
      (own) => ({
        get: (namespace, key) => own.get("", namespace + key),
        version: (namespace, key) => own.version("", namespace + key),
        commit: (namespace, { writes, ...rest }) =>
          own.commit("", { ...rest, writes: writes.map((write) => ({ ...write, key: namespace + write.key })) }),
      }),
    ],
    [
      "forgets groups",
      /of a group|begin alike/,
      (own) => ({ commit: (n, commit) => own.commit(n, { ...commit, group: undefined }) }),
    ],
    ["forgets quotas", /a quota/, (own) => ({ commit: (n, commit) => own.commit(n, { ...commit, quotaBytes: 1e12 }) })],
    [
      "forgets checks",
      /compare-and-set/,
      (own) => ({ commit: (n, commit) => own.commit(n, { ...commit, checks: [] }) }),
    ],
    [
      "writes one by one",
      /a batch/,
      (own) => ({
        commit: (namespace, { writes, ...rest }) => {
          let outcome = own.commit(namespace, { ...rest, writes: [] });
          for (const write of writes) outcome = own.commit(namespace, { ...rest, writes: [write] });
          return outcome;
        },
      }),
    ],
    [
      "answers a read too late",
      /behind those made before/,
      (own) => ({ get: async (namespace, key) => (await Promise.resolve(), own.get(namespace, key)) }),
    ],
    [
      "sorts as JavaScript does",
      /in the order of their bytes/,
      (own) => ({
        list: (namespace, request) => {
          const all = own.list(namespace, { ...request, after: undefined, limit: 1e9 });
          const sorted = [...(all as readonly string[])].toSorted();
          const { after } = request;
          return sorted.filter((key) => after === undefined || key > after).slice(0, request.limit);
        },
      }),
    ],
    [
      "lists the key of a cursor again",
      /a list/,
      (own) => ({
        list: (namespace, { after, ...rest }) =>
          own.list(namespace, { ...rest, after: after === undefined ? undefined : after.slice(0, -1) || undefined }),
      }),
    ],
    [
      "shows what is written while it is read",
      /as they were when it began/,
      (own) => ({
        snapshot: async function* live(namespace) {
          let after: string | undefined;
          for (;;) {
            const [key] = await own.list(namespace, { prefix: "", after, limit: 1 });
            if (key === undefined) return;
            const entry = await own.get(namespace, key);
            if (entry !== undefined) yield { key, ...entry };
            after = key;
          }
        },
      }),
    ],
    [
      "gives versions out again",
      /a version|a compare-and-set is not deceived/,
      (own) => ({
        get: async (namespace, key) => {
          const entry = await own.get(namespace, key);
          return entry && { ...entry, version: 1 };
        },
      }),
    ],
    [
      "counts characters",
      /counts the bytes/,
      (own) => ({
        usage: async (namespace) => {
          const { keys, bytes: size } = await own.usage(namespace);
          return { keys, bytes: size - (size > 5 ? 1 : 0) };
        },
      }),
    ],
  ])("finds out one that %s", async (_what, expected, change) => {
    const broken = await brokenBy(change);
    expect(broken.filter((name) => expected.test(name))).not.toEqual([]);
  });
});
