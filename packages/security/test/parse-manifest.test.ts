import { describe, expect, it } from "vitest";
import { ManifestError, type ManifestProblem, type ManifestOptions, parseManifest } from "../src/index.ts";
import { FULLEST, SMALLEST } from "./sample-manifest.ts";

/** What is wrong with the text; nothing when it is accepted. */
function problemsOf(text: string, options?: ManifestOptions): readonly ManifestProblem[] {
  try {
    parseManifest(text, options);
    return [];
  } catch (error) {
    if (error instanceof ManifestError) return error.problems;
    throw error;
  }
}

/** A problem of shop/Component.toml. */
function shopProblem(
  line: number,
  column: number,
  field: string,
  expected: unknown,
  found: string,
  hint?: string,
): unknown {
  return { file: "shop/Component.toml", line, column, field, expected, found, ...(hint !== undefined && { hint }) };
}

/** The smallest manifest with one of its lines replaced. */
function smallestWith(line: string, replacement: string): string {
  expect(SMALLEST).toContain(line);
  return SMALLEST.replace(line, replacement);
}

describe("a manifest", () => {
  it("gets every default it does not set", () => {
    expect(parseManifest(SMALLEST)).toEqual({
      component: {
        name: "echo",
        namespace: "local",
        version: "1.0.0",
        artifact: "echo.wasm",
        description: "",
        authors: [],
      },
      resources: { memory: { maxBytes: 1_048_576 }, cpu: { maxFuel: 10_000, timeoutMs: 1000 } },
      capabilities: {
        messaging: { send: [], publish: [], subscribe: [], receiveFrom: [] },
        storage: { namespaces: [] },
        filesystem: { read: [], write: [], delete: [], list: [] },
        network: { outbound: [], inbound: [] },
        process: { spawn: [] },
        environment: { variables: [] },
        custom: { functions: [] },
      },
      quotas: {
        messagesPerSecond: 1000,
        storageBytes: 104_857_600,
        networkBytesPerSecond: 10_000_000,
        cpuMsPerSecond: 1000,
        memoryBytes: 256_000_000,
      },
      deployment: { strategy: "blue-green" },
      security: {},
      supervision: {
        restart: "permanent",
        maxRestarts: 3,
        withinMs: 60_000,
        backoff: { minMs: 100, maxMs: 30_000, factor: 2, jitter: 0.2 },
        shutdownMs: 5000,
        snapshotEvery: 0,
        health: { intervalMs: 10_000, timeoutMs: 1000, failureThreshold: 3 },
      },
      config: [],
    });
  });

  it("keeps every field it sets, whichever way TOML writes its tables", () => {
    expect(parseManifest(FULLEST)).toEqual({
      component: {
        name: "order-parser",
        namespace: "shop",
        version: "1.2.0-rc.1+build.5",
        artifact: "build/order-parser.wasm",
        description: 'Parses "orders" — quickly',
        authors: ["Ada <ada@example.com>", "Grace"],
        license: "MIT OR Apache-2.0",
        repository: "https://example.com/order-parser.git",
        homepage: "https://example.com",
      },
      resources: { memory: { maxBytes: 4_194_304 }, cpu: { maxFuel: 10_000_000, timeoutMs: 1000 } },
      capabilities: {
        messaging: {
          send: ["shop/*", "bank/vault"],
          publish: ["orders.*"],
          subscribe: ["orders.#", "#"],
          receiveFrom: ["*/*"],
        },
        storage: { namespaces: ["orders", "by-day"] },
        filesystem: {
          read: ["/data/in/**", "/[a-c]?/*.csv"],
          write: ["/data/out/*"],
          delete: ["/data/out/*"],
          list: ["/"],
        },
        network: {
          outbound: ["api.example.com:443", "*.cdn.example.com:443", "10.0.0.1:80", "[::1]:8080"],
          inbound: [8080, 80],
        },
        process: { spawn: ["/usr/bin/convert"] },
        environment: { variables: ["LANG", "_x1"] },
        custom: { functions: ["labels/*", "ping"] },
      },
      quotas: {
        messagesPerSecond: 250,
        storageBytes: 5_000_000,
        networkBytesPerSecond: 1024,
        cpuMsPerSecond: 250,
        memoryBytes: 67_108_864,
      },
      deployment: { strategy: "canary" },
      security: { publicKey: `ed25519:${"A".repeat(43)}`, signature: "A".repeat(86) },
      supervision: {
        restart: "transient",
        maxRestarts: 5,
        withinMs: 10_000,
        backoff: { minMs: 10, maxMs: 1000, factor: 1.5, jitter: 0 },
        shutdownMs: 0,
        snapshotEvery: 100,
        health: { intervalMs: 5000, timeoutMs: 500, failureThreshold: 2 },
      },
      config: [
        ["zone", "Europe/Berlin"],
        ["10", "ten"],
        ["2", "true"],
        ["ratio", "0.25"],
        ["tags", '["a",1,{"deep":[false]}]'],
        ["text", "two\nlines"],
        ["limits.lines", "500"],
        ["limits.bytes.each", "1000"],
      ],
    });
  });

  it("cannot be changed", () => {
    const manifest = parseManifest(FULLEST);
    const parts: unknown[] = [manifest];
    for (const part of parts) {
      expect(Object.isFrozen(part)).toBe(true);
      if (typeof part === "object" && part !== null) parts.push(...Object.values(part));
    }
    expect(parts.length).toBeGreaterThan(60);
  });

  it("may begin with a byte order mark and end its lines as Windows does", () => {
    expect(parseManifest(`\uFEFF${FULLEST.replaceAll("\n", "\r\n")}`).component.name).toBe("order-parser");
  });

  it("tells of all its problems at once, in the order of the file", () => {
    const text = `[component]
name = "Order Parser"
namespace = 5
artifact = "../secret.wasm"
licence = "MIT"

[resources.memory]
max_bytes = "4MB"

[resources.cpu]
max_fuel = 10.0
timeout_ms = 300001

[capabilities.messaging]
send = ["shop/*", "shop*", 7]

[supervision]
restart = "always"
backoff = { min_ms = 50000 }
`;
    expect(problemsOf(text, { file: "shop/Component.toml" })).toEqual([
      shopProblem(1, 2, "component.version", "a semantic version such as 1.2.0", "nothing"),
      shopProblem(2, 8, "component.name", expect.stringContaining("a name such as"), 'a string "Order Parser"'),
      shopProblem(3, 13, "component.namespace", expect.stringContaining("a name such as"), "an integer 5"),
      shopProblem(4, 12, "component.artifact", expect.stringContaining("inside"), 'a string "../secret.wasm"'),
      shopProblem(
        5,
        1,
        "component.licence",
        expect.stringMatching(/^one of name, .*homepage$/),
        'an unknown key "licence"',
        "did you mean license?",
      ),
      shopProblem(8, 13, "resources.memory.max_bytes", "an integer from 524288 to 4194304", 'a string "4MB"'),
      shopProblem(11, 12, "resources.cpu.max_fuel", "an integer from 1000 to 100000000", "a float 10.0"),
      shopProblem(12, 14, "resources.cpu.timeout_ms", "an integer from 1 to 300000", "an integer 300001"),
      shopProblem(15, 19, "capabilities.messaging.send[1]", expect.stringContaining("pattern"), 'a string "shop*"'),
      shopProblem(15, 28, "capabilities.messaging.send[2]", expect.stringContaining("pattern"), "an integer 7"),
      shopProblem(18, 11, "supervision.restart", 'one of "permanent", "transient", "temporary"', 'a string "always"'),
      shopProblem(
        19,
        22,
        "supervision.backoff.min_ms",
        "min_ms at most max_ms, which is 30000 by default",
        "min_ms = 50000",
      ),
    ]);
  });
});

describe("a limit", () => {
  it.each([
    ["max_bytes = 1048576", "resources.memory.max_bytes"],
    ["max_fuel = 10000", "resources.cpu.max_fuel"],
    ["timeout_ms = 1000", "resources.cpu.timeout_ms"],
  ])("is required: %s", (line, field) => {
    expect(problemsOf(smallestWith(line, ""))).toMatchObject([{ field, found: "nothing" }]);
  });

  it.each([
    ["max_bytes = 1048576", "max_bytes", 524_288, 4_194_304],
    ["max_fuel = 10000", "max_fuel", 1000, 100_000_000],
    ["timeout_ms = 1000", "timeout_ms", 1, 300_000],
  ])("is within its range, both ends included: %s", (line, key, min, max) => {
    for (const value of [min, max]) expect(problemsOf(smallestWith(line, `${key} = ${value}`))).toEqual([]);
    for (const value of [min - 1, max + 1, -min, "9223372036854775807", "99999999999999999999", "inf", "nan"]) {
      expect(problemsOf(smallestWith(line, `${key} = ${value}`))).toHaveLength(1);
    }
  });

  it.each(["1048576.0", "1e6", "true", "[1048576]", "{ bytes = 1048576 }", "2026-01-01", "07:32:00"])(
    "is an integer, not %s",
    (value) => {
      expect(problemsOf(smallestWith("max_bytes = 1048576", `max_bytes = ${value}`))).toMatchObject([
        { field: "resources.memory.max_bytes", line: 7, column: 13 },
      ]);
    },
  );

  it("in quotes is refused with the advice to write it without", () => {
    expect(problemsOf(smallestWith("max_fuel = 10000", 'max_fuel = "10000"'))).toMatchObject([
      { hint: "write it without quotes" },
    ]);
  });

  it("goes up to the ceiling the operator set, and no further", () => {
    const text = smallestWith("max_bytes = 1048576", "max_bytes = 67108864");
    expect(problemsOf(text)).toHaveLength(1);
    expect(parseManifest(text, { ceilings: { memoryBytes: 67_108_864 } }).resources.memory.maxBytes).toBe(67_108_864);
    expect(problemsOf(text, { ceilings: { memoryBytes: 67_108_863 } })).toMatchObject([
      { expected: "an integer from 524288 to 67108863" },
    ]);
  });

  it("is required of a table that is not a table, too", () => {
    expect(problemsOf("component = 1\n[[resources]]\n")).toMatchObject([
      { line: 1, column: 13, field: "component", expected: "a table", found: "an integer 1" },
      { line: 2, column: 3, field: "resources", expected: "a table", found: "an array of 1" },
    ]);
  });
});

describe("an unknown key", () => {
  it.each([
    ["[component]", "[component]\nnmae = 1", "component.nmae", "did you mean name?"],
    ["[resources.cpu]", "[resources.cpu]\nmax_fule = 1", "resources.cpu.max_fule", "did you mean max_fuel?"],
    [
      "[resources.cpu]",
      "[resources.cpu]\nmax_bytes = 1",
      "resources.cpu.max_bytes",
      "it belongs to [resources.memory]",
    ],
    ["[component]", "[Component]\nx = 1\n[component]", "Component", "did you mean component?"],
    ["[component]", "[component]\nsupervision = 1", "component.supervision", "it belongs at the top of the file"],
    ["[component]", "[component]\nmaxBytes = 1", "component.maxBytes", undefined],
    ["[component]", '[component]\n"a b" = 1', 'component."a b"', undefined],
  ])("is refused with the key that was meant: %s → %s", (line, replacement, field, hint) => {
    const [unknown, ...others] = problemsOf(smallestWith(line, replacement));
    expect(unknown).toMatchObject({ field, found: expect.stringContaining("an unknown key") });
    expect(unknown?.hint).toBe(hint);
    expect(others).toEqual([]);
  });

  it("is refused as a capability too: what no rule knows is not granted", () => {
    expect(problemsOf(`${SMALLEST}[capabilities.camera]\nuse = ["front"]\n`)).toMatchObject([
      { field: "capabilities.camera", line: 12, column: 15 },
    ]);
  });
});

describe("a component's name", () => {
  it.each(["a", "order-parser", "a1-2b", "a".repeat(64)])("may be %s", (name) => {
    expect(parseManifest(smallestWith('"echo"', `"${name}"`)).component.name).toBe(name);
  });

  it.each(["", "A", "1a", "a-", "-a", "a--b", "a_b", "a/b", "a.b", "*", "é", " a", "a\\n", "a".repeat(65)])(
    "may not be %j",
    (name) => {
      expect(problemsOf(smallestWith('"echo"', `"${name}"`))).toMatchObject([{ field: "component.name" }]);
    },
  );
});

describe("a version", () => {
  it.each(["0.0.0", "10.20.30", "1.0.0-alpha.1", "1.0.0+build", "1.0.0-0a.x-y+z.1"])("may be %s", (version) => {
    expect(parseManifest(smallestWith('"1.0.0"', `"${version}"`)).component.version).toBe(version);
  });

  it.each(["1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0 ", `1.0.${"9".repeat(200)}`])(
    "may not be %s",
    (version) => {
      expect(problemsOf(smallestWith('"1.0.0"', `"${version}"`))).toMatchObject([{ field: "component.version" }]);
    },
  );
});

describe("an artifact", () => {
  it.each(["a.wasm", "build/a.wasm", "a/b/c", ".hidden/a.wasm", "..a/b..c", "ünï/코드.wasm"])(
    "may be %s",
    (artifact) => {
      expect(parseManifest(smallestWith('"echo.wasm"', `'${artifact}'`)).component.artifact).toBe(artifact);
    },
  );

  it.each([
    "",
    ".",
    "..",
    "/a.wasm",
    "../a.wasm",
    "a/../../b",
    "a/./b",
    "a//b",
    "a/",
    "a\\b.wasm",
    "..\\a.wasm",
    "C:a.wasm",
    "C:/a.wasm",
    "file:///a.wasm",
    ".. /a.wasm",
    "... ./a.wasm",
    "a./b",
    "a.wasm ",
    "a.wasm:stream",
    "a*.wasm",
    "a".repeat(513),
  ])("never leads outside its folder: %j", (artifact) => {
    expect(problemsOf(smallestWith('"echo.wasm"', `'${artifact}'`))).toMatchObject([{ field: "component.artifact" }]);
  });

  it("holds no control character", () => {
    for (const escape of [String.raw`\u0000`, String.raw`\n`, String.raw`\u007F`]) {
      expect(problemsOf(smallestWith('"echo.wasm"', `"echo${escape}.wasm"`))).toMatchObject([
        { field: "component.artifact" },
      ]);
    }
  });
});

describe("a message rate", () => {
  it("is written per second", () => {
    expect(parseManifest(`${SMALLEST}[quotas]\nmessage_rate = "1/s"`).quotas).toMatchObject({ messagesPerSecond: 1 });
  });

  it.each(['"0/s"', '"-1/s"', '"1000"', '"1000/m"', '"1 000/s"', '"1000001/s"', '"1e3/s"', "1000", '"/s"'])(
    "may not be %s",
    (rate) => {
      expect(problemsOf(`${SMALLEST}[quotas]\nmessage_rate = ${rate}`)).toMatchObject([
        { field: "quotas.message_rate", expected: 'a rate from "1/s" to "1000000/s"' },
      ]);
    },
  );
});

describe("a storage quota", () => {
  it.each([
    ["1B", 1],
    ["1KB", 1000],
    ["1KiB", 1024],
    ["100MB", 100_000_000],
    ["100MiB", 104_857_600],
    ["1GB", 1_000_000_000],
    ["1GiB", 1_073_741_824],
  ])("is written as a size: %s is %d bytes", (size, storageBytes) => {
    expect(parseManifest(`${SMALLEST}[quotas]\nstorage = "${size}"`).quotas).toMatchObject({ storageBytes });
  });

  it("is 100 MiB unless said", () => {
    expect(parseManifest(SMALLEST).quotas.storageBytes).toBe(104_857_600);
  });

  it.each(['"0B"', '"-1B"', '"100"', '"1 MB"', '"1.5MB"', '"1mb"', '"1TB"', "1000", '"MB"', '"01MB"', '"1073741825B"'])(
    "may not be %s",
    (size) => {
      expect(problemsOf(`${SMALLEST}[quotas]\nstorage = ${size}`)).toMatchObject([
        { field: "quotas.storage", expected: 'a size from "1B" to "1GiB"' },
      ]);
    },
  );

  it("goes up to the ceiling the operator set, and no further", () => {
    const text = `${SMALLEST}[quotas]\nstorage = "2GB"`;
    expect(parseManifest(text, { ceilings: { storageBytes: 2_000_000_000 } }).quotas.storageBytes).toBe(2_000_000_000);
    expect(problemsOf(text, { ceilings: { storageBytes: 1_999_999_999 } })).toMatchObject([
      { field: "quotas.storage" },
    ]);
  });
});

describe("a namespace of the store", () => {
  it.each(['""', '"Orders"', '"a/b"', '"a_b"', '"../b"', '"*"', "1"])("may not be called %s", (called) => {
    expect(problemsOf(`${SMALLEST}[capabilities.storage]\nnamespaces = [${called}]`)).toMatchObject([
      { field: "capabilities.storage.namespaces[0]" },
    ]);
  });
});

describe("supervision", () => {
  it.each([
    ["backoff = { min_ms = 100, max_ms = 100 }", undefined],
    ["backoff = { min_ms = 101, max_ms = 100 }", "supervision.backoff.min_ms"],
    ["backoff = { max_ms = 99 }", "supervision.backoff.max_ms"],
    ["health = { interval_ms = 1001 }", undefined],
    ["health = { interval_ms = 1000 }", "supervision.health.interval_ms"],
    ["health = { interval_ms = 500, timeout_ms = 500 }", "supervision.health.timeout_ms"],
    ["backoff.jitter = 1", undefined],
    ["backoff.jitter = 1.01", "supervision.backoff.jitter"],
    ["backoff.jitter = nan", "supervision.backoff.jitter"],
    ["backoff.factor = 0.99", "supervision.backoff.factor"],
    ["backoff.factor = inf", "supervision.backoff.factor"],
    ["max_restarts = 0", undefined],
    ["max_restarts = -1", "supervision.max_restarts"],
    ["shutdown_ms = 0", undefined],
  ])("keeps its times in order: %s", (line, field) => {
    expect(problemsOf(`${SMALLEST}[supervision]\n${line}`).map((problem) => problem.field)).toEqual(
      field === undefined ? [] : [field],
    );
  });

  it("is not compared where one of the two is wrong in itself", () => {
    expect(problemsOf(`${SMALLEST}[supervision]\nbackoff = { min_ms = 500, max_ms = 0 }`)).toMatchObject([
      { field: "supervision.backoff.max_ms" },
    ]);
  });
});

describe("text that is no TOML", () => {
  it.each([
    ["[component", 1, 2],
    ['[component]\nname = "a\nversion = 1', 2, 10],
    ["[component]\nname = 1\nname = 2", 3, 1],
    ["[a]\n[b]\n[a]", 3, 2],
    ["a = 1\n\n  b = ?", 3, 7],
  ])("is one problem with its line and column: %j", (text, line, column) => {
    expect(problemsOf(text)).toMatchObject([{ line, column, field: "", expected: "TOML" }]);
  });

  it("keeps the parser's error as cause", () => {
    expect(() => parseManifest("=")).toThrow(expect.objectContaining({ cause: expect.any(Error) }));
  });
});

describe("a rate of bytes or of time", () => {
  it.each([
    ['network = "1B/s"', { networkBytesPerSecond: 1 }],
    ['network = "10MB/s"', { networkBytesPerSecond: 10_000_000 }],
    ['network = "1KiB/s"', { networkBytesPerSecond: 1024 }],
    ['cpu = "1ms/s"', { cpuMsPerSecond: 1 }],
    ['cpu = "4000ms/s"', { cpuMsPerSecond: 4000 }],
    ['memory = "512KiB"', { memoryBytes: 524_288 }],
  ])("is written with its unit: %s", (line, quotas) => {
    expect(parseManifest(`${SMALLEST}[quotas]\n${line}`).quotas).toMatchObject(quotas);
  });

  it.each([
    ['network = "10/s"', 'a rate from "1B/s" to "1000GB/s"'],
    ['network = "10MB"', 'a rate from "1B/s" to "1000GB/s"'],
    ['network = "0B/s"', 'a rate from "1B/s" to "1000GB/s"'],
    ['network = "10MB/m"', 'a rate from "1B/s" to "1000GB/s"'],
    ["network = 1000", 'a rate from "1B/s" to "1000GB/s"'],
    ['cpu = "1s/s"', 'a rate from "1ms/s" to "1000000ms/s"'],
    ['cpu = "1000"', 'a rate from "1ms/s" to "1000000ms/s"'],
    ['memory = "1KB"', 'a size from "512KiB" to "1024GiB"'],
  ])("may not be %s", (line, expected) => {
    expect(problemsOf(`${SMALLEST}[quotas]\n${line}`)).toMatchObject([{ expected }]);
  });
});

describe("a key and a signature", () => {
  it("are given together, or not at all", () => {
    const key = `public_key = "ed25519:${"A".repeat(43)}"`;
    const signature = `signature = "${"A".repeat(86)}"`;
    expect(problemsOf(`${SMALLEST}[security]\n${key}`)).toMatchObject([
      { field: "security.signature", expected: "public_key and signature together", found: "nothing" },
    ]);
    expect(problemsOf(`${SMALLEST}[security]\n${signature}`)).toMatchObject([{ field: "security.public_key" }]);
    expect(parseManifest(`${SMALLEST}[security]\n${key}\n${signature}`).security.signature).toBe("A".repeat(86));
  });
});
