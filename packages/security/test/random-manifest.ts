import { defineManifest, type Manifest, type ManifestInput } from "../src/index.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** A manifest in which anything may be anything that is allowed. */
export function randomManifest(random: SeededRandom): Manifest {
  const maybe = <Value>(value: Value): { readonly value?: Value } => (random.isLucky(0.5) ? { value } : {});
  const name = (): string => random.list(1, 3, () => random.pick(["a", "order", "x9"])).join("-");
  const text = (): string =>
    random
      .list(0, 8, () => random.pick(["a", " ", '"', "'", "\\", "é", "\u{1F600}", "#", "[", "\u00AD", "="]))
      .join("");
  const freeText = (): string => text() + random.pick(["", "\n", "\r\n", "\t", '"""', "\u{10FFFF}"]) + text();
  const componentPattern = (): string => random.pick(["*/*", `${name()}/*`, `*/${name()}`, `${name()}/${name()}`]);
  const topicPattern = (): string => random.pick(["#", "a.*", "a.#", "*.B_1.#", "a-b"]);
  const pathPattern = (): string => random.pick(["/", "/**", `/${name()}/*`, "/[a-z]?/**/ü", "/#\"'/=*"]);
  const port = (): number => random.integer(1, 65_535);
  const minMs = random.integer(1, 50_000);
  const timeoutMs = random.integer(1, 5000);
  const input: ManifestInput = {
    component: {
      name: name(),
      namespace: name(),
      version: random.pick(["0.0.1", "1.2.3-a.0+b"]),
      artifact: random.pick(["a.wasm", "b c/ü.wasm"]),
      description: text(),
      authors: random.list(0, 3, text),
      ...(random.isLucky(0.5) && { license: text(), homepage: "https://example.com/?a=b#c" }),
    },
    resources: {
      memory: { maxBytes: random.integer(524_288, 4_194_304) },
      cpu: { maxFuel: random.integer(1000, 100_000_000), timeoutMs: random.integer(1, 300_000) },
    },
    capabilities: {
      messaging: {
        send: random.list(0, 3, componentPattern),
        publish: random.list(0, 3, topicPattern),
        subscribe: random.list(0, 3, topicPattern),
        receiveFrom: random.list(0, 3, componentPattern),
      },
      storage: { namespaces: random.list(0, 3, name) },
      filesystem: {
        read: random.list(0, 3, pathPattern),
        write: random.list(0, 2, pathPattern),
        delete: random.list(0, 2, pathPattern),
        list: random.list(0, 2, pathPattern),
      },
      network: {
        outbound: random.list(
          0,
          3,
          () => `${random.pick(["a.example.com", "*.example.com", "10.0.0.1", "[::1]"])}:${port()}`,
        ),
        inbound: random.list(0, 3, port),
      },
      process: { spawn: random.list(0, 2, () => random.pick(["/bin/ü", "/usr/bin/a b"])) },
      environment: { variables: random.list(0, 2, () => random.pick(["LANG", "_", "A1"])) },
      custom: { functions: random.list(0, 2, () => random.pick(["a", "a/*", "*/b-c"])) },
    },
    quotas: {
      messagesPerSecond: maybe(random.integer(1, 1_000_000)).value ?? 1000,
      networkBytesPerSecond: random.integer(1, 1000) * random.pick([1, 1000, 1024]),
      cpuMsPerSecond: random.integer(1, 64_000),
      memoryBytes: 524_288 + random.integer(0, 10_000_000),
      storageBytes: random.integer(1, 1000) * random.pick([1, 1000, 1024, 1000 ** 2, 1024 ** 2]),
    },
    supervision: {
      restart: random.pick(["permanent", "transient", "temporary"]),
      maxRestarts: random.integer(0, 5),
      backoff: {
        minMs,
        maxMs: minMs + random.integer(0, 1000),
        factor: 1 + random.next() * 5,
        jitter: random.next() * random.pick([0, 1, 1e-9]),
      },
      health: { timeoutMs, intervalMs: timeoutMs + random.integer(1, 1000) },
    },
    deployment: { strategy: random.pick(["stop-start", "blue-green", "canary", "rolling"]) },
    security: random.isLucky(0.5) ? {} : { publicKey: `ed25519:${"b".repeat(42)}A`, signature: `${"-_".repeat(42)}9Q` },
    config: [...new Map(random.list(0, 6, () => [`${random.pick(["k", "7", "a.b", "a"])}${text()}`, freeText()]))],
  };
  return defineManifest(input);
}
