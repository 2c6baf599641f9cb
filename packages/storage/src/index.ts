// A store and its parts
export { type Store, MAX_NAME_BYTES } from "./store.ts";
export type { Namespace } from "./namespace.ts";
export type { Entry, KeyedEntry, Usage } from "./entry.ts";
export { type ListOptions, type Page, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "./page.ts";
export type { Applied, BatchOutcome, Check, Conflict, Write } from "./batch.ts";
export {
  type NamespaceLimits,
  DEFAULT_LIMITS,
  HIGHEST_LIMITS,
  MAX_BATCH_BYTES,
  MAX_BATCH_OPERATIONS,
} from "./limits.ts";
export { compareKeys } from "./key.ts";

// Where it is kept
export { openMemoryStore } from "./memory-backend.ts";
export { openSqliteStore, type SqliteStoreOptions } from "./sqlite/sqlite-backend.ts";

// For a backend of one's own
export { storeOn } from "./backend-store.ts";
export type { Backend, CommitOutcome } from "./backend.ts";
export type { Commit } from "./batch.ts";
export type { PageRequest } from "./page.ts";
export { type Change, type CommitPlan, type Held, type OverQuota, planCommit } from "./commit-plan.ts";

// Out, in, and over to another
export { exportNamespace, exportStore } from "./transfer/export.ts";
export {
  type ExportSummary,
  type ImportOptions,
  checkExport,
  importNamespace,
  importStore,
} from "./transfer/import.ts";
export type { TextSource } from "./transfer/line-reader.ts";
export { copyStore } from "./transfer/copy-store.ts";

// Errors
export {
  BatchTooLargeError,
  ConformanceError,
  CopyMismatchError,
  DiskFullError,
  ImportStoppedError,
  InvalidCursorError,
  InvalidExportError,
  InvalidKeyError,
  InvalidNamespaceError,
  InvalidOptionError,
  InvalidValueError,
  KeyTooLargeError,
  NamespaceNotEmptyError,
  QuotaExceededError,
  StorageError,
  type StorageErrorCode,
  StoreBusyError,
  StoreClosedError,
  StoreCorruptError,
  StoreFailedError,
  StoreNotOpenedError,
  StoreNotWritableError,
  StoreOverloadedError,
  UnknownFormatError,
  ValueTooLargeError,
  WriterLostError,
} from "./errors.ts";
