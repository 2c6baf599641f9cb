import { beforeAll, describe, expect, it } from "vitest";
import { loadComponent, type Lifecycle } from "../../../packages/guest/test/run-component.ts";
import { buildGuests } from "../build.ts";
import { generateLog } from "../generate.ts";
import { decodeReport } from "../report.ts";
import { Chain, message, wasmOf, type Outcome } from "./chain.ts";
import { summarize, type Summary } from "./reference.ts";

const stamp = "[10/Oct/2000:13:55:36 -0700]";
const agent = `"-" "Mozilla/5.0"`;

let newChain: (config?: Readonly<Record<string, string>>) => Chain;

beforeAll(async () => {
  await buildGuests();
  newChain = await Chain.load();
});

describe("the three guests and the reference", () => {
  it("agree on the generated sample, in which a few malformed lines make the parser trap", () => {
    const log = generateLog();
    const outcome = find(log);
    expect(outcome.summary).toEqual(expected(log));
    expect(outcome.summary).toMatchObject({ lines: 20_000, malformed: 20 });
    expect(outcome).toMatchObject({ malformed: 20, traps: 4 });
    expect(outcome.progress).toEqual(Array.from({ length: 39 }, (_, index) => (index + 1) * 500));
  });

  it.each([
    ["an empty file", ""],
    ["nothing but line ends", "\n\r\n\n"],
    ["a last line without an end", line()],
    ["CRLF", `${line()}\r\n${line({ client: "10.0.0.2" })}\r\n`],
    ["a CR that ends no line", `${line({ agent: '"a\rb"' })}\n`],
    [
      "IPv6 clients",
      [line({ client: "2001:db8::1" }), line({ client: "::1" }), line({ client: "fe80::1%eth0" })].join("\n"),
    ],
    [
      "quotes and backslashes within quotes",
      line({ request: String.raw`"GET /a\"b\\c HTTP/1.1"`, agent: String.raw`"say \"hi\" \x41"` }),
    ],
    ["a backslash before the last quote", line({ agent: String.raw`"open \"` })],
    ["two backslashes before the last quote", line({ agent: String.raw`"closed \\"` })],
    ["sizes of -", [line({ size: "-" }), line({ size: "0" }), line({ size: "123" })].join("\n")],
    [
      "large sizes",
      [line({ size: "999999999999999" }), line({ size: "1000000000000000" }), line({ size: "10000001" })].join("\n"),
    ],
    [
      "requests that are none",
      ['"-"', '""', '" "', '"GET"', '"GET "', '"\\x16\\x03"'].map((request) => line({ request })).join("\n"),
    ],
    [
      "requests without a protocol",
      ['"GET /a"', '"GET /a b"', '"GET HTTP/1.1"', '"GET  HTTP/1.1"'].map((request) => line({ request })).join("\n"),
    ],
    ["spaces in paths", line({ request: '"GET /a b  c HTTP/1.1"' })],
    [
      "queries",
      ['"GET /a?b HTTP/1.1"', '"GET /a?c HTTP/1.1"', '"GET ?c HTTP/1.1"']
        .map((request) => line({ request }))
        .join("\n"),
    ],
    [
      "every class of status",
      ["099", "100", "204", "301", "404", "503", "600", "999"].map((status) => line({ status })).join("\n"),
    ],
    ["statuses that are none", ["20", "2000", "abc", "-", ""].map((status) => line({ status })).join("\n")],
    [
      "names that are special to JavaScript",
      ["__proto__", "constructor", "toString"]
        .map((word) => line({ request: `"${word} /${word} HTTP/1.1"` }))
        .join("\n"),
    ],
    ["text after the end", `${line()} 1\n${line()} `],
    [
      "missing fields",
      [
        "a",
        "a b",
        "a b c",
        `a b c ${stamp}`,
        `a b c ${stamp} "GET / HTTP/1.1"`,
        `a b c ${stamp} "GET / HTTP/1.1" 200 1`,
      ].join("\n"),
    ],
  ])("agree on %s", (_, log) => {
    const bytes = Buffer.from(log, "latin1");
    expect(find(bytes).summary).toEqual(expected(bytes));
  });

  it.each([
    "10/Oct/2000:13:55:36 +0000",
    "29/Feb/2024:00:00:00 -2359",
    "31/Dec/9999:23:59:59 +2359",
    "01/Jan/0000:00:00:00 +0000",
    "29/Feb/2023:00:00:00 +0000",
    "29/Feb/1900:00:00:00 +0000",
    "29/Feb/2000:00:00:00 +0000",
    "31/Apr/2024:00:00:00 +0000",
    "00/Jan/2024:00:00:00 +0000",
    "32/Jan/2024:00:00:00 +0000",
    "10/Oct/2000:24:00:00 +0000",
    "10/Oct/2000:13:60:00 +0000",
    "10/Oct/2000:13:55:60 +0000",
    "10/Oct/2000:13:55:36 +2400",
    "10/Oct/2000:13:55:36 +0060",
    "10/Oct/2000:13:55:36 0000",
    "10/Oct/2000:13:55:36",
    "10/Oct/00:13:55:36 +0000",
    "1/Oct/2000:13:55:36 +0000",
    "10/10/2000:13:55:36 +0000",
    "10/oct/2000:13:55:36 +0000",
    "10/Okt/2000:13:55:36 +0000",
    "2000-10-10T13:55:36Z",
    "-",
    "",
  ])("agree on the time %j", (time) => {
    const log = Buffer.from([line(), line({ time: `[${time}]` }), line()].join("\n"));
    expect(find(log).summary).toEqual(expected(log));
  });

  it("agree on bytes that are no UTF-8, and show them as U+FFFD", () => {
    const log = Buffer.from(
      [line({ request: '"GET /\xff\xfe HTTP/1.1"' }), line({ request: '"GET /\xff HTTP/1.1"' })].join("\n"),
      "latin1",
    );
    const { report, summary } = find(log);
    expect(summary).toEqual(expected(log));
    expect(report.topPaths).toEqual([
      { name: "/\u{fffd}", count: 1 },
      { name: "/\u{fffd}\u{fffd}", count: 1 },
    ]);
  });

  it("agree on lines up to 65,536 bytes, and that a longer one is malformed", () => {
    const longest = line({
      request: `"GET /${"x".repeat(65_536 - line({ request: '"GET / HTTP/1.1"' }).length)} HTTP/1.1"`,
    });
    expect(longest).toHaveLength(65_536);
    const log = Buffer.from([longest, `${longest}x`, line(), "x".repeat(1_000_000), line()].join("\n"));
    const { malformed, summary } = find(log);
    expect(summary).toEqual(expected(log));
    expect(malformed).toBe(2);
  });

  it("agree on what is odd about a request", () => {
    const paths = [
      "/../etc/passwd",
      "/a/..",
      "/a..b",
      "/a../b",
      "/%2E%2e/x",
      "/..%2Fx",
      "/WP-Login.php",
      "/.env.local",
      "/x?id=1'%20OR%201=1",
      "/x?id=1+union+all+SELECT+1",
      "/reunion/selection",
      "/x;drop%20table",
      "/api",
      "/api/",
      "/apis",
      "/api?x",
      "/API/x",
      "/a.css",
      "/a.CSS?v=1",
      "/a.css/b",
      "/.css",
      "/a.",
      "/a.min.js",
      "/?f=a.css",
    ];
    const agents = ["Googlebot/2.1", "CURL/8", "Javascript", "Java/17", "-", ""];
    const lines = [
      ...paths.map((path) => line({ request: `"GET ${path} HTTP/1.1"` })),
      ...agents.map((name) => line({ agent: `"${name}"` })),
      ...["500", "599", "600"].map((status) => line({ status })),
      ...["10000000", "10000001"].map((size) => line({ size })),
    ];
    const log = Buffer.from(lines.join("\n"));
    expect(find(log).summary).toEqual(expected(log));
  });
});

describe("the parser", () => {
  it("sends a record of what the line says", async () => {
    const { lifecycle, sent } = await start("parser");
    lifecycle.handleMessage(message(raw(line())));
    const hex = Buffer.concat(sent).toString("hex");
    expect(hex).toBe(
      [
        "5189",
        `48${Buffer.from("10.0.0.1").toString("hex")}`,
        "1a39e38248", // 971,211,336
        `43${Buffer.from("GET").toString("hex")}`,
        `45${Buffer.from("/path").toString("hex")}`,
        `48${Buffer.from("HTTP/1.1").toString("hex")}`,
        "18c8",
        "190916",
        `41${Buffer.from("-").toString("hex")}`,
        `4b${Buffer.from("Mozilla/5.0").toString("hex")}`,
      ].join(""),
    );
  });

  it("replies only to who asks", async () => {
    const { lifecycle } = await start("parser");
    expect(lifecycle.handleMessage(message(raw(line())))).toBeUndefined();
    expect(lifecycle.handleMessage({ ...message(raw(line())), correlationId: "c-1" })).toEqual(Uint8Array.of(0x55));
  });

  it("says what is wrong with a malformed line, and parses the next one", async () => {
    const { lifecycle, sent } = await start("parser");
    expect(refusal(lifecycle, raw("nonsense"))).toEqual({
      tag: "invalid-input",
      val: "no client address at the start",
    });
    expect(refusal(lifecycle, raw(line({ status: "OK" })))).toMatchObject({
      val: "no status of three digits after the request",
    });
    expect(refusal(lifecycle, raw(line({ time: "[31/Feb/2024:00:00:00 +0000]" })))).toMatchObject({
      val: "no such day or time of day",
    });
    expect(refusal(lifecycle, Uint8Array.of(0x51, 0x80))).toMatchObject({ val: expect.stringContaining("codec 0x55") });
    expect(refusal(lifecycle, new Uint8Array(0))).toMatchObject({ tag: "invalid-input" });
    lifecycle.handleMessage(message(raw(line())));
    expect(sent).toHaveLength(1);
  });

  it("traps on a month that is none", async () => {
    const { lifecycle } = await start("parser");
    expect(refusal(lifecycle, raw(line({ time: "[10/Foo/2000:13:55:36 -0700]" })))).toMatchObject({
      message: expect.stringContaining("unreachable"),
    });
  });

  it("does not start without the name of the next component", async () => {
    const { lifecycle } = await launch("parser");
    const id = { namespace: "access-log", name: "parser", version: "1.0.0" };
    const refused = { tag: "invalid-config", val: "`next` in [config] does not name a component" };
    expect(thrownBy(() => lifecycle.init({ id, values: [] }))).toEqual(refused);
    expect(thrownBy(() => lifecycle.init({ id, values: [["next", "x".repeat(257)]] }))).toEqual(refused);
  });

  it("passes on why the next component did not take the record", async () => {
    const { lifecycle } = await start("parser", new Error("full"));
    expect(refusal(lifecycle, raw(line()))).toEqual({ tag: "failed", val: "full" });
  });

  it("says what it is", async () => {
    const { lifecycle } = await start("parser");
    expect(lifecycle.metadata()).toMatchObject({
      name: "parser",
      version: "1.0.0",
      description: "Parses lines in Combined Log Format",
      codecs: Uint32Array.of(0x55),
    });
  });

  it("needs no more memory after many lines than after a few", async () => {
    const { lifecycle, memoryBytes } = await start("parser");
    const before = memoryBytes();
    for (let left = 50_000; left > 0; left -= 1) lifecycle.handleMessage(message(raw(line())));
    expect(memoryBytes()).toBe(before);
  });
});

describe("the classifier", () => {
  it("refuses what is no record, and passes on why the next component did not take one", async () => {
    const { lifecycle } = await start("classify", new Error("full"));
    expect(refusal(lifecycle, Uint8Array.of(0x51, 0x80))).toMatchObject({ tag: "invalid-input" });
    expect(refusal(lifecycle, await record())).toEqual({ tag: "failed", val: "access-log/next did not take it: full" });
  });

  it("needs no more memory however many paths and agents there are", async () => {
    const { lifecycle, memoryBytes } = await start("classify");
    const payload = await record();
    const feed = (times: number): void => {
      for (let left = times; left > 0; left -= 1) lifecycle.handleMessage(message(varied(payload, left)));
    };
    feed(5000);
    const before = memoryBytes();
    feed(20_000);
    expect(memoryBytes()).toBe(before);
  });
});

describe("the aggregator", () => {
  it("refuses what is no classified record", async () => {
    const { lifecycle } = await start("aggregate");
    expect(refusal(lifecycle, await record())).toMatchObject({ tag: "invalid-input" });
    expect(thrownBy(() => lifecycle.execute(Buffer.from("rapport"), {}))).toEqual({
      tag: "unknown-operation",
      val: "rapport",
    });
  });

  it("publishes its progress as often as it was told", () => {
    const log = Buffer.from(Array.from({ length: 10 }, () => line()).join("\n"));
    expect(newChain({ progress_every: "3" }).feed(log).progress).toEqual([3, 6, 9]);
    expect(thrownBy(() => newChain({ progress_every: "0" }))).toMatchObject({ tag: "invalid-config" });
  });

  it("keeps within 4 MiB and goes on counting what it knows when there is no room for more names", async () => {
    const { lifecycle, memoryBytes } = await start("aggregate");
    const payload = await classified("192.0.2.00000000", "/a/path/of/usual/length/00000000");
    for (let number = 1; number <= 80_000; number += 1) lifecycle.handleMessage(message(varied(payload, number)));
    for (let left = 1000; left > 0; left -= 1) lifecycle.handleMessage(message(varied(payload, 7)));
    const long = await classified("192.0.2.00000000", `/${"x".repeat(60_000)}`);
    for (let left = 100; left > 0; left -= 1) lifecycle.handleMessage(message(long));
    const report = decodeReport(lifecycle.execute(Buffer.from("report"), {}));
    expect(report.lines).toBe(81_100);
    expect(report.topPaths[0]).toEqual({ name: "/a/path/of/usual/length/00000007", count: 1001 });
    expect(report.topClients[0]).toEqual({ name: "192.0.2.00000007", count: 1001 });
    expect(report.untracked).toBeGreaterThan(0);
    expect(memoryBytes()).toBeLessThanOrEqual(4 * 2 ** 20);
  });
});

interface Found extends Outcome {
  readonly summary: Summary & { readonly untracked: number };
}

/** What fresh guests make of a log. */
function find(log: Uint8Array): Found {
  const outcome = newChain().feed(log);
  const { lines, ...counted } = outcome.report;
  const { malformed } = outcome;
  return { ...outcome, summary: { ...counted, lines: lines + malformed, malformed } };
}

/** What they should make of it. */
function expected(log: Uint8Array): Summary & { readonly untracked: number } {
  return { ...summarize(log), untracked: 0 };
}

interface Fields {
  readonly client?: string;
  readonly time?: string;
  readonly request?: string;
  readonly status?: string;
  readonly size?: string;
  readonly agent?: string;
}

function line({
  client = "10.0.0.1",
  time = stamp,
  request = '"GET /path HTTP/1.1"',
  status = "200",
  size = "2326",
  agent: name,
}: Fields = {}): string {
  return `${client} - - ${time} ${request} ${status} ${size} ${name === undefined ? agent : `"-" ${name}`}`;
}

function raw(text: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x55), Buffer.from(text, "latin1")]);
}

async function record(client = "192.0.2.1", path = "/path-00000000"): Promise<Uint8Array> {
  const { lifecycle, sent } = await start("parser");
  lifecycle.handleMessage(message(raw(line({ client, request: `"GET ${path} HTTP/1.1"` }))));
  return sent[0] ?? new Uint8Array(0);
}

async function classified(client: string, path: string): Promise<Uint8Array> {
  const { lifecycle, sent } = await start("classify");
  lifecycle.handleMessage(message(await record(client, path)));
  return sent[0] ?? new Uint8Array(0);
}

/** The same record with another number wherever it has eight zeroes. */
function varied(payload: Uint8Array, number: number): Uint8Array {
  const copy = Buffer.from(payload);
  const digits = String(number).padStart(8, "0");
  for (let at = copy.indexOf("00000000"); at !== -1; at = copy.indexOf("00000000", at + 8)) copy.write(digits, at);
  return copy;
}

interface Started {
  readonly lifecycle: Lifecycle;
  readonly sent: readonly Uint8Array[];
  readonly memoryBytes: () => number;
}

async function launch(name: "parser" | "classify" | "aggregate", failure?: Error): Promise<Started> {
  const sent: Uint8Array[] = [];
  const send = (_to: string, payload: Uint8Array): void => {
    if (failure !== undefined) throw Object.assign(failure, { payload: { tag: "mailbox-full", val: failure.message } });
    sent.push(payload);
  };
  const { lifecycle, memoryBytes } = (await loadComponent(wasmOf(name)))({
    "airssys:core-host/messaging": { send, publish: () => 0 },
  });
  return { lifecycle, sent, memoryBytes };
}

async function start(name: "parser" | "classify" | "aggregate", failure?: Error): Promise<Started> {
  const started = await launch(name, failure);
  const id = { namespace: "access-log", name, version: "1.0.0" };
  started.lifecycle.init({ id, values: [["next", "access-log/next"]] });
  return started;
}

function refusal(lifecycle: Lifecycle, payload: Uint8Array): unknown {
  return thrownBy(() => lifecycle.handleMessage(message(payload)));
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
