import { execFile } from "node:child_process";
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

const peers = ["nact", "xstate", "effect", "bare-jco"];

const expectedWorkloads: Readonly<Record<string, readonly string[]>> = {
  rt: ["tell", "backlog", "ping-pong", "ask", "spawn", "spawn-stop", "restart"],
  broker: ["pub-sub", "send", "request", "topics", "topics-100000"],
  engine: ["component-call", "component-instantiate", "component-restart"],
};

describe.each(Object.keys(expectedWorkloads))("pnpm bench %s --tiny --json", (suite) => {
  let report: Report;

  beforeAll(async () => {
    const { stdout } = await run(process.execPath, ["--expose-gc", main, suite, "--tiny", "--json"]);
    report = parsed(stdout);
  });

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
      expect(["ns", "us"]).toContain(unit);
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
});

describe("pnpm bench", () => {
  it("refuses a suite that does not exist, and names those that do", async () => {
    const refused = run(process.execPath, [main, "rt", "weather"]);
    await expect(refused).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: "There is no suite weather. pnpm bench [rt | broker | engine] [--json] [--tiny]\n",
    });
  });
});
