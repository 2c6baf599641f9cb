/** Stable identifiers; add freely, never rename or reuse. */
export type StorageErrorCode =
  | "STORAGE_INVALID_KEY"
  | "STORAGE_KEY_TOO_LARGE"
  | "STORAGE_INVALID_VALUE"
  | "STORAGE_VALUE_TOO_LARGE"
  | "STORAGE_QUOTA_EXCEEDED"
  | "STORAGE_BATCH_TOO_LARGE"
  | "STORAGE_INVALID_CURSOR"
  | "STORAGE_INVALID_NAMESPACE"
  | "STORAGE_INVALID_OPTION"
  | "STORAGE_CLOSED"
  | "STORAGE_OVERLOADED"
  | "STORAGE_BUSY"
  | "STORAGE_DISK_FULL"
  | "STORAGE_NOT_WRITABLE"
  | "STORAGE_NOT_OPENED"
  | "STORAGE_CORRUPT"
  | "STORAGE_UNKNOWN_FORMAT"
  | "STORAGE_FAILED"
  | "STORAGE_WRITER_LOST"
  | "STORAGE_INVALID_EXPORT"
  | "STORAGE_IMPORT_STOPPED"
  | "STORAGE_NAMESPACE_NOT_EMPTY"
  | "STORAGE_COPY_MISMATCH"
  | "STORAGE_NOT_CONFORMING";

/** Base of every error this package throws. Match on `code`; messages may change. */
export abstract class StorageError extends Error {
  abstract readonly code: StorageErrorCode;
}

/** What was given as a key cannot be one. */
export class InvalidKeyError extends StorageError {
  override readonly name = "InvalidKeyError";
  override readonly code = "STORAGE_INVALID_KEY";

  constructor(found: string) {
    super(`a key must be a non-empty string without lone surrogates, found ${found}`);
  }
}

export class KeyTooLargeError extends StorageError {
  override readonly name = "KeyTooLargeError";
  override readonly code = "STORAGE_KEY_TOO_LARGE";
  readonly bytes: number;
  readonly maxKeyBytes: number;

  constructor(bytes: number, maxKeyBytes: number) {
    super(`a key must be at most ${maxKeyBytes} bytes of UTF-8, found ${bytes}`);
    this.bytes = bytes;
    this.maxKeyBytes = maxKeyBytes;
  }
}

/** What was given as a value is no `Uint8Array`, or one whose memory was taken away. */
export class InvalidValueError extends StorageError {
  override readonly name = "InvalidValueError";
  override readonly code = "STORAGE_INVALID_VALUE";

  constructor(key: string, found: string) {
    super(`the value of ${shown(key)} must be a Uint8Array, found ${found}`);
  }
}

export class ValueTooLargeError extends StorageError {
  override readonly name = "ValueTooLargeError";
  override readonly code = "STORAGE_VALUE_TOO_LARGE";
  readonly bytes: number;
  readonly maxValueBytes: number;

  constructor(key: string, bytes: number, maxValueBytes: number) {
    super(`the value of ${shown(key)} must be at most ${maxValueBytes} bytes, found ${bytes}`);
    this.bytes = bytes;
    this.maxValueBytes = maxValueBytes;
  }
}

/** The namespace, or its group, would hold `neededBytes`, more than its quota. Nothing was written. */
export class QuotaExceededError extends StorageError {
  override readonly name = "QuotaExceededError";
  override readonly code = "STORAGE_QUOTA_EXCEEDED";
  readonly usedBytes: number;
  readonly neededBytes: number;
  readonly quotaBytes: number;

  constructor(namespace: string, usedBytes: number, neededBytes: number, quotaBytes: number) {
    super(
      `namespace ${shown(namespace)} may hold ${quotaBytes} bytes, holds ${usedBytes}, and would need ${neededBytes}`,
    );
    this.usedBytes = usedBytes;
    this.neededBytes = neededBytes;
    this.quotaBytes = quotaBytes;
  }
}

/** A batch has more writes, checks or bytes than one may have, which `counted` says. */
export class BatchTooLargeError extends StorageError {
  override readonly name = "BatchTooLargeError";
  override readonly code = "STORAGE_BATCH_TOO_LARGE";
  readonly counted: "writes" | "checks" | "bytes";
  readonly found: number;
  readonly limit: number;

  constructor(counted: "writes" | "checks" | "bytes", found: number, limit: number) {
    super(`a batch must have at most ${limit} ${counted}, found ${found}`);
    this.counted = counted;
    this.found = found;
    this.limit = limit;
  }
}

/** The cursor did not come from a list of the same prefix. */
export class InvalidCursorError extends StorageError {
  override readonly name = "InvalidCursorError";
  override readonly code = "STORAGE_INVALID_CURSOR";

  constructor(found: unknown) {
    super(`a cursor must come from a page of the same list, found ${shown(found)}`);
  }
}

export class InvalidNamespaceError extends StorageError {
  override readonly name = "InvalidNamespaceError";
  override readonly code = "STORAGE_INVALID_NAMESPACE";

  constructor(maxBytes: number, found: string) {
    super(
      `a namespace's name must be a non-empty string without lone surrogates, at most ${maxBytes} bytes of UTF-8, found ${found}`,
    );
  }
}

export class InvalidOptionError extends StorageError {
  override readonly name = "InvalidOptionError";
  override readonly code = "STORAGE_INVALID_OPTION";

  constructor(option: string, expected: string, found: unknown) {
    super(`${option} must be ${expected}, found ${shown(found)}`);
  }
}

export class StoreClosedError extends StorageError {
  override readonly name = "StoreClosedError";
  override readonly code = "STORAGE_CLOSED";

  constructor() {
    super("the store has been closed");
  }
}

/** Callers write faster than the disk, and do not wait. Nothing was written; try when earlier calls have settled. */
export class StoreOverloadedError extends StorageError {
  override readonly name = "StoreOverloadedError";
  override readonly code = "STORAGE_OVERLOADED";
  readonly pendingBytes: number;
  readonly maxPendingBytes: number;

  constructor(file: string, pendingBytes: number, maxPendingBytes: number) {
    super(`${file} may have ${maxPendingBytes} bytes waiting for the disk, and has ${pendingBytes}`);
    this.pendingBytes = pendingBytes;
    this.maxPendingBytes = maxPendingBytes;
  }
}

/** Somebody else kept the file locked for as long as the store waits. Nothing was written. */
export class StoreBusyError extends StorageError {
  override readonly name = "StoreBusyError";
  override readonly code = "STORAGE_BUSY";
  readonly waitedMs: number;

  constructor(file: string, waitedMs: number, options?: ErrorOptions) {
    super(`${file} is locked by somebody else and was not free within ${waitedMs} ms`, options);
    this.waitedMs = waitedMs;
  }
}

/** There is no room, on the disk or in the size the file may have. Nothing was written. */
export class DiskFullError extends StorageError {
  override readonly name = "DiskFullError";
  override readonly code = "STORAGE_DISK_FULL";

  constructor(file: string, options?: ErrorOptions) {
    super(`${file} has no room to grow`, options);
  }
}

/** The file, or its folder, is read-only. Nothing was written. */
export class StoreNotWritableError extends StorageError {
  override readonly name = "StoreNotWritableError";
  override readonly code = "STORAGE_NOT_WRITABLE";

  constructor(file: string, options?: ErrorOptions) {
    super(`${file} cannot be written: ${messageOf(options?.cause)}`, options);
  }
}

/** There is no such folder, or the operating system does not let this process open the file. */
export class StoreNotOpenedError extends StorageError {
  override readonly name = "StoreNotOpenedError";
  override readonly code = "STORAGE_NOT_OPENED";

  constructor(file: string, options?: ErrorOptions) {
    super(`${file} cannot be opened: ${messageOf(options?.cause)}`, options);
  }
}

/** The file is no SQLite database, or a damaged one. What an export or a backup holds is what there is. */
export class StoreCorruptError extends StorageError {
  override readonly name = "StoreCorruptError";
  override readonly code = "STORAGE_CORRUPT";

  constructor(file: string, options?: ErrorOptions) {
    super(`${file} is damaged: ${messageOf(options?.cause)}`, options);
  }
}

/** The file is a SQLite database, and not one that this version of the package wrote. */
export class UnknownFormatError extends StorageError {
  override readonly name = "UnknownFormatError";
  override readonly code = "STORAGE_UNKNOWN_FORMAT";

  constructor(file: string, expected: string, found: string) {
    super(`${file} must be ${expected}, found ${found}`);
  }
}

/** SQLite or the operating system failed in another way; `cause` says how. Nothing was written. */
export class StoreFailedError extends StorageError {
  override readonly name = "StoreFailedError";
  override readonly code = "STORAGE_FAILED";

  constructor(file: string, options?: ErrorOptions) {
    super(`${file} failed: ${messageOf(options?.cause)}`, options);
  }
}

/** The thread that writes ended by itself. What it had not answered may or may not be written: open the store anew and look. */
export class WriterLostError extends StorageError {
  override readonly name = "WriterLostError";
  override readonly code = "STORAGE_WRITER_LOST";

  constructor(file: string, options?: ErrorOptions) {
    super(`the writing thread of ${file} ended: ${messageOf(options?.cause)}`, options);
  }
}

/** An export is cut short, was changed, or is none at all. `line` counts from 1. */
export class InvalidExportError extends StorageError {
  override readonly name = "InvalidExportError";
  override readonly code = "STORAGE_INVALID_EXPORT";
  readonly line: number;

  constructor(line: number, expected: string, found: string, options?: ErrorOptions) {
    super(`line ${line} of the export must be ${expected}, found ${found}`, options);
    this.line = line;
  }
}

/** An import ended early, for the `cause`. The first `imported` entries are written, the others are not; `line` is where it ended. */
export class ImportStoppedError extends StorageError {
  override readonly name = "ImportStoppedError";
  override readonly code = "STORAGE_IMPORT_STOPPED";
  readonly line: number;
  readonly imported: number;

  constructor(line: number, imported: number, cause: unknown) {
    super(`the import stopped at line ${line}, after ${imported} entries: ${messageOf(cause)}`, { cause });
    this.line = line;
    this.imported = imported;
  }
}

/** What is imported or copied would mix with what is there already. */
export class NamespaceNotEmptyError extends StorageError {
  override readonly name = "NamespaceNotEmptyError";
  override readonly code = "STORAGE_NAMESPACE_NOT_EMPTY";
  readonly keys: number;

  constructor(namespace: string, keys: number) {
    super(`namespace ${shown(namespace)} must be empty, but has ${keys} keys`);
    this.keys = keys;
  }
}

/** What the new store holds is not what the old one held. The old one is as it was. */
export class CopyMismatchError extends StorageError {
  override readonly name = "CopyMismatchError";
  override readonly code = "STORAGE_COPY_MISMATCH";

  constructor(namespace: string, expected: string, found: string) {
    super(`the copy of namespace ${shown(namespace)} must have ${expected}, found ${found}`);
  }
}

/** A store does not do what every store must. */
export class ConformanceError extends StorageError {
  override readonly name = "ConformanceError";
  override readonly code = "STORAGE_NOT_CONFORMING";

  constructor(what: string, expected: string, found: string) {
    super(`${what}: expected ${expected}, found ${found}`);
  }
}

/** How much of what somebody else wrote a message quotes. */
const SHOWN_CHARACTERS = 64;

/** For a message: on one line, and never long, whatever it is. */
export function shown(found: unknown): string {
  if (typeof found !== "string") return typeof found === "number" ? String(found) : kindOf(found);
  const text = found.length > SHOWN_CHARACTERS ? `${found.slice(0, SHOWN_CHARACTERS)}…` : found;
  return JSON.stringify(text);
}

/** What sort of thing it is, without a word of what is in it. */
export function kindOf(found: unknown): string {
  if (found === null) return "null";
  return typeof found === "object" ? "an object" : `a value of type ${typeof found}`;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
