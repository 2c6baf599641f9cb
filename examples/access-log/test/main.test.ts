import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildGuests } from "../build.ts";
import { generateLog } from "../generate.ts";
import type { Summary } from "../summary.ts";
import { summarize } from "./reference.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "access-log-"));

beforeAll(() => buildGuests());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Running = ChildProcessByStdio<Writable, Readable, Readable>;

function start(args: readonly string[], env = process.env): Running {
  return spawn("node", [main, ...args], { stdio: ["pipe", "pipe", "pipe"], env });
}

async function run(
  args: readonly string[],
  input?: Uint8Array,
  env = process.env,
): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const child = start(args, env);
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status, stdout, stderr };
}

let files = 0;

function fileOf(log: Uint8Array): string {
  files += 1;
  const file = join(folder, `${files}.log`);
  writeFileSync(file, log);
  return file;
}

async function summaryOf(log: Uint8Array): Promise<Summary> {
  const { status, stdout, stderr } = await run([fileOf(log), "--json"]);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout) as Summary;
}

const when = "[10/Oct/2000:13:55:36 -0700]";
const line = (
  overrides: { client?: string; time?: string; request?: string; size?: string; agent?: string } = {},
): string => {
  const { client = "203.0.113.9", time = when, request = "GET / HTTP/1.1", size = "512", agent = "curl/8" } = overrides;
  return `${client} - - ${time} "${request}" 200 ${size} "-" "${agent}"\n`;
};
const bytes = (log: string): Uint8Array => Buffer.from(log, "latin1");

describe("the access log", () => {
  it.each([
    ["the sample", generateLog()],
    ["another seed", generateLog({ lines: 5000, seed: 7 })],
    ["IPv6 clients", bytes(line({ client: "2001:db8::1" }) + line({ client: "::1" }))],
    [
      "quotes and escapes inside fields",
      bytes(line({ request: String.raw`GET /a\"b\\c HTTP/1.1`, agent: String.raw`x \"y\" \\` })),
    ],
    ["a size of -", bytes(line({ size: "-" }) + line())],
    ["an empty file", bytes("")],
    ["a file of line ends only", bytes("\n\r\n\n")],
    [
      "a line of 1 MB among others",
      bytes(line() + line({ request: `GET /${"x".repeat(1_000_000)} HTTP/1.1` }) + line()),
    ],
    ["a line just short enough", bytes(line({ request: `GET /${"x".repeat(65_000)} HTTP/1.1` }))],
    ["CRLF", bytes((line() + line({ agent: "bot" })).replaceAll("\n", "\r\n"))],
    ["no line end at the end", bytes(line() + line().trimEnd())],
    ["invalid UTF-8", bytes(line({ request: "GET /\xff\xfe\xc3 HTTP/1.1", agent: "\x80\xbf" }))],
    ["control characters and NUL", bytes(line({ request: "GET /\x00\x1b[31m HTTP/1.1" }))],
    ["nothing but garbage", bytes("\x00\xff garbage\n".repeat(50))],
    [
      "a parser that crashes on every tenth line",
      bytes((line({ time: when.replace("Oct", "Foo") }) + line().repeat(9)).repeat(30)),
    ],
  ])("is counted as the reference counts it: %s", async (_name, log) => {
    const { restarts, deadLetters, elapsedMs, untracked, ...counted } = await summaryOf(log);
    expect(counted).toEqual(summarize(log));
    expect(untracked).toBe(0);
    expect(elapsedMs).toBeGreaterThan(0);
    expect(deadLetters).toEqual(restarts === 0 ? {} : { crashed: restarts });
  });

  it("is right although its parser crashed: one restart and one dead letter for each crash", async () => {
    const { restarts, deadLetters, lines } = await summaryOf(generateLog());
    expect({ restarts, deadLetters, lines }).toEqual({ restarts: 4, deadLetters: { crashed: 4 }, lines: 20_000 });
  });

  it("can come from standard input", async () => {
    const log = generateLog({ lines: 300, seed: 3 });
    const { stdout } = await run(["-", "--json"], log);
    expect(JSON.parse(stdout)).toMatchObject(summarize(log));
  });

  it("prints plain lines of progress when piped, and nothing but the result on standard output", async () => {
    const { stdout, stderr } = await run([fileOf(generateLog({ lines: 1000, seed: 1 }))]);
    expect(stdout).toMatch(/^1,000 lines, 1 malformed/);
    expect(stdout).toMatch(/messages\/s\n$/);
    expect(stderr).not.toContain("\u001B");
    expect(stderr).toMatch(/100 % 1,000 lines/);
  });

  it("says what is wrong when there is no such file", async () => {
    const { status, stderr, stdout } = await run([join(folder, "missing.log")]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^access-log: ENOENT.*missing\.log/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it.each([
    [["--frob"], /Unknown option '--frob'/],
    [["a", "b"], /one file at a time, not a b/],
    [[folder], /is a directory/],
  ])("says in a line what is wrong with the arguments %s", async (args, message) => {
    const { status, stderr, stdout } = await run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("node:internal");
  });

  it("ends with the cause when its parser crashes more often than its manifest allows", async () => {
    const { status, stderr } = await run([fileOf(bytes(line({ time: when.replace("Oct", "Foo") }).repeat(1500)))]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/pipeline gave up on parser/);
  });

  it("can be killed at any point and run again", async () => {
    const log = generateLog({ lines: 3000, seed: 5 });
    const file = fileOf(log);
    const cache = mkdtempSync(join(folder, "cache-"));
    const preparing = watch(cache, { recursive: true });
    const killedAt = {
      "as soon as it runs": (child: Running) => once(child, "spawn"),
      "while components are prepared": () => once(preparing, "change"),
      "while lines are handled": (child: Running) => once(child.stderr, "data"),
    };
    for (const reached of Object.values(killedAt)) {
      const child = start([file, "--json"], { ...process.env, XDG_CACHE_HOME: cache });
      await reached(child);
      child.kill("SIGKILL");
      await once(child, "close");
    }
    preparing.close();
    const { stdout } = await run([file, "--json"], undefined, { ...process.env, XDG_CACHE_HOME: cache });
    expect(JSON.parse(stdout)).toMatchObject(summarize(log));
  });
});
