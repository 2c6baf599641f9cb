import type { DatabaseSync } from "node:sqlite";

/** "aiSt" as a number: says in a SQLite file's header that it is one of these. */
const APPLICATION_ID = 0x61695374;
const FORMAT = 1;

/**
 * Rows of entries and a separate index rather than one tree of keys and values: a page of keys is read without the values beside
 * them, and values of some size do not make the tree deep. Names and keys are blobs: SQLite compares them byte by byte, and neither
 * NUL nor anything else in them means anything to it.
 */
const SCHEMA: readonly string[] = [
  "CREATE TABLE namespace (id INTEGER PRIMARY KEY, name BLOB NOT NULL, version INTEGER NOT NULL, keys INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT",
  "CREATE UNIQUE INDEX namespace_name ON namespace (name)",
  "CREATE TABLE entry (id INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, value BLOB NOT NULL) STRICT",
  "CREATE UNIQUE INDEX entry_key ON entry (namespace, key)",
];

export const EXPECTED_FORMAT: string = `a store of format ${FORMAT}`;

/** What a file is that is no store: for people, in words. */
type Foreign = string;

/**
 * Makes an empty file a store, and leaves one that is a store already as it is. Two that do it at once do it one after the other.
 * Tells what the file is when it is neither.
 */
export function prepareFile(database: DatabaseSync): Foreign | undefined {
  if (kindOf(database) === "store") return undefined;
  database.exec("BEGIN IMMEDIATE");
  try {
    const kind = kindOf(database);
    if (kind === "empty") {
      for (const statement of SCHEMA) database.exec(statement);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}`);
    }
    database.exec("COMMIT");
    return typeof kind === "string" ? undefined : kind.foreign;
  } finally {
    if (database.isTransaction) database.exec("ROLLBACK");
  }
}

function kindOf(database: DatabaseSync): "empty" | "store" | { readonly foreign: Foreign } {
  const id = numberIn(database, "application_id");
  const format = numberIn(database, "user_version");
  const statements = database.prepare("SELECT sql FROM sqlite_schema ORDER BY rowid").all();
  if (id === 0 && format === 0 && statements.length === 0) return "empty";
  if (id !== APPLICATION_ID) return { foreign: "a database of something else" };
  if (format !== FORMAT) return { foreign: `one of format ${format}` };
  // What somebody added could change what writing does: a trigger runs with every write.
  const isOurs = statements.map(({ sql }) => sql).join("\n") === SCHEMA.join("\n");
  return isOurs ? "store" : { foreign: "one with other tables" };
}

function numberIn(database: DatabaseSync, pragma: "application_id" | "user_version"): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
