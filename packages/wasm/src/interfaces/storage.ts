import { type BatchOutcome, type Check, MAX_PAGE_SIZE, type Namespace, type Write } from "@airssys/storage";
import type * as Storage from "../generated/airssys-core-host-storage.ts";
import type { StorageError } from "../generated/airssys-core-types-types.ts";
import { ownNamespace } from "../own-namespace.ts";
import { toStorageError } from "../storage-error.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

/** No entry has it. */
const NO_VERSION = 0;

const functionNames = ["get", "set", "delete", "exists", "compare-and-set", "apply", "list-keys", "usage"] as const;

/**
 * `airssys:core-host/storage`: namespaces of the host's store, within what `[capabilities.storage]` grants.
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
    const { access, address, manifest, storage: store, context, meters, fail } = incarnation;

    /** The answer of the store, or of nobody when the namespace is not granted. */
    const ask = async <T>(name: string, question: (namespace: Namespace) => Promise<T>): Promise<T> => {
      if (store === undefined || !access.allows({ kind: "storage", namespace: name }))
        return refuse({ tag: "not-permitted", val: `no namespace ${name} was granted` });
      const namespace = ownNamespace(store, address, manifest, name);
      try {
        return await question(namespace);
      } catch (error) {
        const answer = toStorageError(error);
        if (answer === undefined) throw error;
        if (answer.tag === "unavailable")
          context.log.error("the store cannot be used", { namespace: namespace.name, error });
        if (answer.tag === "quota-exceeded") meters.storedTooMuch(fail);
        return refuse(answer);
      }
    };

    const write = (name: string, writes: readonly Write[], checks?: readonly Check[]): Promise<BatchOutcome> =>
      ask(name, async (namespace) => {
        const outcome = await namespace.batch(writes, checks);
        if (outcome.type === "applied") meters.stored(outcome.usedBytes);
        return outcome;
      });

    const functions: Promised<typeof Storage> = {
      get: (name, key) =>
        ask(name, async (namespace) => {
          const entry = await namespace.get(key);
          return entry && { value: entry.value, version: BigInt(entry.version) };
        }),
      set: async (name, key, value) => void (await write(name, [{ type: "set", key, value }])),
      delete: async (name, key) => {
        const outcome = await write(name, [{ type: "delete", key }]);
        return outcome.type === "applied" && outcome.deleted > 0;
      },
      exists: (name, key) => ask(name, (namespace) => namespace.exists(key)),
      compareAndSet: async (name, key, value, version) => {
        const expected = version === undefined ? undefined : versionOf(version);
        const outcome = await write(name, [{ type: "set", key, value }], [{ key, version: expected }]);
        return outcome.type === "applied";
      },
      apply: async (name, changes) => void (await write(name, changes.map(writeOf))),
      listKeys: (name, prefix, cursor, limit) =>
        ask(name, async (namespace) => {
          const size = Math.min(Math.max(limit, 1), MAX_PAGE_SIZE);
          const { keys, cursor: next } = await namespace.listKeys({ prefix, cursor, limit: size });
          return next === undefined ? { keys: [...keys] } : { keys: [...keys], cursor: next };
        }),
      usage: (name) =>
        ask(name, async (namespace) => {
          const { keys, bytes } = await namespace.usage();
          return { keys: BigInt(keys), bytes: BigInt(bytes), quotaBytes: BigInt(namespace.limits.quotaBytes) };
        }),
    };
    return functions;
  },
};

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
