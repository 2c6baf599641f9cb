import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { CommitOutcome, Tables } from "../backend.ts";
import type { Commit } from "../batch.ts";
import { type Held, planCommit } from "../commit-plan.ts";
import type { Entry, KeyedEntry, Usage } from "../entry.ts";
import type { PageRequest } from "../page.ts";
import { DamagedRowError } from "./sqlite-failure.ts";

type Row = Record<string, SQLOutputValue>;

interface NamespaceRow extends Usage {
  readonly id: number | bigint;
  readonly version: number;
}

/** The least key there can be, and what comes after the bytes of any: UTF-8 has no byte 0xff. */
const FIRST = Uint8Array.of(0);
const END = Uint8Array.of(0xff);
const NOTHING: Usage = { keys: 0, bytes: 0 };
const OF_NAMESPACE = "namespace = (SELECT id FROM namespace WHERE name = ?)";

/**
 * A key as text, which costs a quarter of what a blob does on its way out of SQLite; but as a blob where it has a NUL, at which some
 * versions of Node end a text.
 */
function textOf(column: "key" | "name"): string {
  return `CASE instr(${column}, x'00') WHEN 0 THEN CAST(${column} AS TEXT) ELSE ${column} END`;
}

/** The tables of a store's file through one connection. Whoever calls `commit` has begun a transaction, and calls `finish` before it ends. */
export class SqliteTables implements Tables {
  readonly #entry: StatementSync;
  readonly #version: StatementSync;
  readonly #keys: StatementSync;
  readonly #names: StatementSync;
  readonly #entries: StatementSync;
  readonly #namespace: StatementSync;
  readonly #group: StatementSync;
  readonly #addNamespace: StatementSync;
  readonly #changeNamespace: StatementSync;
  readonly #held: StatementSync;
  readonly #set: StatementSync;
  readonly #delete: StatementSync;
  /** As commits of this transaction left them: many change one namespace, and its row is written once. */
  readonly #changed = new Map<string, NamespaceRow>();

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#entry = prepare(`SELECT value, version FROM entry WHERE ${OF_NAMESPACE} AND key = ?`);
    this.#version = prepare(`SELECT version FROM entry WHERE ${OF_NAMESPACE} AND key = ?`);
    this.#keys = prepare(
      `SELECT ${textOf("key")} FROM entry WHERE ${OF_NAMESPACE} AND key >= ? AND key < ? ORDER BY key LIMIT ?`,
    );
    this.#keys.setReturnArrays(true);
    this.#names = prepare(
      `SELECT ${textOf("name")} FROM namespace WHERE name >= ? AND name < ? AND keys > 0 ORDER BY name LIMIT ?`,
    );
    this.#names.setReturnArrays(true);
    this.#entries = prepare(
      `SELECT ${textOf("key")} AS text, value, version FROM entry WHERE ${OF_NAMESPACE} ORDER BY key`,
    );
    this.#namespace = prepare("SELECT id, version, keys, bytes FROM namespace WHERE name = ?");
    this.#group = prepare("SELECT id, bytes FROM namespace WHERE name >= ? AND name < ?");
    this.#addNamespace = prepare("INSERT INTO namespace (name, version, keys, bytes) VALUES (?, 0, 0, 0)");
    this.#changeNamespace = prepare("UPDATE namespace SET version = ?, keys = ?, bytes = ? WHERE id = ?");
    this.#held = prepare("SELECT version, length(value) AS bytes FROM entry WHERE namespace = ? AND key = ?");
    // Some versions of Node hand over an array without bytes as NULL.
    this.#set = prepare(
      "INSERT INTO entry (namespace, key, version, value) VALUES (?, ?, ?, coalesce(?, x'')) ON CONFLICT DO UPDATE SET version = excluded.version, value = excluded.value",
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
    return this.#keys.all(bytesOf(namespace), low, high, request.limit).map(firstText);
  }

  listNamespaces(request: PageRequest): readonly string[] {
    this.finish();
    const { low, high } = rangeOf(request);
    return this.#names.all(low, high, request.limit).map(firstText);
  }

  usage(namespace: string): Usage {
    const { keys, bytes } = this.#rowOf(namespace) ?? NOTHING;
    return { keys, bytes };
  }

  /** All entries of a namespace, read one by one. */
  *entries(namespace: string): Generator<KeyedEntry, void, undefined> {
    for (const row of this.#entries.iterate(bytesOf(namespace))) yield { key: textIn(row["text"]), ...entryIn(row) };
  }

  commit(name: string, commit: Commit): CommitOutcome {
    const row = this.#rowOf(name);
    const holding = { usage: row ?? NOTHING, othersBytes: this.#bytesBeside(row?.id, commit.group) };
    const plan = planCommit(commit, holding, (key) => (row === undefined ? undefined : this.#heldBy(row.id, key)));
    if (plan.type !== "change") return plan;
    const { values, usage, deleted, usedBytes } = plan;
    if (values.size === 0) return { type: "applied", version: row?.version ?? 0, deleted, usedBytes };

    const version = (row?.version ?? 0) + 1;
    const id = row?.id ?? this.#addNamespace.run(bytesOf(name)).lastInsertRowid;
    this.#changed.set(name, { id, version, ...usage });
    for (const [key, value] of values) {
      if (value === undefined) this.#delete.run(id, bytesOf(key));
      else this.#set.run(id, bytesOf(key), version, value);
    }
    return { type: "applied", version, deleted, usedBytes };
  }

  /** Writes what commits left to the end of the transaction. */
  finish(): void {
    for (const { id, version, keys, bytes } of this.#changed.values()) {
      this.#changeNamespace.run(version, keys, bytes, id);
    }
    this.#changed.clear();
  }

  /** Drops it, because the transaction failed. */
  abandon(): void {
    this.#changed.clear();
  }

  #rowOf(namespace: string): NamespaceRow | undefined {
    const changed = this.#changed.get(namespace);
    if (changed !== undefined) return changed;
    const row = this.#namespace.get(bytesOf(namespace));
    return row === undefined
      ? undefined
      : {
          id: numberIn(row, "id"),
          version: numberIn(row, "version"),
          keys: numberIn(row, "keys"),
          bytes: numberIn(row, "bytes"),
        };
  }

  /** What the other namespaces of a group hold, as commits of this transaction left them. */
  #bytesBeside(id: NamespaceRow["id"] | undefined, group: string | undefined): number {
    if (group === undefined) return 0;
    const { low, high } = rangeOf({ prefix: group, after: undefined });
    const others = this.#group.all(low, high).filter((row) => numberIn(row, "id") !== id);
    // Most have one namespace.
    if (others.length === 0) return 0;
    const changed = new Map([...this.#changed.values()].map((row) => [row.id, row.bytes]));
    return others.reduce((sum, row) => sum + (changed.get(numberIn(row, "id")) ?? numberIn(row, "bytes")), 0);
  }

  #heldBy(namespace: number | bigint, key: string): Held | undefined {
    const row = this.#held.get(namespace, bytesOf(key));
    return row === undefined ? undefined : { version: numberIn(row, "version"), valueBytes: numberIn(row, "bytes") };
  }
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

/** From the first key that is wanted to before the first that is not. */
function rangeOf({ prefix, after }: Pick<PageRequest, "prefix" | "after">): {
  readonly low: Uint8Array;
  readonly high: Uint8Array;
} {
  const first = prefix === "" ? FIRST : bytesOf(prefix);
  return { low: after === undefined ? first : next(after), high: prefix === "" ? END : endOf(prefix) };
}

/** The least bytes that come after those of a key: the same with a zero behind them. */
function next(key: string): Uint8Array {
  return Buffer.concat([bytesOf(key), Uint8Array.of(0)]);
}

/** The least bytes that come after all that begin with a prefix: the same with the last one, which is never 0xff, one higher. */
function endOf(prefix: string): Uint8Array {
  const bytes = bytesOf(prefix);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) + 1;
  return bytes;
}

function entryIn(row: Row): Entry {
  return { value: blobIn(row, "value"), version: numberIn(row, "version") };
}

/** The text in the only column of a row that is an array, as rows of keys are: an object for each would cost twice as much. */
function firstText(row: unknown): string {
  return textIn(Array.isArray(row) ? row[0] : row);
}

function textIn(found: unknown): string {
  if (typeof found === "string") return found;
  if (!(found instanceof Uint8Array)) throw new DamagedRowError("key");
  return Buffer.from(found.buffer, found.byteOffset, found.byteLength).toString();
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
