import type { Row } from "./workload.ts";

interface Report {
  readonly suite: string;
  readonly node: string;
  readonly cpu: string;
  readonly rows: readonly Row[];
}

/** Prints a report for people: one line for each subject, ours first in each workload. */
export function printTable({ suite, node, cpu, rows }: Report): void {
  console.log(`\n${suite} (Node ${node}, ${cpu}; medians; ratio above 1: airssys is ahead)`);
  const workloadWidth = Math.max(...rows.map(({ workload }) => workload.length));
  const subjectWidth = Math.max(...rows.map(({ subject }) => subject.length));
  for (const { workload, subject, unit, value, ratio, isStarved } of rows) {
    const figure = `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`.padStart(10);
    console.log(
      `  ${workload.padEnd(workloadWidth)}  ${subject.padEnd(subjectWidth)} ${figure} ${ratio.toFixed(2).padStart(8)}` +
        (isStarved === true ? "  starved" : ""),
    );
  }
}
