import type { ManifestInput } from "@airssys/security";

/** What the counter declares: limits that are checked, and nothing that it may do. */
export const counterManifest: ManifestInput = {
  component: { name: "counter", namespace: "bench", version: "1.0.0", artifact: "build/counter.wasm" },
  resources: {
    memory: { maxBytes: 1_048_576 },
    cpu: { maxFuel: 1_000_000, timeoutMs: 1000 },
  },
};
