import type { Applied, Commit, Conflict } from "./batch.ts";
import type { OverQuota } from "./commit-plan.ts";
import type { Entry, KeyedEntry, Usage } from "./entry.ts";
import type { PageRequest } from "./page.ts";

export type CommitOutcome = Applied | Conflict | OverQuota;

/** What a backend does for a store, at once. Everything it is given has been checked, and values are its own to keep. */
export interface Tables {
  get(namespace: string, key: string): Entry | undefined;
  /** The version of the key's entry. */
  version(namespace: string, key: string): number | undefined;
  /** Does all of what `planCommit` says, or nothing. */
  commit(namespace: string, commit: Commit): CommitOutcome;
  /** Up to `limit` keys, in the order of their bytes. */
  list(namespace: string, request: PageRequest): readonly string[];
  /** The same of the names of namespaces that have keys. */
  listNamespaces(request: PageRequest): readonly string[];
  usage(namespace: string): Usage;
}

type Eventually<F> = F extends (...args: infer A) => infer R ? (...args: A) => R | Promise<R> : never;

/**
 * A place to keep entries, to be made a store with `storeOn`. Calls on one namespace must take effect in the order they are made. A
 * backend that cannot answer at once returns promises.
 */
export type Backend = { readonly [M in keyof Tables]: Eventually<Tables[M]> } & {
  /** The entries as they are at one moment after all earlier calls on the namespace, in the order of the keys. */
  snapshot(namespace: string): AsyncIterable<KeyedEntry>;
  /** Nothing is called afterwards, but snapshots may still be read: they are to throw `StoreClosedError`. */
  close(): void | Promise<void>;
};
