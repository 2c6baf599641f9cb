import type { Ledger } from "./ledger.ts";
import type { Sample } from "./sample.ts";
import type { Trend, Verdict } from "./trend.ts";

const columns = [
  "minute",
  "heap kB",
  "rss MB",
  "cpu %",
  "handles",
  "actors",
  "sent",
  "handled",
  "dead letters",
  "under way",
] as const;

function printLine(cells: readonly string[]): void {
  console.log(cells.map((cell, index) => cell.padStart(Math.max(10, columns[index]?.length ?? 0))).join(" "));
}

export function printHeader(): void {
  printLine(columns);
}

export function printSample(sample: Sample): void {
  printLine([
    sample.minute.toFixed(1),
    (sample.heapBytes / 1e3).toFixed(0),
    (sample.rssBytes / 1e6).toFixed(0),
    (sample.cpuShare * 100).toFixed(0),
    ...[sample.handles, sample.actors, sample.sent, sample.handled, sample.deadLetters, sample.underWay].map(String),
  ]);
}

function counts(all: Iterable<readonly [string, number]>): string {
  return [...all].map(([name, count]) => `${name} ${count}`).join(", ");
}

interface End {
  readonly trend: Trend;
  readonly verdict: Verdict;
  readonly samples: number;
  readonly missing: number;
  readonly ledger: Ledger;
}

export function printEnd({ trend, verdict, samples, missing, ledger }: End): void {
  console.log(`\nrefused, as they should be: ${counts(ledger.refusals)}`);
  console.log(`dead letters: ${counts(ledger.lost)}`);
  console.log(`events: ${counts(ledger.events)}`);
  console.log(
    `messages: ${ledger.sent} sent, ${ledger.handled} handled, ${ledger.handedBack} handed back, ` +
      (missing === 0 ? "all others dead letters: nothing was lost" : `${missing} MISSING`),
  );
  for (const surprise of ledger.surprises.slice(0, 10)) console.log(`SURPRISE: ${surprise}`);
  console.log(
    `memory: ${trend.bytesPerMinute.toFixed(0)} bytes a minute, give or take ${(2 * trend.error).toFixed(0)}, ` +
      `over the last ${samples} samples: ${verdict}`,
  );
}
