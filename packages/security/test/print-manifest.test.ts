import { describe, expect, it } from "vitest";
import { defineManifest, type Manifest, type ManifestInput, parseManifest, printManifest } from "../src/index.ts";
import { FULLEST, SMALLEST } from "./sample-manifest.ts";
import { SeededRandom } from "./seeded-random.ts";

describe("a printed manifest", () => {
  it("leaves out what is at its default", () => {
    expect(printManifest(parseManifest(SMALLEST))).toBe(SMALLEST);
  });

  it("has its sections in the order of the schema, and config last", () => {
    expect(printManifest(parseManifest(FULLEST)).match(/^\[.*\]$/gm)).toEqual([
      "[component]",
      "[resources.memory]",
      "[resources.cpu]",
      "[capabilities.messaging]",
      "[capabilities.storage]",
      "[quotas]",
      "[supervision]",
      "[supervision.backoff]",
      "[supervision.health]",
      "[config]",
    ]);
  });

  it("parses to the manifest it was printed from", () => {
    const random = new SeededRandom(11);
    for (let round = 0; round < 2000; round += 1) {
      const manifest = randomManifest(random);
      const printed = printManifest(manifest);
      expect(parseManifest(printed), `from ${printed}`).toEqual(manifest);
      expect(printManifest(parseManifest(printed))).toBe(printed);
    }
  });

  it("keeps keys apart that differ in their dots only", () => {
    const manifest = defineManifest({
      ...parseManifest(SMALLEST),
      config: [
        ["a.b", "1"],
        ["a", "2"],
        ["a.b.c", "3"],
      ],
    });
    expect(parseManifest(printManifest(manifest)).config).toEqual(manifest.config);
  });
});

function randomManifest(random: SeededRandom): Manifest {
  const maybe = <Value>(value: Value): { readonly value?: Value } => (random.isLucky(0.5) ? { value } : {});
  const name = (): string => random.list(1, 3, () => random.pick(["a", "order", "x9"])).join("-");
  const text = (): string =>
    random
      .list(0, 8, () => random.pick(["a", " ", '"', "'", "\\", "é", "\u{1F600}", "#", "[", "\u00AD", "="]))
      .join("");
  const freeText = (): string => text() + random.pick(["", "\n", "\r\n", "\t", '"""', "\u{10FFFF}"]) + text();
  const componentPattern = (): string => random.pick(["*/*", `${name()}/*`, `*/${name()}`, `${name()}/${name()}`]);
  const topicPattern = (): string => random.pick(["#", "a.*", "a.#", "*.B_1.#", "a-b"]);
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
    },
    quotas: {
      messagesPerSecond: maybe(random.integer(1, 1_000_000)).value ?? 1000,
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
    config: [...new Map(random.list(0, 6, () => [`${random.pick(["k", "7", "a.b", "a"])}${text()}`, freeText()]))],
  };
  return defineManifest(input);
}
