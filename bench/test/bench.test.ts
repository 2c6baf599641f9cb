import { execFile, spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const run = promisify(execFile);

interface Row {
  readonly workload: string;
  readonly subject: string;
  readonly unit: string;
  readonly value: number;
  readonly ratio: number;
  readonly isStarved?: boolean;
}

interface Report {
  readonly suite: string;
  readonly node: string;
  readonly cpu: string;
  readonly rows: readonly Row[];
}

function parsed(json: string): Report {
  const report: Report = JSON.parse(json);
  return report;
}

/** For a machine that has much else to do; a run takes some twenty seconds of one that has not. */
const PATIENCE_MS = 600_000;

const hasErlang = spawnSync("erl", ["-version"]).error === undefined;

const peers = [
  "nact",
  "xstate",
  "effect",
  "bare-jco",
  "extism",
  "uninstrumented",
  "lmdb",
  "picomatch",
  "limiter",
  "pino",
];

const expectedWorkloads: Readonly<Record<string, readonly string[]>> = {
  rt: [
    "tell",
    "backlog",
    "ping-pong",
    "ask",
    "ask-100",
    "spawn",
    "spawn-stop",
    "restart",
    "restart-storm",
    "thread-ring",
    "fork-join",
    "chameneos",
    "philosophers",
    "big",
    "banking",
    "heap",
    "ask-p50",
    "ask-p99",
    "ask-saturated-p50",
    "ask-saturated-p99",
    "loop-delay-p99",
    "socket-echo-p99",
    "saturated",
  ],
  broker: ["pub-sub", "send", "request", "topics", "topics-100000"],
  engine: [
    "component-call",
    "component-instantiate",
    "component-restart",
    "component-cold-start",
    "component-update-pause",
    "component-memory",
    "digest",
    "digest-1000",
    "digest-worker",
    "digest-worker-1000",
    "kernel-fib",
    "kernel-sieve",
    "kernel-matrix",
    "kernel-sha256",
    "kernel-crc32",
    "kernel-quicksort",
    "kernel-nbody",
    "kernel-mandelbrot",
    "kernel-base64",
    "kernel-json",
    "kernel-spectral",
    "kernel-search",
    "quickjs-recursion",
    "quickjs-objects",
    "quickjs-text",
    "quickjs-numbers",
    "quickjs-failures",
    "quickjs-collections",
    "starlingmonkey-recursion",
    "starlingmonkey-objects",
    "starlingmonkey-text",
    "starlingmonkey-numbers",
    "starlingmonkey-failures",
    "starlingmonkey-collections",
    "kernels",
    "metering",
    "quickjs",
    "starlingmonkey",
  ],
  storage: ["get", "set", "set-100", "list", "get-p50", "get-p99", "set-p50", "set-p99"],
  security: ["check-1", "check-100", "check-10000", "quota", "audit"],
};

/** Erlang has no event loop whose delay could be measured. */
const onErlang: Readonly<Record<string, readonly string[]>> = {
  rt: (expectedWorkloads["rt"] ?? []).filter((workload) => workload !== "loop-delay-p99"),
  broker: ["pub-sub"],
  engine: [],
  storage: [],
  security: [],
};

describe.each(Object.keys(expectedWorkloads))("pnpm bench %s --tiny --json", (suite) => {
  let report: Report;

  beforeAll(async () => {
    const { stdout } = await run(process.execPath, ["--expose-gc", main, suite, "--tiny", "--json"]);
    report = parsed(stdout);
  }, PATIENCE_MS);

  it("prints one line of JSON that names the suite, Node and the processor", () => {
    expect(Object.keys(report)).toEqual(["suite", "node", "cpu", "rows"]);
    expect(report).toMatchObject({ suite, node: process.version });
    expect(report.cpu).toMatch(/./);
  });

  it("measures every workload", () => {
    expect([...new Set(report.rows.map(({ workload }) => workload))]).toEqual(expectedWorkloads[suite]);
  });

  it("gives each subject one row with a value above 0 and its ratio to airssys", () => {
    for (const { workload, subject, unit, value, ratio } of report.rows) {
      const ours = report.rows.find((row) => row.workload === workload && row.subject === "airssys");
      expect(value, `${workload} ${subject}`).toBeGreaterThan(0);
      expect(["ns", "us", "B"]).toContain(unit);
      expect(ratio).toBeCloseTo(value / (ours?.value ?? Number.NaN));
    }
    const names = report.rows.map(({ workload, subject }) => `${workload} ${subject}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("compares airssys with a named peer in every workload", () => {
    for (const workload of expectedWorkloads[suite] ?? []) {
      const subjects = report.rows.filter((row) => row.workload === workload).map(({ subject }) => subject);
      expect(subjects[0]).toBe("airssys");
      expect(peers.some((peer) => subjects.includes(peer))).toBe(true);
    }
  });

  it.runIf(suite === "rt")(
    "says of a library that never gives way that it starves the event loop, and ends all the same",
    () => {
      const starved = report.rows.filter(({ subject, isStarved }) => subject === "xstate" && isStarved === true);
      const workloads = starved.map(({ workload }) => workload);
      expect(workloads).toEqual(["ask-saturated-p50", "ask-saturated-p99", "loop-delay-p99", "socket-echo-p99"]);
    },
  );

  it.runIf(hasErlang)("compares it with Erlang, where Erlang is installed", () => {
    const compared = report.rows.filter(({ subject }) => subject === "erlang").map(({ workload }) => workload);
    expect(compared).toEqual(onErlang[suite]);
  });
});

describe("pnpm bench", () => {
  it("refuses a suite that does not exist, and names those that do", async () => {
    const refused = run(process.execPath, [main, "rt", "weather"]);
    await expect(refused).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: "There is no suite weather. pnpm bench [rt | broker | engine | storage | security] [--json] [--tiny]\n",
    });
  });

  it(
    "does without Erlang where it is not installed, and says so",
    async () => {
      const env = { ...process.env, PATH: dirname(process.execPath) };
      const { stdout, stderr } = await run(process.execPath, [main, "broker", "--tiny", "--json"], { env });
      expect(stderr).toBe("erl is not installed: there is no subject erlang\n");
      expect(parsed(stdout).rows.map(({ subject }) => subject)).not.toContain("erlang");
    },
    PATIENCE_MS,
  );
});
