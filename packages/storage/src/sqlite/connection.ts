import { DatabaseSync } from "node:sqlite";

/** Bytes of a page of the file, SQLite's default. */
const PAGE_BYTES = 4096;

export interface WritingOptions {
  /** How long to wait for somebody else's lock. */
  readonly busyTimeoutMs: number;
  /** The file does not grow beyond it; as large as SQLite can unless given. */
  readonly maxFileBytes: number | undefined;
}

/**
 * The connection that writes. A commit returns when the disk has it: in the write-ahead log, which `synchronous = FULL` flushes with
 * every commit, on macOS with the call that really does.
 */
export function connectToWrite(file: string, { busyTimeoutMs, maxFileBytes }: WritingOptions): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    // A file made elsewhere is not to be trusted.
    database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
    if (maxFileBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.floor(maxFileBytes / PAGE_BYTES)}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** One that cannot write, and does not wait: what finds the file locked is done by the thread that may wait. */
export function connectToRead(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
  database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
  return database;
}
