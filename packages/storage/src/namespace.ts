import type { BatchOutcome, Check, Write } from "./batch.ts";
import type { Entry, KeyedEntry, Usage } from "./entry.ts";
import type { NamespaceLimits } from "./limits.ts";
import type { ListOptions, Page } from "./page.ts";

/**
 * A part of a store, for those who were given this handle: it leads to no other part, and nobody without one leads here.
 *
 * Calls on one namespace take effect one after another in the order they were made, whichever handle they were made with, also when
 * nobody waits in between. A write that is refused or fails changes nothing. Every call may reject with a `StorageError`.
 */
export interface Namespace {
  readonly name: string;
  readonly limits: NamespaceLimits;

  /** What the key holds; undefined when it is not there. */
  get(key: string): Promise<Entry | undefined>;

  exists(key: string): Promise<boolean>;

  /**
   * Keeps a copy of the value, in place of what the key held. Resolves to the version of it when it is kept for good, as the store
   * understands that.
   */
  set(key: string, value: Uint8Array): Promise<number>;

  /** Says whether the key was there. */
  delete(key: string): Promise<boolean>;

  /**
   * Sets the key, or deletes it when `value` is undefined, if it still has the version `expected`, which is undefined for a key that
   * must not be there.
   */
  compareAndSet(key: string, expected: number | undefined, value: Uint8Array | undefined): Promise<BatchOutcome>;

  /**
   * Writes all, as one and in this order, if every check holds. Only the outcome must be within the quota. At most 1000 writes and
   * 1000 checks.
   */
  batch(writes: readonly Write[], checks?: readonly Check[]): Promise<BatchOutcome>;

  /** A page of the keys, in the order of their bytes. A key that is there from the first page to the last is listed once. */
  listKeys(options?: ListOptions): Promise<Page>;

  /** What there is now, of all handles together. */
  usage(): Promise<Usage>;

  /** Everything in the order of the keys, as it was at one moment after the iteration began, whatever is written meanwhile. */
  entries(): AsyncIterable<KeyedEntry>;
}
