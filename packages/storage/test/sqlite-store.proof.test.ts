import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import {
  DiskFullError,
  type Namespace,
  openSqliteStore,
  StoreBusyError,
  StoreCorruptError,
  StoreFailedError,
  StoreNotOpenedError,
  StoreOverloadedError,
  UnknownFormatError,
} from "../src/index.ts";
import { bytes, content, textAt } from "./bytes.ts";
import { rejection } from "./rejection.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

describe("the file of a store", () => {
  it("is a path, or a file URL, and nothing that SQLite takes for something else", async () => {
    using folder = new TemporaryFolder();
    {
      await using store = await openSqliteStore(pathToFileURL(folder.file()));
      await store.namespace("orders").set("a", bytes("1"));
    }
    await using store = await openSqliteStore(folder.file());
    expect(await textAt(store.namespace("orders"), "a")).toBe("1");
    for (const no of ["", "a\u0000b", new URL("http://localhost/store.db")]) {
      expect(await rejection(openSqliteStore(no))).toMatchObject({ code: "STORAGE_INVALID_OPTION" });
    }
    for (const name of [":memory:", "file:x.db", "x.db?mode=memory"]) {
      await using named = await openSqliteStore(join(folder.path, name));
      await named.namespace("orders").set("a", bytes("1"));
      expect(statSync(join(folder.path, name)).isFile(), name).toBe(true);
    }
  });

  it("refuses options out of bounds", async () => {
    for (const options of [{ busyTimeoutMs: -1 }, { maxPendingBytes: 0 }, { maxFileBytes: 4096 }]) {
      expect(await rejection(openSqliteStore("none", options))).toMatchObject({ code: "STORAGE_INVALID_OPTION" });
    }
  });

  it("is one file again when the store is closed", async () => {
    using folder = new TemporaryFolder();
    const store = await openSqliteStore(folder.file());
    await store.namespace("orders").set("a", bytes("1"));
    expect(statSync(`${folder.file()}-wal`).size).toBeGreaterThan(0);
    const left = store.namespace("orders").entries()[Symbol.asyncIterator]();
    await left.next();
    await store.close();
    expect(statSync(`${folder.file()}-wal`, { throwIfNoEntry: false })).toBeUndefined();
    expect(await rejection(left.next())).toMatchObject({ code: "STORAGE_CLOSED" });
  });

  it("is not opened where there is no folder, or a folder is", async () => {
    using folder = new TemporaryFolder();
    for (const path of [join(folder.path, "none", "store.db"), folder.path]) {
      const error = await rejection(openSqliteStore(path));
      expect(error).toBeInstanceOf(StoreNotOpenedError);
      expect(error).toMatchObject({ message: expect.stringContaining(path), cause: { errcode: 14 } });
    }
  });

  it("is refused when it is no database", async () => {
    using folder = new TemporaryFolder();
    writeFileSync(folder.file(), "key,value\n".repeat(1000));
    expect(await rejection(openSqliteStore(folder.file()))).toBeInstanceOf(StoreCorruptError);
    expect(readFileSync(folder.file(), "utf8")).toBe("key,value\n".repeat(1000));
  });

  it("is refused, and left alone, when it is another database or of a format that is not known", async () => {
    using folder = new TemporaryFolder();
    for (const sql of ["CREATE TABLE entry (key TEXT)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"]) {
      const file = folder.file(`${sql}.db`);
      change(file, sql);
      const error = await rejection(openSqliteStore(file));
      expect(error, sql).toBeInstanceOf(UnknownFormatError);
      expect(error).toMatchObject({ message: expect.stringContaining("a database of something else") });
    }
    await (await openSqliteStore(folder.file())).close();
    change(folder.file(), "PRAGMA user_version = 2");
    expect(await rejection(openSqliteStore(folder.file()))).toMatchObject({
      code: "STORAGE_UNKNOWN_FORMAT",
      message: expect.stringContaining("one of format 2"),
    });
  });

  it("is refused when somebody added what runs with every write", async () => {
    using folder = new TemporaryFolder();
    await (await openSqliteStore(folder.file())).close();
    change(folder.file(), "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry; END");
    expect(await rejection(openSqliteStore(folder.file()))).toMatchObject({
      code: "STORAGE_UNKNOWN_FORMAT",
      message: expect.stringContaining("one with other tables"),
    });
  });
});

describe("a damaged file", () => {
  it("is found out by what reads the damage, and by nothing else than a typed error", async () => {
    using folder = new TemporaryFolder();
    await fill(folder.file());
    const file = readFileSync(folder.file());
    for (let page = 4; page * 4096 < file.length; page += 3) file.fill(0xa5, page * 4096, page * 4096 + 4096);
    writeFileSync(folder.file(), file);
    await using store = await openSqliteStore(folder.file());
    const orders = store.namespace("orders");
    const calls = Array.from({ length: 200 }, (_, index) => [
      orders.get(`key-${index}`),
      orders.set(`key-${index}`, bytes("new")),
      orders.listKeys({ prefix: `key-${index}` }),
    ]);
    const errors = (await Promise.allSettled([...calls.flat(), content(orders)])).flatMap((result) =>
      result.status === "rejected" ? [result.reason] : [],
    );
    expect(errors.length).toBeGreaterThan(10);
    for (const error of errors) expect(error).toBeInstanceOf(StoreCorruptError);
  });

  it("may be one that was cut short", async () => {
    using folder = new TemporaryFolder();
    await fill(folder.file());
    truncateSync(folder.file(), 5 * 4096);
    const outcome = await rejection(
      (async () => {
        await using store = await openSqliteStore(folder.file());
        await content(store.namespace("orders"));
      })(),
    );
    expect(outcome).toBeInstanceOf(StoreCorruptError);
  });

  it("may be one with values of another type than its tables say", async () => {
    using folder = new TemporaryFolder();
    await fill(folder.file());
    rewrite(folder.file(), "replace(sql, ' STRICT', '')");
    change(folder.file(), "UPDATE entry SET value = 'text' WHERE id = 7");
    rewrite(folder.file(), "sql || ' STRICT'");
    await using store = await openSqliteStore(folder.file());
    const orders = store.namespace("orders");
    expect(await rejection(content(orders))).toBeInstanceOf(StoreCorruptError);
    expect(await rejection(Promise.all([orders.set("a", bytes("1")), orders.get("key-6")]))).toMatchObject({
      code: "STORAGE_CORRUPT",
      message: expect.stringContaining("no proper value"),
    });
    expect(await textAt(orders, "key-7")).toBe("x".repeat(1000));
  });
});

describe("a file that somebody else has locked", () => {
  it("is read, and written when the lock is gone; meanwhile the event loop goes on", async () => {
    using folder = new TemporaryFolder();
    await using store = await openSqliteStore(folder.file());
    const orders = store.namespace("orders");
    await orders.set("a", bytes("1"));
    const lock = lockedBy(folder.file());
    const written = orders.set("b", bytes("2"));
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    expect(await textAt(store.namespace("orders/2"), "a")).toBeUndefined();
    lock.exec("ROLLBACK");
    lock.close();
    await written;
    expect(await content(orders)).toEqual({ a: "1", b: "2" });
  });

  it("refuses all that waits when it has waited long enough, and is written afterwards", async () => {
    using folder = new TemporaryFolder();
    await using store = await openSqliteStore(folder.file(), { busyTimeoutMs: 20 });
    const orders = store.namespace("orders");
    const lock = lockedBy(folder.file());
    const writes = await Promise.allSettled([orders.set("a", bytes("1")), orders.set("b", bytes("2"))]);
    lock.close();
    for (const write of writes) {
      expect(write).toMatchObject({ status: "rejected", reason: { code: "STORAGE_BUSY", waitedMs: 20 } });
    }
    expect(await orders.usage()).toEqual({ keys: 0, bytes: 0 });
    await orders.set("c", bytes("3"));
    expect(await content(orders)).toEqual({ c: "3" });
  });

  it("is not opened when it is locked for good", async () => {
    using folder = new TemporaryFolder();
    const lock = new DatabaseSync(folder.file());
    lock.exec("BEGIN EXCLUSIVE");
    expect(await rejection(openSqliteStore(folder.file(), { busyTimeoutMs: 0 }))).toBeInstanceOf(StoreBusyError);
    lock.close();
    await (await openSqliteStore(folder.file())).close();
  });
});

describe("a full file", () => {
  const maxFileBytes = 262_144;

  it("refuses what does not fit, keeps what is there, and takes more when something was deleted", async () => {
    using folder = new TemporaryFolder();
    await using store = await openSqliteStore(folder.file(), { maxFileBytes });
    const orders = store.namespace("orders");
    let written = 0;
    const fillUp = async (): Promise<void> => {
      for (;;) {
        await orders.set(`key-${written}`, new Uint8Array(10_000));
        written += 1;
      }
    };
    expect(await rejection(fillUp())).toBeInstanceOf(DiskFullError);
    expect(written).toBeGreaterThan(10);
    expect((await orders.usage()).keys).toBe(written);
    await orders.delete("key-0");
    await orders.delete("key-1");
    await orders.set("key-1", new Uint8Array(10_000));
    expect(await orders.exists("key-1")).toBe(true);
  });

  it("refuses only the write for which there is no room, of all that are committed together", async () => {
    using folder = new TemporaryFolder();
    await using store = await openSqliteStore(folder.file(), { maxFileBytes });
    const orders = store.namespace("orders");
    const large = new Uint8Array(maxFileBytes);
    const [a, b, read, c] = await Promise.allSettled([
      orders.set("a", bytes("1")),
      orders.batch([
        { type: "delete", key: "a" },
        { type: "set", key: "b", value: large },
      ]),
      textAt(orders, "a"),
      store.namespace("other").set("c", bytes("3")),
    ]);
    expect([a.status, c.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(b).toMatchObject({ status: "rejected", reason: { code: "STORAGE_DISK_FULL", cause: { errcode: 13 } } });
    expect(read).toEqual({ status: "fulfilled", value: "1" });
    expect(await content(orders)).toEqual({ a: "1" });
    expect(await content(store.namespace("other"))).toEqual({ c: "3" });
  });
});

describe("what waits for the disk", () => {
  it("is bounded, and what is refused is not written", async () => {
    using folder = new TemporaryFolder();
    await using store = await openSqliteStore(folder.file(), { maxPendingBytes: 100_000 });
    const orders = store.namespace("orders");
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => orders.set(`key-${index}`, new Uint8Array(10_000))),
    );
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refused.length).toBe(11);
    for (const error of refused) expect(error).toBeInstanceOf(StoreOverloadedError);
    expect(refused[0]).toMatchObject({ maxPendingBytes: 100_000, pendingBytes: expect.any(Number) });
    expect((await orders.usage()).keys).toBe(9);
    // One may always: otherwise it never could.
    await orders.set("large", new Uint8Array(1_000_000));
  });

  it("shares one wait when it was written in one turn", async () => {
    using folder = new TemporaryFolder();
    await using store = await openSqliteStore(folder.file());
    const orders = store.namespace("orders");
    await orders.set("a", bytes("1"));
    const walBytes = (): number => statSync(`${folder.file()}-wal`).size;
    const before = walBytes();
    await orders.set("b", bytes("2"));
    const alone = walBytes() - before;
    await Promise.all(Array.from({ length: 20 }, (_, index) => orders.set(`key-${index}`, bytes("3"))));
    // A transaction writes every page it changed, once: twenty of them would have written them twenty times.
    expect(walBytes() - before - alone).toBeLessThan(3 * alone);
  });
});

describe("a failure that has no name of its own", () => {
  it("is told with what SQLite said of it", async () => {
    using folder = new TemporaryFolder();
    await using store = await openSqliteStore(folder.file());
    const orders = store.namespace("orders");
    await orders.set("a", bytes("1"));
    change(folder.file(), "UPDATE namespace SET version = 9007199254740993");
    const error = await rejection(orders.set("a", bytes("2")));
    expect(error).toBeInstanceOf(StoreFailedError);
    expect(error).toMatchObject({ cause: { message: expect.stringContaining("9007199254740993") } });
  });
});

/** Five hundred entries of a thousand bytes. */
async function fill(file: string): Promise<void> {
  await using store = await openSqliteStore(file);
  const orders: Namespace = store.namespace("orders");
  await Promise.all(Array.from({ length: 500 }, (_, index) => orders.set(`key-${index}`, bytes("x".repeat(1000)))));
}

/** Changes a file as somebody else could. */
function change(file: string, sql: string): void {
  using database = new DatabaseSync(file);
  database.exec(sql);
}

/** Changes what a file says of its table of entries. */
function rewrite(file: string, sql: string): void {
  using database = new DatabaseSync(file, { defensive: false });
  database.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ${sql} WHERE name = 'entry'`);
}

function lockedBy(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec("BEGIN IMMEDIATE");
  return database;
}
