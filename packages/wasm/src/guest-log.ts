import type { LogLevel } from "./generated/airssys-core-types-types.ts";

/** A line that a component wrote for the operator. */
export interface GuestLogLine {
  readonly component: string;
  /** Of the message it was handling, when that was part of a request. */
  readonly correlationId: string | undefined;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Where the lines of components go. */
export type GuestLog = (line: GuestLogLine) => void;

// oxlint-disable-next-line no-control-regex -- control characters are what must not reach the terminal
const unprintable = /[\u0000-\u001F\u007F-\u009F]/g;

/** Writes one line to standard error. Control characters are shown escaped: a component cannot forge lines or move the cursor. */
export const logToStandardError: GuestLog = ({ component, level, message, fields }) => {
  const shown = fields.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`).join("");
  process.stderr.write(`${printable(`${level} ${component}: ${message}${shown}`)}\n`);
};

function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
