import type { SubjectReadings } from "./measure.ts";
import { figuresOf, isGauged, type Row, subjectsHere, type Workload } from "./workload.ts";

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

/** For each mean that workloads count in, one row for each subject: the geometric mean of its values, whose ratio is that of the ratios. */
export function meansOf(workloads: readonly Workload[], rows: readonly Row[]): readonly Row[] {
  const counted = workloads.flatMap((workload) => (isGauged(workload) ? [] : [workload]));
  const names = new Set(counted.flatMap(({ means = [] }) => means));
  return [...names].flatMap((name) => {
    const members = new Set(counted.filter(({ means = [] }) => means.includes(name)).map((workload) => workload.name));
    const all = rows.filter(({ workload }) => members.has(workload));
    const subjects = [...new Set(all.map(({ subject }) => subject))];
    return subjects.map((subject) => {
      const own = all.filter((row) => row.subject === subject);
      return {
        workload: name,
        subject,
        unit: own[0]?.unit ?? "us",
        value: geometricMean(own.map(({ value }) => value)),
        ratio: geometricMean(own.map(({ ratio }) => ratio)),
      };
    });
  });
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
