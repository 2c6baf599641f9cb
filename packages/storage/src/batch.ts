import { BatchTooLargeError, InvalidOptionError } from "./errors.ts";
import { checkKey } from "./key.ts";
import { HIGHEST_LIMITS, MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS, type NamespaceLimits, wholeNumber } from "./limits.ts";
import { copiedValue } from "./value.ts";

export type Write =
  | { readonly type: "set"; readonly key: string; readonly value: Uint8Array }
  | { readonly type: "delete"; readonly key: string };

/** What must be so for a batch to be written: the key has this version, or, when that is undefined, is not there. */
export interface Check {
  readonly key: string;
  readonly version: number | undefined;
}

export type BatchOutcome = Applied | Conflict;

/** All was written, as one. */
export interface Applied {
  readonly type: "applied";
  /** The namespace's version now, and that of every entry that was set. */
  readonly version: number;
  /** How many keys are gone that were there. */
  readonly deleted: number;
  /** What is held now of the quota, by the namespace or by all of its group. */
  readonly usedBytes: number;
}

/** Nothing was written, because these are not as they were to be. */
export interface Conflict {
  readonly type: "conflict";
  /** With the versions that there are. */
  readonly found: readonly Check[];
}

/** What is to be written at once, checked and copied. */
export interface Commit {
  readonly checks: readonly Check[];
  readonly writes: readonly Write[];
  readonly quotaBytes: number;
  /** Of the namespaces that share the quota. */
  readonly group: string | undefined;
}

/** @throws StorageError when any of it is not to be had, whatever the namespace holds */
export function commitOf(writes: readonly Write[], checks: readonly Check[], limits: NamespaceLimits): Commit {
  checkCount("writes", listed("writes", writes).length, MAX_BATCH_OPERATIONS);
  checkCount("checks", listed("checks", checks).length, MAX_BATCH_OPERATIONS);
  let bytes = 0;
  const copied = writes.map((write): Write => {
    const { type, key } = write;
    if (type === "delete") {
      checkKey(key, HIGHEST_LIMITS.maxKeyBytes);
      return { type, key };
    }
    if (type !== "set") throw new InvalidOptionError("type of a write", '"set" or "delete"', type);
    const keyBytes = checkKey(key, limits.maxKeyBytes);
    const value = copiedValue(key, write.value, limits.maxValueBytes);
    bytes += keyBytes + value.length;
    checkCount("bytes", bytes, MAX_BATCH_BYTES);
    return { type, key, value };
  });
  return { checks: checks.map(checkOf), writes: copied, quotaBytes: limits.quotaBytes, group: limits.group };
}

function checkOf({ key, version }: Check): Check {
  checkKey(key, HIGHEST_LIMITS.maxKeyBytes);
  if (version !== undefined) wholeNumber("version of a check", version, 0, Number.MAX_SAFE_INTEGER);
  return { key, version };
}

function listed<T>(option: string, found: readonly T[]): readonly T[] {
  if (!Array.isArray(found)) throw new InvalidOptionError(option, "an array", found);
  return found;
}

function checkCount(counted: "writes" | "checks" | "bytes", found: number, limit: number): void {
  if (found > limit) throw new BatchTooLargeError(counted, found, limit);
}
