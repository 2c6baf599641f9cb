import { describe, expect, it } from "vitest";
import {
  AccessControl,
  capabilitiesOf,
  CapabilitySet,
  defineManifest,
  parseManifest,
  printManifest,
  Recording,
  type Capability,
  type RecordingOptions,
} from "../../src/index.ts";
import { SeededRandom } from "../seeded-random.ts";

const manifest = defineManifest({
  component: { namespace: "shop", name: "parser", version: "1.0.0", artifact: "parser.wasm" },
  resources: { memory: { maxBytes: 1_048_576 }, cpu: { maxFuel: 10_000, timeoutMs: 1000 } },
});

/** What is learned of a component that does this, though nothing is granted to it. */
function learned(done: readonly Capability[], options: RecordingOptions = {}): Recording {
  const recording = new Recording(options);
  const control = new AccessControl({
    component: "shop/parser",
    digest: "sha256:x",
    mode: "permissive",
    grants: new CapabilitySet(),
    policies: [],
    onDecision: recording.record,
  });
  for (const capability of done) control.check(capability);
  return recording;
}

/** Whether a component with these grants may do all of it. */
function refusedBy(recording: Recording, done: readonly Capability[], but?: Capability): readonly Capability[] {
  const grants = new CapabilitySet();
  for (const each of capabilitiesOf(recording.capabilities("shop/parser"))) {
    if (but === undefined || JSON.stringify(each) !== JSON.stringify(but)) grants.grant(each);
  }
  return done.filter((capability) => !grants.matches(capability));
}

function files(count: number): readonly Capability[] {
  return Array.from({ length: count }, (_, at) => ({ kind: "file", action: "read", path: `/a/${at}` }));
}

const done: readonly Capability[] = [
  { kind: "file", action: "read", path: "/data/in/a.csv" },
  { kind: "file", action: "read", path: "/data/in/a.csv" },
  { kind: "file", action: "list", path: "/data/in" },
  { kind: "connect", target: "api.example.com:443" },
  { kind: "connect", target: "api.example.com:443", address: "93.184.216.34" },
  { kind: "connect", target: "db.example.com:5000" },
  { kind: "connect", target: "db.example.com:5000", address: "10.0.0.7" },
  { kind: "listen", port: 8080 },
  { kind: "messaging", action: "send", subject: "shop/desk" },
  { kind: "messaging", action: "subscribe", subject: "orders.*" },
  { kind: "storage", namespace: "orders" },
  { kind: "spawn", program: "/usr/bin/convert" },
  { kind: "environment", variable: "LANG" },
  { kind: "custom", name: "labels/print" },
];

describe("a recording", () => {
  it("has what was done, and nothing else, as a manifest has it", () => {
    const text = printManifest(learned(done).manifestFor(manifest));
    expect(text.slice(text.indexOf("[capabilities"))).toMatchInlineSnapshot(`
      "[capabilities.filesystem]
      read = ["/data/in/a.csv"]
      list = ["/data/in"]

      [capabilities.network]
      outbound = ["10.0.0.7:5000", "api.example.com:443", "db.example.com:5000"]
      inbound = [8080]

      [capabilities.messaging]
      send = ["shop/desk"]
      subscribe = ["orders.*"]

      [capabilities.storage]
      namespaces = ["orders"]

      [capabilities.process]
      spawn = ["/usr/bin/convert"]

      [capabilities.environment]
      variables = ["LANG"]

      [capabilities.custom]
      functions = ["labels/print"]
      "
    `);
    expect(parseManifest(text).capabilities).toEqual(learned(done).capabilities("shop/parser"));
  });

  it("allows all that was done, and not without any part of it", () => {
    const recording = learned(done);
    expect(refusedBy(recording, done)).toEqual([]);
    for (const each of capabilitiesOf(recording.capabilities("shop/parser"))) {
      expect(refusedBy(recording, done, each).length).toBeGreaterThan(0);
    }
  });

  it("of one component has nothing of another, and of nobody nothing", () => {
    expect(capabilitiesOf(learned(done).capabilities("shop/other"))).toEqual([]);
  });

  it("has nothing of what is refused in every mode", () => {
    const recording = learned([
      { kind: "file", action: "read", path: "/etc/shadow" },
      { kind: "connect", target: "169.254.169.254:80" },
      { kind: "file", action: "read", path: "/data/../x" },
    ]);
    expect(capabilitiesOf(recording.capabilities("shop/parser"))).toEqual([]);
  });

  it("takes names for what they are, whatever they would be as patterns", () => {
    const odd: readonly Capability[] = ["/data/*", "/data/a?", "/data/[x]", "/data/**"].map((path) => ({
      kind: "file",
      action: "read",
      path,
    }));
    const recording = learned(odd);
    expect(refusedBy(recording, odd)).toEqual([]);
    const others: readonly Capability[] = ["/data/b", "/data/ab", "/data/x", "/data/a/b"].map((path) => ({
      kind: "file",
      action: "read",
      path,
    }));
    expect(refusedBy(recording, others)).toEqual(others);
  });

  it("makes of many files in a folder the folder, where that is asked for", () => {
    const used: readonly Capability[] = ["/a/1", "/a/2", "/a/3", "/b/1", "/a/c/1"].map((path) => ({
      kind: "file",
      action: "read",
      path,
    }));
    const { filesystem } = learned(used, { filesPerFolder: 2 }).capabilities("shop/parser");
    expect(filesystem.read).toEqual(["/a/*", "/a/c/1", "/b/1"]);
  });

  it("is bounded, and says when there was more", () => {
    const [whole, part] = [learned(files(5), { most: 5 }), learned(files(6), { most: 5 })];
    expect([whole.isComplete, part.isComplete]).toEqual([true, false]);
    expect(part.capabilities("shop/parser").filesystem.read).toHaveLength(5);
  });

  it("remembers nothing that is longer than any pattern, and says so", () => {
    const long = learned([{ kind: "environment", variable: "A".repeat(10_000) }, ...files(1)]);
    expect(long.isComplete).toBe(false);
    expect(long.capabilities("shop/parser").environment.variables).toEqual([]);
    expect(long.capabilities("shop/parser").filesystem.read).toHaveLength(1);
  });

  it("of anything at all allows just that", () => {
    const random = new SeededRandom(11);
    const names = ["a", "b", "*", "[a]", "a?", "x y", "ä"] as const;
    for (let round = 0; round < 200; round += 1) {
      const some = random.list(0, 6, (): Capability => ({
        kind: "file",
        action: random.pick(["read", "write", "delete", "list"] as const),
        path: `/${random.list(1, 3, () => random.pick(names)).join("/")}`,
      }));
      expect(refusedBy(learned(some), some)).toEqual([]);
    }
  });
});
