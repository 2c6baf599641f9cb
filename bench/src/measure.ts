import { performance } from "node:perf_hooks";
import type { Run, Subject, Workload } from "./workload.ts";

export interface Effort {
  /** Timed rounds; in each, every subject runs once. */
  readonly rounds: number;
  /** Share of the operations in one run, above 0 to 1. */
  readonly share: number;
}

export interface SubjectTimes {
  readonly subject: string;
  /** Milliseconds for one operation, one for each round. */
  readonly times: readonly number[];
}

interface Opened {
  readonly subject: string;
  readonly operations: number;
  readonly run: Run;
  readonly times: number[];
}

/** A run that is not over by then has lost a message: nothing here takes even seconds. */
const RUN_TIMEOUT_MS = 60_000;

/**
 * Measures all subjects of a workload in turn, round by round, so that a machine that slows down slows all of them. A run is
 * timed until its last operation was handled. Throws when a subject handled more or fewer than it was given.
 */
export async function measure(workload: Workload, { rounds, share }: Effort): Promise<readonly SubjectTimes[]> {
  const opened: Opened[] = [];
  try {
    for (const subject of workload.subjects) {
      const operations = operationsOf(workload, subject, share);
      opened.push({ subject: subject.name, operations, run: await subject.open(), times: [] });
    }
    for (const subject of opened) await timed(workload, subject);
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of opened) subject.times.push(await timed(workload, subject));
    }
  } finally {
    for (const { run } of opened) await run.close();
  }
  return opened.map(({ subject, times }) => ({ subject, times }));
}

function operationsOf({ operations, multiple = 1 }: Workload, subject: Subject, share: number): number {
  return Math.max(1, Math.round(((subject.operations ?? operations) * share) / multiple)) * multiple;
}

/** Milliseconds for each operation of one run. */
async function timed({ suite, name }: Workload, { subject, operations, run }: Opened): Promise<number> {
  globalThis.gc?.();
  const started = performance.now();
  const handled = await withinTime(
    run.run(operations),
    `${suite} ${name}: ${subject} did not handle all ${operations}`,
  );
  const elapsed = performance.now() - started;
  if (handled !== operations) {
    throw new Error(`${suite} ${name}: ${subject} handled ${handled} operations, expected ${operations}`);
  }
  await run.tidy?.();
  return elapsed / operations;
}

async function withinTime(run: Promise<number>, complaint: string): Promise<number> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${complaint} within ${RUN_TIMEOUT_MS} ms`)), RUN_TIMEOUT_MS);
  try {
    return await Promise.race([run, promise]);
  } finally {
    clearTimeout(timer);
  }
}
