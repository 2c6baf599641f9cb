import type { LogLevel } from "./generated/airssys-core-types-types.ts";
import { printable } from "./printable.ts";

/** A line that a component wrote for the operator. */
export interface GuestLogLine {
  readonly component: string;
  /** Of the message it was handling, when that came in an envelope. */
  readonly correlationId: string | undefined;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Where the lines of components go. The texts in a line are the component's own: bounded in length, and otherwise as it wrote them. */
export type GuestLog = (line: GuestLogLine) => void;

type WriteLevel = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** A logger that takes fields and a message, such as pino's and those made after it. Without `trace` those lines are `debug`. */
export interface LevelLogger {
  readonly trace?: WriteLevel;
  readonly debug: WriteLevel;
  readonly info: WriteLevel;
  readonly warn: WriteLevel;
  readonly error: WriteLevel;
}

/** One log of either kind. */
export function guestLog(log: GuestLog | LevelLogger): GuestLog {
  return typeof log === "function" ? log : (line) => logAtLevel(log, line);
}

/** A component names its fields as it likes, so they stand apart: none passes for a field of the host, or of the logger. */
function logAtLevel(logger: LevelLogger, { component, correlationId, level, message, fields }: GuestLogLine): void {
  const known = { component, ...(correlationId !== undefined && { correlationId }) };
  const record = fields.length === 0 ? known : { ...known, fields: valuesByName(fields) };
  if (level === "trace" && logger.trace === undefined) logger.debug(record, message);
  else logger[level]?.(record, message);
}

/** A name that was given more than once has all its values. */
function valuesByName(fields: GuestLogLine["fields"]): Readonly<Record<string, string | readonly string[]>> {
  const grouped = Map.groupBy(fields, ([name]) => name);
  return Object.fromEntries(
    Array.from(grouped, ([name, [first, ...more]]) => {
      const value = first?.[1] ?? "";
      return [name, more.length === 0 ? value : [value, ...more.map(([, other]) => other)]];
    }),
  );
}

/** Writes one line to standard error. Control characters are shown escaped: a component cannot forge lines or move the cursor. */
export const logToStandardError: GuestLog = ({ component, level, message, fields }) => {
  const shown = fields.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`).join("");
  process.stderr.write(`${printable(`${level} ${component}: ${message}${shown}`)}\n`);
};
