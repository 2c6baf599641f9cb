import { DEFAULT_LIMITS, HIGHEST_LIMITS, MAX_PAGE_SIZE, type Namespace, type Write } from "@airssys/storage";
import type * as Storage from "../generated/airssys-core-host-storage.ts";
import type { StorageError } from "../generated/airssys-core-types-types.ts";
import type { Incarnation } from "../incarnation.ts";
import { maxMessageBytes } from "../message-size.ts";
import { toStorageError } from "../storage-error.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

/** No entry has it. */
const NO_VERSION = 0;

const functionNames = ["get", "set", "delete", "exists", "compare-and-set", "apply", "list-keys", "usage"] as const;

/**
 * `airssys:core-host/storage`: namespaces of the host's store, within what `[capabilities.storage]` grants. A component's namespace has
 * the component's address in its name: whatever it is called, it is not that of another.
 */
export const storage: HostInterface = {
  name: "airssys:core-host/storage@1.0.0",
  functions: functionNames,
  waiting: functionNames,
  refusal: ({ capabilities }) =>
    capabilities.storage.namespaces.length === 0
      ? "Component.toml asks for no namespaces in [capabilities.storage]"
      : undefined,
  // One in memory in its place would forget what the component was promised to find again.
  absence: ({ storage: store }) =>
    store === undefined ? "this host was given no store, as `storage`, to keep anything in" : undefined,

  prepare: (incarnation) => {
    const { access, address, storage: store, context } = incarnation;
    const limits = limitsFor(incarnation);

    /** The answer of the store, or of nobody when the namespace is not granted. */
    const ask = async <T>(name: string, question: (namespace: Namespace) => Promise<T>): Promise<T> => {
      if (store === undefined || !access.allows({ kind: "storage", namespace: name }))
        return refuse({ tag: "not-permitted", val: `no namespace ${name} was granted` });
      const own = `${address}/${name}`;
      try {
        return await question(store.namespace(own, limits));
      } catch (error) {
        const answer = toStorageError(error);
        if (answer === undefined) throw error;
        if (answer.tag === "unavailable") context.log.error("the store cannot be used", { namespace: own, error });
        return refuse(answer);
      }
    };

    const functions: Promised<typeof Storage> = {
      get: (name, key) =>
        ask(name, async (namespace) => {
          const entry = await namespace.get(key);
          return entry && { value: entry.value, version: BigInt(entry.version) };
        }),
      set: (name, key, value) => ask(name, async (namespace) => void (await namespace.set(key, value))),
      delete: (name, key) => ask(name, (namespace) => namespace.delete(key)),
      exists: (name, key) => ask(name, (namespace) => namespace.exists(key)),
      compareAndSet: (name, key, value, version) =>
        ask(name, async (namespace) => {
          const expected = version === undefined ? undefined : versionOf(version);
          const outcome = await namespace.compareAndSet(key, expected, value);
          return outcome.type === "applied";
        }),
      apply: (name, changes) => ask(name, async (namespace) => void (await namespace.batch(changes.map(writeOf)))),
      listKeys: (name, prefix, cursor, limit) =>
        ask(name, async (namespace) => {
          const size = Math.min(Math.max(limit, 1), MAX_PAGE_SIZE);
          const { keys, cursor: next } = await namespace.listKeys({ prefix, cursor, limit: size });
          return next === undefined ? { keys: [...keys] } : { keys: [...keys], cursor: next };
        }),
      usage: (name) =>
        ask(name, async (namespace) => {
          const { keys, bytes } = await namespace.usage();
          return { keys: BigInt(keys), bytes: BigInt(bytes), quotaBytes: BigInt(limits.quotaBytes) };
        }),
    };
    return functions;
  },
};

/** What a component keeps it must also be able to take back. */
function limitsFor({ manifest }: Incarnation): { quotaBytes: number; maxKeyBytes: number; maxValueBytes: number } {
  return {
    quotaBytes: manifest.quotas.storageBytes,
    maxKeyBytes: DEFAULT_LIMITS.maxKeyBytes,
    maxValueBytes: Math.min(maxMessageBytes(manifest), HIGHEST_LIMITS.maxValueBytes),
  };
}

function versionOf(version: bigint): number {
  return version > Number.MAX_SAFE_INTEGER ? NO_VERSION : Number(version);
}

function writeOf(change: Storage.Change): Write {
  if (change.tag === "delete") return { type: "delete", key: change.val };
  const [key, value] = change.val;
  return { type: "set", key, value };
}

/** Ends the call with a WIT error: a thrown value that is no Error is the error of the result. */
function refuse(answer: StorageError): never {
  throw answer; // oxlint-disable-line typescript/only-throw-error -- the error case of a WIT result is a value
}
