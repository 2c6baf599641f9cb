import { describe, expect, it } from "vitest";
import { defineManifest, manifestJsonSchema, ManifestError, parseManifest } from "../../src/index.ts";
import { fromOutside } from "../capability/requests.ts";
import { SMALLEST } from "../sample-manifest.ts";

function inSection(section: string, line: string): string {
  return `${SMALLEST}[${section}]\n${line}\n`;
}

describe("a manifest that wants more than it may say", () => {
  it.each([
    ["a prototype as a table", "[__proto__]\npolluted = true\n" + SMALLEST],
    ["a prototype in a section", inSection("quotas.__proto__", "polluted = true")],
    ["a constructor in a section", inSection("capabilities.constructor.prototype", "polluted = true")],
    ["a prototype as a capability", inSection("capabilities.__proto__", 'read = ["/**"]')],
    ["a prototype in config", inSection("config", "__proto__ = { polluted = true }")],
    ["a prototype deep in config", inSection("config.a.b", "constructor.prototype.polluted = true")],
    ["a prototype in an array in config", inSection("config", "a = [{ __proto__ = { polluted = true } }]")],
    ["a path that goes up", inSection("capabilities.filesystem", 'read = ["/data/../etc/**"]')],
    ["an encoded path that goes up", inSection("capabilities.filesystem", 'read = ["/data/%2e%2e/**"]')],
    ["a relative path", inSection("capabilities.filesystem", 'read = ["../**"]')],
    ["a path with an invisible character", inSection("capabilities.filesystem", String.raw`read = ["/data\u200B/**"]`)],
    ["a path in another form of Unicode", inSection("capabilities.filesystem", String.raw`read = ["/e\u0301/**"]`)],
    ["a host without a port", inSection("capabilities.network", 'outbound = ["example.com"]')],
    ["all hosts", inSection("capabilities.network", 'outbound = ["*:443"]')],
    ["all hosts of a country", inSection("capabilities.network", 'outbound = ["*.uk:443"]')],
    ["loopback in disguise", inSection("capabilities.network", 'outbound = ["2130706433:80"]')],
    ["loopback in hexadecimals", inSection("capabilities.network", 'outbound = ["0x7f.1:80"]')],
    ["a homograph of a host", inSection("capabilities.network", 'outbound = ["\u0430pi.example.com:443"]')],
    ["any port", inSection("capabilities.network", "inbound = [0]")],
    ["a shell line as a program", inSection("capabilities.process", String.raw`spawn = ["/bin/sh\n-c"]`)],
    ["all programs", inSection("capabilities.process", 'spawn = ["/**"]')],
    ["all variables", inSection("capabilities.environment", 'variables = ["*"]')],
    ["a namespace of somebody else", inSection("capabilities.storage", 'namespaces = ["../other"]')],
    ["a quota without end", inSection("quotas", 'memory = "99999999999999999GB"')],
    ["a quota of infinity", inSection("quotas", "network = inf")],
    ["a quota that is negative", inSection("quotas", 'cpu = "-1ms/s"')],
    ["an artifact outside its folder", SMALLEST.replace("echo.wasm", "../../bin/sh")],
    ["a signature without a key", inSection("security", `signature = "${"A".repeat(86)}"`)],
    [
      "two capability tables, the second to win",
      `${inSection("capabilities.filesystem", "read = []")}[capabilities.filesystem]\nread = ["/**"]\n`,
    ],
    ["arrays 10,000 deep", inSection("capabilities.filesystem", `read = ${"[".repeat(10_000)}${"]".repeat(10_000)}`)],
    ["tables 10,000 deep", inSection("config", `a = ${"{ a = ".repeat(10_000)}1${" }".repeat(10_000)}`)],
    ["a pattern of a megabyte", inSection("capabilities.filesystem", `read = ["/${"*a".repeat(500_000)}"]`)],
    ["a pattern that is slow to check", inSection("capabilities.filesystem", `read = ["/${"[a".repeat(500)}"]`)],
    ["a host that is slow to check", inSection("capabilities.network", `outbound = ["${"a-".repeat(120)}:443"]`)],
    ["a manifest of two megabytes", SMALLEST + "#".repeat(2_000_000)],
  ])("by %s is refused, with the place", (_, text) => {
    let refusal: unknown;
    try {
      parseManifest(text);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ManifestError);
    expect(refusal).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ line: expect.any(Number) })]),
    });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it.each([
    ["an object with another prototype", { capabilities: Object.create({ filesystem: { read: ["/**"] } }) as object }],
    [
      "a capability that only a prototype has",
      { capabilities: { filesystem: Object.create({ read: ["/**"] }) as object } },
    ],
    ["a string that is an object", { capabilities: { filesystem: { read: [new String("/**")] } } }],
    ["an array that is none", { capabilities: { filesystem: { read: { 0: "/**", length: 1 } } } }],
  ])("in code, by %s, is refused", (_, over) => {
    const component = { name: "a", version: "1.0.0", artifact: "a.wasm" };
    const resources = { memory: { maxBytes: 1_048_576 }, cpu: { maxFuel: 1000, timeoutMs: 1 } };
    expect(() => defineManifest(fromOutside({ component, resources, ...over }))).toThrow(ManifestError);
  });

  it("by a prototype of its own gets nothing in the JSON Schema either", () => {
    expect(JSON.stringify(manifestJsonSchema())).not.toMatch(/__proto__|"constructor"/);
  });
});
