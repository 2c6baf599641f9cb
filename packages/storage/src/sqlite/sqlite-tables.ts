import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { CommitOutcome, Tables } from "../backend.ts";
import type { Commit } from "../batch.ts";
import { type Held, planCommit } from "../commit-plan.ts";
import type { Entry, KeyedEntry, Usage } from "../entry.ts";
import type { PageRequest } from "../page.ts";
import { DamagedRowError } from "./sqlite-failure.ts";

type Row = Record<string, SQLOutputValue>;

/** After the bytes of any string: UTF-8 has no byte 0xff. */
const END = Uint8Array.of(0xff);
const NOTHING: Usage = { keys: 0, bytes: 0 };
const OF_NAMESPACE = "namespace = (SELECT id FROM namespace WHERE name = ?)";

/** The tables of a store's file through one connection. Whoever calls `commit` has begun a transaction, and ends it. */
export class SqliteTables implements Tables {
  readonly #entry: StatementSync;
  readonly #version: StatementSync;
  readonly #keys: StatementSync;
  readonly #names: StatementSync;
  readonly #entries: StatementSync;
  readonly #namespace: StatementSync;
  readonly #addNamespace: StatementSync;
  readonly #changeNamespace: StatementSync;
  readonly #held: StatementSync;
  readonly #set: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#entry = prepare(`SELECT value, version FROM entry WHERE ${OF_NAMESPACE} AND key = ?`);
    this.#version = prepare(`SELECT version FROM entry WHERE ${OF_NAMESPACE} AND key = ?`);
    this.#keys = prepare(`SELECT key FROM entry WHERE ${OF_NAMESPACE} AND key >= ? AND key < ? ORDER BY key LIMIT ?`);
    this.#names = prepare(
      "SELECT name AS key FROM namespace WHERE name >= ? AND name < ? AND keys > 0 ORDER BY name LIMIT ?",
    );
    this.#entries = prepare(`SELECT key, value, version FROM entry WHERE ${OF_NAMESPACE} ORDER BY key`);
    this.#namespace = prepare("SELECT id, version, keys, bytes FROM namespace WHERE name = ?");
    this.#addNamespace = prepare("INSERT INTO namespace (version, keys, bytes, name) VALUES (?, ?, ?, ?)");
    this.#changeNamespace = prepare("UPDATE namespace SET version = ?, keys = ?, bytes = ? WHERE id = ?");
    this.#held = prepare("SELECT version, length(value) AS bytes FROM entry WHERE namespace = ? AND key = ?");
    this.#set = prepare(
      "INSERT INTO entry (namespace, key, version, value) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, value = excluded.value",
    );
    this.#delete = prepare("DELETE FROM entry WHERE namespace = ? AND key = ?");
  }

  get(namespace: string, key: string): Entry | undefined {
    const row = this.#entry.get(bytesOf(namespace), bytesOf(key));
    return row === undefined ? undefined : entryIn(row);
  }

  version(namespace: string, key: string): number | undefined {
    const row = this.#version.get(bytesOf(namespace), bytesOf(key));
    return row === undefined ? undefined : numberIn(row, "version");
  }

  list(namespace: string, request: PageRequest): readonly string[] {
    const { low, high } = rangeOf(request);
    return this.#keys.all(bytesOf(namespace), low, high, request.limit).map(keyIn);
  }

  listNamespaces(request: PageRequest): readonly string[] {
    const { low, high } = rangeOf(request);
    return this.#names.all(low, high, request.limit).map(keyIn);
  }

  usage(namespace: string): Usage {
    const row = this.#namespace.get(bytesOf(namespace));
    return row === undefined ? NOTHING : usageIn(row);
  }

  /** All entries of a namespace, read one by one. */
  *entries(namespace: string): Generator<KeyedEntry, void, undefined> {
    for (const row of this.#entries.iterate(bytesOf(namespace))) yield { key: keyIn(row), ...entryIn(row) };
  }

  commit(name: string, commit: Commit): CommitOutcome {
    const nameBytes = bytesOf(name);
    const row = this.#namespace.get(nameBytes);
    const plan = planCommit(commit, row === undefined ? NOTHING : usageIn(row), (key) =>
      row === undefined ? undefined : this.#heldBy(numberIn(row, "id"), key),
    );
    if (plan.type !== "change") return plan;
    const { values, usage, deleted } = plan;
    const version = row === undefined ? 0 : numberIn(row, "version");
    if (values.size === 0) return { type: "applied", version, deleted };

    const next = version + 1;
    const id =
      row === undefined
        ? this.#addNamespace.run(next, usage.keys, usage.bytes, nameBytes).lastInsertRowid
        : numberIn(row, "id");
    if (row !== undefined) this.#changeNamespace.run(next, usage.keys, usage.bytes, id);
    for (const [key, value] of values) {
      if (value === undefined) this.#delete.run(id, bytesOf(key));
      else this.#set.run(id, bytesOf(key), next, value);
    }
    return { type: "applied", version: next, deleted };
  }

  #heldBy(namespace: number, key: string): Held | undefined {
    const row = this.#held.get(namespace, bytesOf(key));
    return row === undefined ? undefined : { version: numberIn(row, "version"), valueBytes: numberIn(row, "bytes") };
  }
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

/** From the first key that is wanted to before the first that is not. */
function rangeOf({ prefix, after }: PageRequest): { readonly low: Uint8Array; readonly high: Uint8Array } {
  // The least that comes after a string of bytes is the same with a zero behind it.
  const low = after === undefined ? bytesOf(prefix) : Buffer.concat([bytesOf(after), Uint8Array.of(0)]);
  // Behind all that begin with the prefix; its last byte is never 0xff.
  const high = prefix === "" ? END : bytesOf(prefix);
  const last = high.length - 1;
  if (prefix !== "") high[last] = (high[last] ?? 0) + 1;
  return { low, high };
}

function entryIn(row: Row): Entry {
  return { value: blobIn(row, "value"), version: numberIn(row, "version") };
}

function usageIn(row: Row): Usage {
  return { keys: numberIn(row, "keys"), bytes: numberIn(row, "bytes") };
}

function keyIn(row: Row): string {
  const { buffer, byteOffset, byteLength } = blobIn(row, "key");
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}

function blobIn(row: Row, column: string): Uint8Array {
  const found = row[column];
  if (found instanceof Uint8Array) return found;
  throw new DamagedRowError(column);
}

function numberIn(row: Row, column: string): number {
  const found = row[column];
  if (typeof found === "number") return found;
  throw new DamagedRowError(column);
}
