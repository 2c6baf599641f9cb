import type { Feed } from "./feed.ts";
import type { Count, Report } from "./report.ts";

/** What `--json` prints. */
export interface Summary {
  /** Well-formed and malformed lines; empty ones are none. */
  readonly lines: number;
  readonly malformed: number;
  readonly bytes: number;
  readonly statusClasses: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  readonly topPaths: readonly Count[];
  readonly topClients: readonly Count[];
  readonly anomalies: Readonly<Record<string, number>>;
  /** Counts that the aggregator had no memory for; everything is exact when this is 0. */
  readonly untracked: number;
  /** Of all components together. */
  readonly restarts: number;
  /** How many messages were not handled, by reason. */
  readonly deadLetters: Readonly<Record<string, number>>;
  /** From the first line to the last, without start-up. */
  readonly elapsedMs: number;
}

export function summarize(feed: Feed, report: Report, elapsedMs: number): Summary {
  const { lines: _wellFormed, ...counts } = report;
  const { lines, malformed, restarts, deadLetters } = feed;
  return {
    ...counts,
    lines,
    malformed,
    restarts,
    deadLetters: Object.fromEntries(deadLetters),
    elapsedMs: Math.round(elapsedMs),
  };
}

export function printSummary(summary: Summary): void {
  const { lines, malformed, bytes, elapsedMs } = summary;
  // Each line is a message to the parser; each that it could parse is one more to the classifier and to the aggregator.
  const messages = 3 * lines - 2 * malformed;
  const perSecond = (count: number): string => number(Math.round(count / (elapsedMs / 1000)));
  console.log(`${number(lines)} lines, ${number(malformed)} malformed, ${number(bytes)} bytes served`);
  printCounts("status", entries(summary.statusClasses));
  printCounts("methods", entries(summary.methods));
  printCounts("kinds", entries(summary.kinds));
  printCounts("anomalies", entries(summary.anomalies));
  printTop("top paths", summary.topPaths);
  printTop("top clients", summary.topClients);
  if (summary.untracked > 0) console.log(`untracked    ${number(summary.untracked)} counts had no room`);
  console.log(`${"restarts".padEnd(13)}${number(summary.restarts)}`);
  printCounts("dead letters", entries(summary.deadLetters));
  console.log(`${number(elapsedMs)} ms, ${perSecond(lines)} lines/s, ${perSecond(messages)} messages/s`);
}

function entries(counts: Readonly<Record<string, number>>): readonly Count[] {
  return Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
}

function printCounts(title: string, counts: readonly Count[]): void {
  const shown = counts.map(({ name, count }) => `${printable(name)} ${number(count)}`).join(", ");
  console.log(`${title.padEnd(13)}${shown === "" ? "none" : shown}`);
}

function printTop(title: string, counts: readonly Count[]): void {
  console.log(title);
  for (const { name, count } of counts) console.log(`${number(count).padStart(12)} ${printable(name)}`);
}

/** A log holds what strangers sent: no control character of theirs reaches the terminal, and no name fills the screen. */
function printable(name: string): string {
  const shown = name.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
}

function number(value: number): string {
  return value.toLocaleString("en");
}
