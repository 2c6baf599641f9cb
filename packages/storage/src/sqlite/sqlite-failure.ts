import {
  DiskFullError,
  StorageError,
  StoreBusyError,
  StoreCorruptError,
  StoreFailedError,
  StoreNotOpenedError,
  StoreNotWritableError,
} from "../errors.ts";

/** Result codes of SQLite; the rest of an extended code is above the lowest byte. */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;
/** No room for the index of the write-ahead log, which lies beside the file. */
const SQLITE_IOERR_SHMSIZE = 4874;

/** What is left of an error on its way from one thread to another. */
export interface SqliteFailure {
  readonly message: string;
  /** Extended result code; undefined when it was not SQLite that failed. */
  readonly errcode: number | undefined;
}

/** A row does not hold what its table's definition says, which only damage can bring about. */
export class DamagedRowError extends Error {
  override readonly name = "DamagedRowError";
  readonly errcode: number = SQLITE_CORRUPT;

  constructor(column: string) {
    super(`a row has no proper ${column}`);
  }
}

export function failureOf(error: unknown): SqliteFailure {
  if (!(error instanceof Error)) return { message: String(error), errcode: undefined };
  const errcode = "errcode" in error && typeof error.errcode === "number" ? error.errcode : undefined;
  return { message: error.message, errcode };
}

/** Whether somebody else has the lock. */
export function isBusy({ errcode = 0 }: SqliteFailure): boolean {
  const primary = errcode & 0xff;
  return primary === SQLITE_BUSY || primary === SQLITE_LOCKED;
}

/** What the caller hears of it. `waitedMs` is how long the connection waits for a lock. */
export function storageErrorOf(failure: SqliteFailure, file: string, waitedMs: number): StorageError {
  const { message, errcode = 0 } = failure;
  const cause = new SqliteError(message, errcode);
  if (isBusy(failure)) return new StoreBusyError(file, waitedMs, { cause });
  if (errcode === SQLITE_IOERR_SHMSIZE) return new DiskFullError(file, { cause });
  switch (errcode & 0xff) {
    case SQLITE_READONLY:
      return new StoreNotWritableError(file, { cause });
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new StoreCorruptError(file, { cause });
    case SQLITE_FULL:
      return new DiskFullError(file, { cause });
    case SQLITE_CANTOPEN:
      return new StoreNotOpenedError(file, { cause });
    default:
      return new StoreFailedError(file, { cause });
  }
}

/** The error of SQLite, as the thread that writes told it. */
class SqliteError extends Error {
  override readonly name = "SqliteError";
  readonly errcode: number;

  constructor(message: string, errcode: number) {
    super(message);
    this.errcode = errcode;
  }
}
