import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { Backend, CommitOutcome, Tables } from "../backend.ts";
import { storeOn } from "../backend-store.ts";
import type { Commit } from "../batch.ts";
import type { Entry, KeyedEntry, Usage } from "../entry.ts";
import { InvalidOptionError, StoreClosedError, StoreNotOpenedError, StoreNotWritableError } from "../errors.ts";
import { wholeNumber } from "../limits.ts";
import type { PageRequest } from "../page.ts";
import type { Store } from "../store.ts";
import { connectToRead } from "./connection.ts";
import { failureOf, isBusy, storageErrorOf } from "./sqlite-failure.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { Writer, type WriterOptions } from "./writer.ts";

export interface SqliteStoreOptions {
  /** How long a write waits for another process that has the file locked; 5000 unless given. The event loop does not wait with it. */
  readonly busyTimeoutMs?: number;
  /** Bytes of writes that may wait for the disk, 64 MiB unless given; more are refused with `StoreOverloadedError`. */
  readonly maxPendingBytes?: number;
  /** The most bytes of the file, without its write-ahead log; no limit unless given. A file that is larger does not shrink. */
  readonly maxFileBytes?: number;
}

const DEFAULT_BUSY_TIMEOUT_MS = 5000;
const DEFAULT_PENDING_BYTES = 67_108_864;
const LONGEST_TIMEOUT_MS = 600_000;
const SMALLEST_FILE_BYTES = 65_536;

/**
 * A store in one SQLite file, which is made when it is not there, in a folder that is. A write resolves when it would survive the
 * end of the process and of the machine. Several stores and processes may have one file open: each sees what the others have
 * written, and quotas hold for all of them together.
 *
 * Reads are made on the calling thread, writes on a thread of the store's own.
 *
 * @throws StorageError when the file cannot be opened, or is something else
 */
export async function openSqliteStore(file: string | URL, options: SqliteStoreOptions = {}): Promise<Store> {
  const path = pathOf(file);
  const checked = writerOptionsOf(options);
  const writer = await openWriter(path, checked);
  try {
    return storeOn(new SqliteBackend(path, writer, connectToRead(path)));
  } catch (error) {
    await writer.close();
    throw storageErrorOf(failureOf(error), path, 0);
  }
}

/** SQLite only says that it could not open the file. That it, or a file beside it, may not be written is worth knowing. */
async function openWriter(file: string, options: WriterOptions): Promise<Writer> {
  try {
    return await Writer.open(file, options);
  } catch (error) {
    if (!(error instanceof StoreNotOpenedError) || !(await isReadOnly(dirname(file)))) throw error;
    throw new StoreNotWritableError(file, { cause: error.cause });
  }
}

async function isReadOnly(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code !== "ENOENT" && error.code !== "ENOTDIR";
  }
}

function pathOf(file: string | URL): string {
  const path = file instanceof URL && file.protocol === "file:" ? fileURLToPath(file) : file;
  // Resolved, because SQLite has a meaning of its own for "", ":memory:" and what begins with "file:".
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return resolve(path);
  throw new InvalidOptionError("file", "a path or a file URL", path);
}

function writerOptionsOf(options: SqliteStoreOptions): WriterOptions {
  const { busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, maxPendingBytes = DEFAULT_PENDING_BYTES, maxFileBytes } = options;
  return {
    busyTimeoutMs: wholeNumber("busyTimeoutMs", busyTimeoutMs, 0, LONGEST_TIMEOUT_MS),
    maxPendingBytes: wholeNumber("maxPendingBytes", maxPendingBytes, 1, Number.MAX_SAFE_INTEGER),
    maxFileBytes:
      maxFileBytes === undefined
        ? undefined
        : wholeNumber("maxFileBytes", maxFileBytes, SMALLEST_FILE_BYTES, Number.MAX_SAFE_INTEGER),
  };
}

class SqliteBackend implements Backend {
  readonly #file: string;
  readonly #writer: Writer;
  readonly #reader: DatabaseSync;
  readonly #tables: SqliteTables;
  readonly #snapshots = new Set<DatabaseSync>();
  #isClosed = false;

  constructor(file: string, writer: Writer, reader: DatabaseSync) {
    this.#file = file;
    this.#writer = writer;
    this.#reader = reader;
    this.#tables = new SqliteTables(reader);
  }

  get(namespace: string, key: string): Entry | undefined | Promise<Entry | undefined> {
    return this.#read(namespace, "get", namespace, key);
  }

  version(namespace: string, key: string): number | undefined | Promise<number | undefined> {
    return this.#read(namespace, "version", namespace, key);
  }

  list(namespace: string, request: PageRequest): readonly string[] | Promise<readonly string[]> {
    return this.#read(namespace, "list", namespace, request);
  }

  listNamespaces(request: PageRequest): readonly string[] | Promise<readonly string[]> {
    return this.#read(undefined, "listNamespaces", request);
  }

  usage(namespace: string): Usage | Promise<Usage> {
    return this.#read(namespace, "usage", namespace);
  }

  commit(namespace: string, commit: Commit): Promise<CommitOutcome> {
    return this.#writer.perform(namespace, "commit", namespace, commit);
  }

  async *snapshot(namespace: string): AsyncGenerator<KeyedEntry, void, undefined> {
    if (!this.#writer.isIdle(namespace)) await this.#writer.perform(namespace, "usage", namespace);
    const database = this.#attempt(() => connectToRead(this.#file));
    this.#snapshots.add(database);
    try {
      // A transaction that has begun to read sees nothing that is written later.
      const entries = this.#attempt(() => new SqliteTables(database).entries(namespace));
      for (;;) {
        if (this.#isClosed) throw new StoreClosedError();
        const { done, value } = this.#attempt(() => entries.next());
        if (done === true) return;
        yield value;
      }
    } finally {
      this.#snapshots.delete(database);
      if (database.isOpen) database.close();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // The writer last: with the last connection of all, SQLite clears the write-ahead log away.
    for (const database of this.#snapshots) database.close();
    this.#snapshots.clear();
    this.#reader.close();
    await this.#writer.close();
  }

  /**
   * Reads at once, and behind what was written before: when that is still on its way, or somebody has the file locked, the thread
   * that writes does it, which may wait.
   */
  #read<M extends keyof Tables>(
    namespace: string | undefined,
    method: M,
    ...args: Parameters<Tables[M]>
  ): ReturnType<Tables[M]> | Promise<ReturnType<Tables[M]>> {
    if (this.#writer.isIdle(namespace)) {
      try {
        // What a method answers to its own arguments.
        return Reflect.apply(this.#tables[method], this.#tables, args) as ReturnType<Tables[M]>;
      } catch (error) {
        const failure = failureOf(error);
        if (!isBusy(failure)) throw storageErrorOf(failure, this.#file, 0);
      }
    }
    return this.#writer.perform(namespace, method, ...args);
  }

  #attempt<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw storageErrorOf(failureOf(error), this.#file, 0);
    }
  }
}
