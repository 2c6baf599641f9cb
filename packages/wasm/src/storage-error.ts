import { StorageError as StoreError } from "@airssys/storage";
import type { StorageError } from "./generated/airssys-core-types-types.ts";

/**
 * What a failure of the store is to a component: which case it is, in words that say nothing of the host. Undefined for what is no
 * answer: a store that is broken, or that cannot say whether it changed anything.
 */
export function toStorageError(error: unknown): StorageError | undefined {
  if (!(error instanceof StoreError)) return undefined;
  switch (error.code) {
    case "STORAGE_INVALID_KEY":
      return { tag: "invalid-key", val: "a key is not empty" };
    case "STORAGE_KEY_TOO_LARGE":
      return { tag: "invalid-key", val: "a key has at most 1024 bytes" };
    case "STORAGE_INVALID_CURSOR":
      return { tag: "invalid-key", val: "a cursor is of a page with the same prefix" };
    case "STORAGE_VALUE_TOO_LARGE":
      return { tag: "value-too-large", val: "larger than this component may keep" };
    case "STORAGE_BATCH_TOO_LARGE":
      return { tag: "value-too-large", val: "more changes than are made at once" };
    case "STORAGE_QUOTA_EXCEEDED":
      return { tag: "quota-exceeded", val: "the namespaces would hold more than their quota" };
    case "STORAGE_CLOSED":
    case "STORAGE_OVERLOADED":
    case "STORAGE_BUSY":
    case "STORAGE_DISK_FULL":
    case "STORAGE_NOT_WRITABLE":
    case "STORAGE_NOT_OPENED":
    case "STORAGE_CORRUPT":
    case "STORAGE_FAILED":
      return { tag: "unavailable", val: "the store cannot be used now" };
    default:
      return undefined;
  }
}
