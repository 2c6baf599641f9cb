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

/** Writes one line to standard error. Control characters are shown escaped: a component cannot forge lines or move the cursor. */
export const logToStandardError: GuestLog = ({ component, level, message, fields }) => {
  const shown = fields.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`).join("");
  process.stderr.write(`${printable(`${level} ${component}: ${message}${shown}`)}\n`);
};
