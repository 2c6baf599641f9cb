// `pnpm bench [suite ...] [--json] [--tiny]`: measures airssys against its peers, all in one run.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Effort } from "./measure.ts";
import { measureInProcesses } from "./own-process.ts";
import { rowsOf } from "./rows.ts";
import { suites } from "./suites.ts";
import { printTable } from "./table.ts";
import type { Row, Workload } from "./workload.ts";

/** A process compiles its code in one of several ways and keeps to it: so a workload is measured in more than one. */
const PROCESSES = 3;
const FULL: Effort = { rounds: 3, share: 1 };
const TINY: Effort = { rounds: 1, share: 0.001 };

async function measureSuite(workloads: readonly Workload[], isTiny: boolean): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const workload of workloads) {
    const times = await measureInProcesses(workload, isTiny ? TINY : FULL, isTiny ? 1 : PROCESSES);
    rows.push(...rowsOf(workload, times));
  }
  return rows;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, tiny: { type: "boolean", default: false } },
});
const unknown = positionals.filter((name) => !suites.has(name));
if (unknown.length > 0) {
  console.error(
    `There is no suite ${unknown.join(", ")}. pnpm bench [${[...suites.keys()].join(" | ")}] [--json] [--tiny]`,
  );
  process.exitCode = 2;
} else {
  for (const [suite, load] of suites) {
    if (positionals.length > 0 && !positionals.includes(suite)) continue;
    const rows = await measureSuite(await load(), values.tiny);
    const report = { suite, node: process.version, cpu: cpus()[0]?.model ?? "unknown", rows };
    if (values.json) console.log(JSON.stringify(report));
    else printTable(report);
  }
}
