// What the pipeline should find, worked out another way: regular expressions over the whole log, no components.
import type { Count } from "../report.ts";

export interface Summary {
  /** Well-formed and malformed ones; empty lines are no lines. */
  readonly lines: number;
  readonly malformed: number;
  readonly bytes: number;
  readonly statusClasses: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  readonly anomalies: Readonly<Record<string, number>>;
  readonly topPaths: readonly Count[];
  readonly topClients: readonly Count[];
}

const longestLine = 65_536;
const quoted = String.raw`"((?:[^"\\]|\\[^])*)"`;
const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
const time = String.raw`\[(\d\d)/(${months})/(\d{4}):(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d [+-](?:[01]\d|2[0-3])[0-5]\d\]`;
const wholeLine = new RegExp(
  String.raw`^([^ ]+) [^ ]+ [^ ]+ ${time} ${quoted} (\d{3}) (\d{1,15}|-) ${quoted} ${quoted}$`,
);

/** Bytes are read as characters of the same number, so that nothing is lost; names are decoded at the end. */
export function summarize(log: Uint8Array): Summary {
  const lines = Buffer.from(log)
    .toString("latin1")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""))
    .filter((line) => line !== "");
  const requests = lines.flatMap((line) => readLine(line) ?? []);
  return {
    lines: lines.length,
    malformed: lines.length - requests.length,
    bytes: requests.reduce((sum, { bytes }) => sum + bytes, 0),
    statusClasses: {
      other: 0,
      "1xx": 0,
      "2xx": 0,
      "3xx": 0,
      "4xx": 0,
      "5xx": 0,
      ...asRecord(tally(requests.map(({ status }) => (/^[1-5]/.test(status) ? `${status[0]}xx` : "other")))),
    },
    methods: asRecord(tally(requests.map(({ method }) => method))),
    kinds: asRecord(tally(requests.map(kindOf))),
    anomalies: asRecord(tally(requests.flatMap(anomaliesOf))),
    topPaths: tally(requests.map(({ path }) => path.replace(/\?[^]*/, ""))).slice(0, 10),
    topClients: tally(requests.map(({ client }) => client)).slice(0, 10),
  };
}

interface Request {
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly status: string;
  readonly bytes: number;
  readonly agent: string;
}

function readLine(line: string): Request | undefined {
  const [found, client = "", day, month, year, request = "", status = "", size, , agent = ""] =
    wholeLine.exec(line) ?? [];
  if (found === undefined || line.length > longestLine || !isDate(Number(year), `${month}`, Number(day)))
    return undefined;
  const [method, ...rest] = unescape(request).split(" ");
  const path = (rest.at(-1)?.startsWith("HTTP/") ? rest.slice(0, -1) : rest).join(" ");
  const bytes = size === "-" ? 0 : Number(size);
  return { client, method: method || "-", path: path || "-", status, bytes, agent: unescape(agent) };
}

function isDate(year: number, month: string, day: number): boolean {
  const date = new Date(0);
  const index = months.split("|").indexOf(month);
  date.setUTCFullYear(year, index, day);
  return date.getUTCMonth() === index && date.getUTCDate() === day;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(["\\])/g, "$1");
}

function kindOf({ agent, path }: Request): string {
  const asset = /\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|otf|mp[34]|webm|pdf|zip|gz)$/i;
  if (/bot|crawl|spider|slurp|curl|wget|python|java\/|go-http-client|scanner|monitor/i.test(agent)) return "bot";
  if (/^\/api(?:[/?]|$)/i.test(path)) return "api";
  return asset.test(path.replace(/\?[^]*/, "")) ? "asset" : "page";
}

function anomaliesOf({ path, status, bytes }: Request): readonly string[] {
  const gap = String.raw`(?:\s|\+|%20)`;
  const sql = new RegExp(
    `union${gap}+(?:all${gap}+)?select|(?:'|%27)${gap}*(?:or|and)${gap}|;${gap}*drop${gap}+table|information_schema|sleep\\(`,
    "i",
  );
  const scanner =
    /\/wp-login\.php|\/wp-admin|\/xmlrpc\.php|\/\.env|\/\.git\/|\/phpmyadmin|\/cgi-bin\/|\/boaform|\/hnap1/i;
  const rules: readonly (readonly [string, boolean])[] = [
    ["server-error", status.startsWith("5")],
    ["oversized-response", bytes > 10_000_000],
    ["path-traversal", /\.\.\/|\/\.\.$|\.\.%2f|%2e%2e/i.test(path)],
    ["sql-injection", sql.test(path)],
    ["scanner", scanner.test(path)],
  ];
  return rules.filter(([, holds]) => holds).map(([name]) => name);
}

/** Highest count first, equal ones by the bytes of their names. */
function tally(names: readonly string[]): readonly Count[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .toSorted(([name, count], [otherName, otherCount]) => otherCount - count || (name < otherName ? -1 : 1))
    .map(([name, count]) => ({ name: Buffer.from(name, "latin1").toString("utf8"), count }));
}

function asRecord(counts: readonly Count[]): Readonly<Record<string, number>> {
  return Object.fromEntries(counts.map(({ name, count }) => [name, count]));
}
