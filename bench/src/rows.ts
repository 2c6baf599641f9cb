import type { SubjectReadings } from "./measure.ts";
import { figuresOf, type Row, subjectsHere, type Workload } from "./workload.ts";

/**
 * For each figure of a workload one row for each subject that has it, in the workload's order. Throws when none is `airssys`: there
 * would be nothing to compare with.
 */
export function rowsOf(workload: Workload, all: readonly SubjectReadings[]): readonly Row[] {
  return figuresOf(workload).flatMap(({ name, unit }, figure) => {
    const entries = subjectsHere(workload).flatMap((subject) => {
      const readings = all.filter((one) => one.subject === subject).flatMap((one) => one.readings);
      const values = readings.map((reading) => reading[figure] ?? null).filter((value) => value !== null);
      const isStarved = values.some((one) => one.isStarved === true);
      return values.length === 0 ? [] : [{ subject, value: median(values.map(({ value }) => value)), isStarved }];
    });
    const ours = entries.find(({ subject }) => subject === "airssys");
    if (ours === undefined) throw new Error(`workload ${workload.suite} ${workload.name} has no subject airssys`);
    return entries.map(({ subject, value, isStarved }) => ({
      workload: name,
      subject,
      unit,
      value,
      ratio: value / ours.value,
      // Left out of the JSON where it is not so.
      isStarved: isStarved || undefined,
    }));
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
