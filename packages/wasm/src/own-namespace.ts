import type { Manifest } from "@airssys/security";
import { DEFAULT_LIMITS, HIGHEST_LIMITS, type Namespace, type Store } from "@airssys/storage";
import { maxMessageBytes } from "./message-size.ts";

/**
 * The namespace that a component knows by a name of its own. It has the component's address in its name: whatever it is called, it is not
 * that of another. All of a component's share one quota.
 */
export function ownNamespace(store: Store, address: string, manifest: Manifest, name: string): Namespace {
  return store.namespace(`${address}/${name}`, {
    group: `${address}/`,
    quotaBytes: manifest.quotas.storageBytes,
    maxKeyBytes: DEFAULT_LIMITS.maxKeyBytes,
    // What a component keeps it must also be able to take back.
    maxValueBytes: Math.min(maxMessageBytes(manifest), HIGHEST_LIMITS.maxValueBytes),
  });
}

/** Bytes that a component has in the store by now, in all the namespaces it may have. */
export async function bytesStored(store: Store, address: string, manifest: Manifest): Promise<number> {
  const [name] = manifest.capabilities.storage.namespaces;
  if (name === undefined) return 0;
  const outcome = await ownNamespace(store, address, manifest, name).batch([]);
  return outcome.type === "applied" ? outcome.usedBytes : 0;
}
