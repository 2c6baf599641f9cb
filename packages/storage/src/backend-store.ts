import { setImmediate } from "node:timers/promises";
import type { Backend } from "./backend.ts";
import { type Applied, type BatchOutcome, type Check, commitOf, type Write } from "./batch.ts";
import type { Entry, KeyedEntry, Usage } from "./entry.ts";
import { ConformanceError, QuotaExceededError, StoreClosedError } from "./errors.ts";
import { checkKey } from "./key.ts";
import { HIGHEST_LIMITS, limitsOf, type NamespaceLimits } from "./limits.ts";
import type { Namespace } from "./namespace.ts";
import { type ListOptions, type Page, pageOf, pageRequestOf, type PageRequest } from "./page.ts";
import { checkName, type Store } from "./store.ts";

/** Who reads entries one after another lets others have the event loop after so many, or after so many bytes. */
const ENTRIES_AT_ONCE = 64;
const BYTES_AT_ONCE = 1_048_576;

/** A store that keeps its entries in that backend, and closes it. Checks whatever callers give before the backend sees it. */
export function storeOn(backend: Backend): Store {
  return new BackendStore(backend);
}

class BackendStore implements Store {
  readonly #backend: Backend;
  #closed: Promise<void> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  namespace(name: string, limits?: Partial<NamespaceLimits>): Namespace {
    return new BackendNamespace(() => this.#open(), checkName(name), limitsOf(name, limits));
  }

  async listNamespaces(options?: ListOptions): Promise<Page> {
    const request = pageRequestOf(options);
    return pageOf(await this.#open().listNamespaces(oneMore(request)), request.limit);
  }

  close(): Promise<void> {
    this.#closed ??= (async () => this.#backend.close())();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): Backend {
    if (this.#closed !== undefined) throw new StoreClosedError();
    return this.#backend;
  }
}

/** Its name is out of reach: whoever could change it could go to another namespace. */
class BackendNamespace implements Namespace {
  readonly #backend: () => Backend;
  readonly #name: string;
  readonly #limits: NamespaceLimits;

  constructor(backend: () => Backend, name: string, limits: NamespaceLimits) {
    this.#backend = backend;
    this.#name = name;
    this.#limits = limits;
  }

  get name(): string {
    return this.#name;
  }

  get limits(): NamespaceLimits {
    return this.#limits;
  }

  async get(key: string): Promise<Entry | undefined> {
    checkKey(key, HIGHEST_LIMITS.maxKeyBytes);
    return this.#backend().get(this.#name, key);
  }

  async exists(key: string): Promise<boolean> {
    checkKey(key, HIGHEST_LIMITS.maxKeyBytes);
    return (await this.#backend().version(this.#name, key)) !== undefined;
  }

  async set(key: string, value: Uint8Array): Promise<number> {
    const { version } = await this.#apply({ type: "set", key, value });
    return version;
  }

  async delete(key: string): Promise<boolean> {
    const { deleted } = await this.#apply({ type: "delete", key });
    return deleted > 0;
  }

  async compareAndSet(key: string, expected: number | undefined, value: Uint8Array | undefined): Promise<BatchOutcome> {
    const write: Write = value === undefined ? { type: "delete", key } : { type: "set", key, value };
    return this.batch([write], [{ key, version: expected }]);
  }

  async batch(writes: readonly Write[], checks: readonly Check[] = []): Promise<BatchOutcome> {
    const outcome = await this.#backend().commit(this.#name, commitOf(writes, checks, this.#limits));
    if (outcome.type !== "over-quota") return outcome;
    const { usedBytes, neededBytes } = outcome;
    throw new QuotaExceededError(this.#name, usedBytes, neededBytes, this.#limits.quotaBytes);
  }

  async listKeys(options?: ListOptions): Promise<Page> {
    const request = pageRequestOf(options);
    return pageOf(await this.#backend().list(this.#name, oneMore(request)), request.limit);
  }

  async usage(): Promise<Usage> {
    return this.#backend().usage(this.#name);
  }

  async *entries(): AsyncGenerator<KeyedEntry, void, undefined> {
    let [count, bytes] = [0, 0];
    for await (const entry of this.#backend().snapshot(this.#name)) {
      yield entry;
      count += 1;
      bytes += entry.value.length;
      if (count < ENTRIES_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
      [count, bytes] = [0, 0];
      await setImmediate();
    }
  }

  async #apply(write: Write): Promise<Applied> {
    const outcome = await this.batch([write]);
    if (outcome.type === "applied") return outcome;
    throw new ConformanceError("a commit without checks", "no conflict", "one");
  }
}

/** Whether a page has another behind it is seen by asking for one key more. */
function oneMore(request: PageRequest): PageRequest {
  return { ...request, limit: request.limit + 1 };
}
