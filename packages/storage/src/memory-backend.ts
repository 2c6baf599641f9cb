import type { Backend, CommitOutcome } from "./backend.ts";
import { storeOn } from "./backend-store.ts";
import type { Commit } from "./batch.ts";
import { planCommit } from "./commit-plan.ts";
import type { Entry, KeyedEntry, Usage } from "./entry.ts";
import { StoreClosedError } from "./errors.ts";
import type { PageRequest } from "./page.ts";
import { SortedKeys } from "./sorted-keys.ts";
import type { Store } from "./store.ts";

/** A store that lasts as long as this process holds it. What is written is kept as soon as the call is made. */
export function openMemoryStore(): Store {
  return storeOn(new MemoryBackend());
}

interface MemoryNamespace {
  readonly entries: Map<string, Entry>;
  readonly keys: SortedKeys;
  usage: Usage;
  version: number;
}

const NOTHING: Usage = { keys: 0, bytes: 0 };

export class MemoryBackend implements Backend {
  readonly #namespaces = new Map<string, MemoryNamespace>();
  /** Of those that hold something. */
  readonly #names = new SortedKeys();
  #isClosed = false;

  get(namespace: string, key: string): Entry | undefined {
    const entry = this.#namespaces.get(namespace)?.entries.get(key);
    return entry === undefined ? undefined : copyOf(entry);
  }

  version(namespace: string, key: string): number | undefined {
    return this.#namespaces.get(namespace)?.entries.get(key)?.version;
  }

  usage(namespace: string): Usage {
    return this.#namespaces.get(namespace)?.usage ?? NOTHING;
  }

  commit(name: string, commit: Commit): CommitOutcome {
    const namespace = this.#namespaces.get(name) ?? newNamespace();
    const holding = { usage: namespace.usage, othersBytes: this.#bytesBeside(name, commit.group) };
    const plan = planCommit(commit, holding, (key) => {
      const entry = namespace.entries.get(key);
      return entry === undefined ? undefined : { version: entry.version, valueBytes: entry.value.length };
    });
    if (plan.type !== "change") return plan;
    const { values, usage, deleted, usedBytes } = plan;
    if (values.size > 0) {
      namespace.version += 1;
      namespace.usage = usage;
      for (const [key, value] of values) write(namespace, key, value);
      this.#namespaces.set(name, namespace);
      if (usage.keys > 0) this.#names.add(name);
      else this.#names.delete(name);
    }
    return { type: "applied", version: namespace.version, deleted, usedBytes };
  }

  #bytesBeside(name: string, group: string | undefined): number {
    if (group === undefined) return 0;
    let bytes = 0;
    for (const other of this.#names.from(group)) {
      if (!other.startsWith(group)) break;
      if (other !== name) bytes += this.usage(other).bytes;
    }
    return bytes;
  }

  list(namespace: string, request: PageRequest): readonly string[] {
    const keys = this.#namespaces.get(namespace)?.keys;
    return keys === undefined ? [] : found(keys, request);
  }

  listNamespaces(request: PageRequest): readonly string[] {
    return found(this.#names, request);
  }

  async *snapshot(name: string): AsyncGenerator<KeyedEntry, void, undefined> {
    const namespace = this.#namespaces.get(name);
    if (namespace === undefined) return;
    // Entries are replaced, never changed: a list of them is as good as a copy.
    const entries = [...namespace.keys.from("")].map((key) => ({ key, entry: namespace.entries.get(key) }));
    for (const { key, entry } of entries) {
      if (this.#isClosed) throw new StoreClosedError();
      if (entry !== undefined) yield { key, ...copyOf(entry) };
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#namespaces.clear();
  }
}

function newNamespace(): MemoryNamespace {
  return { entries: new Map(), keys: new SortedKeys(), usage: NOTHING, version: 0 };
}

function write({ entries, keys, version }: MemoryNamespace, key: string, value: Uint8Array | undefined): void {
  if (value === undefined) {
    entries.delete(key);
    keys.delete(key);
  } else {
    if (!entries.has(key)) keys.add(key);
    entries.set(key, { value, version });
  }
}

function copyOf({ value, version }: Entry): Entry {
  return { value: new Uint8Array(value), version };
}

function found(keys: SortedKeys, { prefix, after, limit }: PageRequest): readonly string[] {
  const page: string[] = [];
  for (const key of keys.from(after ?? prefix, after === undefined ? "at" : "behind")) {
    if (page.length === limit || !key.startsWith(prefix)) break;
    page.push(key);
  }
  return page;
}
