import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openMemoryStore, openSqliteStore, type Store } from "@airssys/storage";
import { ClassicLevel } from "classic-level";
import { open } from "lmdb";
import type { OpenShelf, Shelf } from "./shelf.ts";

/** After every key that begins with the prefix. */
function endOf(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

function shelfOf(store: Store): Shelf {
  const namespace = store.namespace("bench");
  return {
    get: async (key) => (await namespace.get(key))?.value,
    set: (key, value) => namespace.set(key, value),
    setTogether: (entries) => Promise.all(entries.map(([key, value]) => namespace.set(key, value))),
    list: async (prefix, limit) => (await namespace.listKeys({ prefix, limit })).keys,
    close: () => store.close(),
  };
}

export const openAirssys: OpenShelf = async (folder) => shelfOf(await openSqliteStore(join(folder, "store.db")));

/** Without a disk: what the contract costs. */
export const openMemory: OpenShelf = () => shelfOf(openMemoryStore());

/** Node's own SQLite with nothing around it: no namespaces, versions or quotas, and the event loop waits for the disk. */
export const openLimit: OpenShelf = (folder) => {
  const database = new DatabaseSync(join(folder, "bare.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE entry (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID");
  const get = database.prepare("SELECT value FROM entry WHERE key = ?");
  const set = database.prepare("INSERT INTO entry VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value");
  const list = database.prepare("SELECT key FROM entry WHERE key >= ? AND key < ? ORDER BY key LIMIT ?");
  return {
    get: (key) => {
      const value = get.get(key)?.["value"];
      return value instanceof Uint8Array ? value : undefined;
    },
    set: (key, value) => set.run(key, value),
    setTogether: (entries) => {
      database.exec("BEGIN IMMEDIATE");
      for (const [key, value] of entries) set.run(key, value);
      database.exec("COMMIT");
    },
    list: (prefix, limit) => list.all(prefix, endOf(prefix), limit).map(({ key }) => String(key)),
    close: () => database.close(),
  };
};

export const openLevel: OpenShelf = async (folder) => {
  const level = await openedLevel(folder);
  return {
    get: (key) => level.get(key),
    set: (key, value) => level.put(key, value, { sync: true }),
    setTogether: (entries) => Promise.all(entries.map(([key, value]) => level.put(key, value, { sync: true }))),
    list: (prefix, limit) => level.keys({ gte: prefix, lt: endOf(prefix), limit }).all(),
    close: () => level.close(),
  };
};

/** With the reads that it also makes at once, and one batch for what comes together. */
export const openLevelAtOnce: OpenShelf = async (folder) => {
  const level = await openedLevel(folder);
  return {
    get: (key) => level.getSync(key),
    set: (key, value) => level.put(key, value, { sync: true }),
    setTogether: (entries) =>
      level.batch(
        entries.map(([key, value]) => ({ type: "put", key, value })),
        { sync: true },
      ),
    list: (prefix, limit) => level.keys({ gte: prefix, lt: endOf(prefix), limit }).all(),
    close: () => level.close(),
  };
};

async function openedLevel(folder: string): Promise<ClassicLevel<string, Uint8Array>> {
  const level = new ClassicLevel<string, Uint8Array>(join(folder, "level"), { valueEncoding: "view" });
  await level.open();
  return level;
}

/** Without overlapping flushes: then a promise of its resolves when the disk has what was written, and not before. */
export const openLmdb: OpenShelf = (folder) => {
  const lmdb = open<Uint8Array, string>({ path: join(folder, "lmdb"), encoding: "binary", overlappingSync: false });
  return {
    get: (key) => lmdb.get(key),
    set: (key, value) => lmdb.put(key, value),
    setTogether: (entries) => Promise.all(entries.map(([key, value]) => lmdb.put(key, value))),
    list: (prefix, limit) => [...lmdb.getKeys({ start: prefix, end: endOf(prefix), limit })],
    close: () => lmdb.close(),
  };
};
