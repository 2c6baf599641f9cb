import type { LogLevel, LogRecord, LogSink } from "./actor-log.ts";

/** The host's own. */
declare const console: Readonly<Record<LogLevel, (line: string) => void>>;

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];
/** Whoever makes an actor fail may have a say in what its error says. */
const LONGEST_LINE = 2000;
/** What would end a line, move the cursor, or turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** The first place in a stack as V8 writes it. */
const FIRST_PLACE = /^\s*at .+$/m;

/** A sink that writes records to the host's console, one line each, from a level on; `info` unless said. */
export function consoleLog(least: LogLevel = "info"): LogSink {
  const from = LEVELS.indexOf(least);
  return (record) => {
    if (LEVELS.indexOf(record.level) >= from) console[record.level](lineOf(record));
  };
}

/** A record as one line: `error /user/till failed: RangeError: no change at …`. */
export function lineOf({ level, path, message, fields: { error, ...fields } }: LogRecord): string {
  const failure = error === undefined ? "" : `: ${textOf(error)}`;
  const others = Object.entries(fields).map(([name, value]) => ` ${name}=${textOf(value)}`);
  const line = `${level} ${path} ${message}${failure}${others.join("")}`;
  const shown = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1).toWellFormed()}…` : line;
  return shown.replaceAll(UNPRINTABLE, escaped);
}

/** Never throws, whatever it is given: what an actor threw may be anything. */
function textOf(value: unknown): string {
  try {
    if (typeof value === "string") return value;
    if (!(value instanceof Error)) return JSON.stringify(value) ?? String(value);
    const place = FIRST_PLACE.exec(value.stack ?? "")?.[0].trim();
    return `${value.name}: ${value.message}${place === undefined ? "" : ` ${place}`}`;
  } catch {
    return "(what cannot be shown)";
  }
}

function escaped(character: string): string {
  return String.raw`\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
