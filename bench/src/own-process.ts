import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Effort, SubjectTimes } from "./measure.ts";
import type { Workload } from "./workload.ts";

const entry = fileURLToPath(new URL("workload-process.ts", import.meta.url));

/**
 * Measures a workload in one fresh process after another, so that nothing which other workloads left behind (compiled code,
 * garbage) reaches it, and returns the times of all.
 */
export async function measureInProcesses(
  workload: Workload,
  effort: Effort,
  processes: number,
): Promise<readonly SubjectTimes[]> {
  const times: SubjectTimes[] = [];
  for (let started = 0; started < processes; started += 1) times.push(...(await measureInProcess(workload, effort)));
  return times;
}

/** Standard output is for the report alone, so what a peer prints there goes to standard error. */
function measureInProcess({ suite, name }: Workload, effort: Effort): Promise<readonly SubjectTimes[]> {
  const child = fork(entry, [suite, name, String(effort.rounds), String(effort.share)], {
    execArgv: ["--expose-gc"],
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", 2, 2, "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.on("message", (times: readonly SubjectTimes[]) => resolve(times));
    child.on("error", reject);
    child.on("exit", (code, signal) => reject(new Error(`${suite} ${name} ended with ${signal ?? code} and no times`)));
  });
}
