import type { Write } from "../batch.ts";
import { textOf } from "./reading.ts";

/**
 * What a store is, in the fewest words: maps of maps. It counts changes where a store has versions, and finds out what comes of a
 * batch by making it in a copy.
 */
export class Model {
  readonly #namespaces = new Map<string, ModelNamespace>();

  namespace(name: string): ModelNamespace {
    const found = this.#namespaces.get(name) ?? new ModelNamespace();
    this.#namespaces.set(name, found);
    return found;
  }

  listNamespaces(): readonly string[] {
    return sorted([...this.#namespaces].filter(([, { usage }]) => usage.keys > 0).map(([name]) => name));
  }
}

interface ModelEntry {
  readonly text: string;
  /** Which change of the namespace wrote it. */
  readonly change: number;
}

export class ModelNamespace {
  #entries = new Map<string, ModelEntry>();
  changes = 0;

  get(key: string): ModelEntry | undefined {
    return this.#entries.get(key);
  }

  get usage(): { readonly keys: number; readonly bytes: number } {
    return { keys: this.#entries.size, bytes: bytesIn(this.#entries) };
  }

  list(prefix: string): readonly string[] {
    return sorted([...this.#entries.keys()].filter((key) => key.startsWith(prefix)));
  }

  /** The outcome: which changes the checks found instead, that it is too much, or how many keys are gone. */
  batch(writes: readonly Write[], checks: readonly ModelCheck[], quotaBytes: number): ModelOutcome {
    const found = checks.filter(({ key, change }) => this.get(key)?.change !== change);
    if (found.length > 0) return { conflict: found.map(({ key }) => ({ key, change: this.get(key)?.change })) };
    const after = new Map(this.#entries);
    for (const write of writes) {
      if (write.type === "delete") after.delete(write.key);
      else after.set(write.key, { text: textOf(write.value), change: this.changes + 1 });
    }
    if (bytesIn(after) > Math.max(quotaBytes, bytesIn(this.#entries))) return { code: "STORAGE_QUOTA_EXCEEDED" };
    const gone = [...this.#entries.keys()].filter((key) => !after.has(key)).length;
    if (gone > 0 || [...after.values()].some(({ change }) => change > this.changes)) this.changes += 1;
    this.#entries = after;
    return { deleted: gone };
  }
}

/** That a key was written by this change, or is not there. */
export interface ModelCheck {
  readonly key: string;
  readonly change: number | undefined;
}

export type ModelOutcome =
  | { readonly conflict: readonly ModelCheck[] }
  | { readonly code: string }
  | { readonly deleted: number };

function bytesIn(entries: ReadonlyMap<string, ModelEntry>): number {
  return [...entries].reduce((sum, [key, { text }]) => sum + Buffer.byteLength(key) + Buffer.byteLength(text), 0);
}

/** By their bytes, in another way than the store's. */
function sorted(keys: readonly string[]): readonly string[] {
  return keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
