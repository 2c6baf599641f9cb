// `pnpm bench [suite ...] [--json] [--tiny]`: measures airssys against its peers, all in one run.
import { mkdtempDisposable } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileErlang } from "./erlang.ts";
import { type Effort, measure } from "./measure.ts";
import { OwnProcess } from "./own-process.ts";
import { meansOf, rowsOf } from "./rows.ts";
import { suites } from "./suites.ts";
import { printTable } from "./table.ts";
import type { Row, Workload } from "./workload.ts";

/** A process compiles its code in one of several ways and keeps to it: so each workload is measured in more than one. */
const FULL: Effort = { repetitions: 3, rounds: 3, share: 1 };
const TINY: Effort = { repetitions: 1, rounds: 1, share: 0.001 };

async function measureSuite(workloads: readonly Workload[], isTiny: boolean): Promise<readonly Row[]> {
  const process = isTiny ? new OwnProcess() : undefined;
  const effort = process === undefined ? FULL : { ...TINY, process };
  const rows: Row[] = [];
  try {
    for (const workload of workloads) rows.push(...rowsOf(workload, await measure(workload, effort)));
  } finally {
    await process?.end();
  }
  return [...rows, ...meansOf(workloads, rows)];
}

/** What is made for this run alone, to be found by the processes that it starts. */
function prepare(folder: string): void {
  process.env["NODE_COMPILE_CACHE"] = join(folder, "compiled");
  if (!compileErlang(folder)) console.error("erl is not installed: there is no subject erlang");
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
  await using folder = await mkdtempDisposable(join(tmpdir(), "airssys-bench-"));
  prepare(folder.path);
  for (const [suite, load] of suites) {
    if (positionals.length > 0 && !positionals.includes(suite)) continue;
    const rows = await measureSuite(await load(), values.tiny);
    const report = { suite, node: process.version, cpu: cpus()[0]?.model ?? "unknown", rows };
    if (values.json) console.log(JSON.stringify(report));
    else printTable(report);
  }
}
