import { describe, expect, it } from "vitest";
import {
  defineManifest,
  ManifestError,
  type ManifestInput,
  type ManifestProblem,
  parseManifest,
} from "../src/index.ts";
import { FULLEST, SMALLEST } from "./sample-manifest.ts";

const smallest: ManifestInput = {
  component: { name: "echo", version: "1.0.0", artifact: "echo.wasm" },
  resources: { memory: { maxBytes: 1_048_576 }, cpu: { maxFuel: 10_000, timeoutMs: 1000 } },
};

describe("a manifest in TypeScript", () => {
  it("is the manifest that the same settings in TOML are", () => {
    expect(defineManifest(smallest)).toEqual(parseManifest(SMALLEST));
    const withMore = defineManifest({
      ...smallest,
      capabilities: { messaging: { receiveFrom: ["shop/*"] } },
      quotas: { messagesPerSecond: 5 },
      supervision: { backoff: { factor: 1 }, restart: "temporary" },
      config: { zone: "here", limits: { lines: 5, tags: ["a"] } },
    });
    expect(withMore).toEqual(
      parseManifest(`${SMALLEST}
[capabilities.messaging]
receive_from = ["shop/*"]
[quotas]
message_rate = "5/s"
[supervision]
restart = "temporary"
backoff.factor = 1
[config]
zone = "here"
limits = { lines = 5, tags = ["a"] }
`),
    );
  });

  it("may be a manifest that was read before", () => {
    const manifest = parseManifest(FULLEST);
    expect(defineManifest(manifest)).toEqual(manifest);
    const hungrier = defineManifest(
      { ...manifest, resources: { ...manifest.resources, memory: { maxBytes: 8_388_608 } } },
      { ceilings: { memoryBytes: 8_388_608 } },
    );
    expect(hungrier).toEqual({ ...manifest, resources: { ...manifest.resources, memory: { maxBytes: 8_388_608 } } });
  });

  it("has problems without lines, in camelCase", () => {
    const wrong: unknown = JSON.parse(`{
      "component": { "name": "echo", "version": "1.0.0", "artifact": "echo.wasm", "max_bytes": 1 },
      "resources": { "memory": { "maxBytes": 1.5 }, "cpu": { "maxFuel": "10000", "timeoutMs": null } },
      "capabilities": { "messaging": { "receive_from": [] } },
      "quotas": { "messagesPerSecond": "1000/s" },
      "config": { "__proto__": 1, "a": null }
    }`);
    expect(problemsOf(wrong)).toEqual([
      {
        file: "manifest",
        field: "component.max_bytes",
        expected: expect.stringContaining("one of name"),
        found: 'an unknown key "max_bytes"',
      },
      {
        file: "manifest",
        field: "resources.memory.maxBytes",
        expected: "an integer from 524288 to 4194304",
        found: "a float 1.5",
      },
      {
        file: "manifest",
        field: "resources.cpu.maxFuel",
        expected: "an integer from 1000 to 100000000",
        found: 'a string "10000"',
        hint: "write it without quotes",
      },
      { file: "manifest", field: "resources.cpu.timeoutMs", expected: "an integer from 1 to 300000", found: "null" },
      {
        file: "manifest",
        field: "capabilities.messaging.receive_from",
        expected: "one of send, publish, subscribe, receiveFrom",
        found: 'an unknown key "receive_from"',
        hint: "did you mean receiveFrom?",
      },
      {
        file: "manifest",
        field: "quotas.messagesPerSecond",
        expected: "an integer from 1 to 1000000",
        found: 'a string "1000/s"',
      },
      {
        file: "manifest",
        field: "config.__proto__",
        expected: "a key that is not reserved by JavaScript",
        found: '"__proto__"',
      },
      {
        file: "manifest",
        field: "config.a",
        expected: "a string, a number, a boolean, an array or a table",
        found: "null",
      },
    ]);
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a list", []],
    ["a class", new Map()],
    ["a text", SMALLEST],
    ["a section of a class", { ...smallest, component: new Date(0) }],
    ["a list with holes", { ...smallest, capabilities: { messaging: { send: Array.from({ length: 2 }) } } }],
    ["a function in the config", { ...smallest, config: { run: () => 1 } }],
    ["half a pair in the config", { ...smallest, config: [["a"]] }],
    [
      "a pair twice in the config",
      {
        ...smallest,
        config: [
          ["a", "1"],
          ["a", "2"],
        ],
      },
    ],
    ["half a surrogate pair", { ...smallest, config: { a: "\uD800" } }],
    ["half a surrogate pair in a key", { ...smallest, config: { "\uD800": 1 } }],
    [
      "half a surrogate pair in a description",
      { ...smallest, component: { ...smallest.component, description: "\uDC00" } },
    ],
  ])("is refused when it is, or has, %s", (_, input: unknown) => {
    expect(problemsOf(input).length).toBeGreaterThan(0);
  });

  it("is refused when its config holds itself", () => {
    const config: Record<string, unknown> = {};
    config["self"] = config;
    expect(problemsOf({ ...smallest, config })).toMatchObject([{ found: "more" }]);
  });
});

/** What a caller without a type checker gets to hear. */
function problemsOf(input: unknown): readonly ManifestProblem[] {
  try {
    Reflect.apply(defineManifest, undefined, [input]);
    return [];
  } catch (error) {
    if (error instanceof ManifestError) return error.problems;
    throw error;
  }
}
