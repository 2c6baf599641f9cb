import type { SubjectTimes } from "./measure.ts";
import type { Row, Workload } from "./workload.ts";

const perMillisecond = { ns: 1e6, us: 1e3 } as const;

/** One row for each subject, in the workload's order. Throws when none is `airssys`: there would be nothing to compare with. */
export function rowsOf({ suite, name, unit, subjects }: Workload, times: readonly SubjectTimes[]): readonly Row[] {
  const values = subjects.map((subject) => {
    const all = times.filter((one) => one.subject === subject.name).flatMap((one) => one.times);
    return { subject: subject.name, value: median(all) * perMillisecond[unit] };
  });
  const ours = values.find(({ subject }) => subject === "airssys");
  if (ours === undefined) throw new Error(`workload ${suite} ${name} has no subject airssys`);
  return values.map(({ subject, value }) => ({ workload: name, subject, unit, value, ratio: value / ours.value }));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
