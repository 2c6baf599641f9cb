import * as host from "./host/logging";
import { PairList } from "./canonical";
/** In the order of `log-level`. */
export enum LogLevel {
  Trace,
  Debug,
  Info,
  Warn,
  Error,
}

/** Writes one line for the operator, with named fields as pairs of name and value. */
export function log(level: LogLevel, message: string, fields: Array<StaticArray<string>> = []): void {
  const text = String.UTF8.encode(message);
  const list = new PairList(fields);
  host.log(level, changetype<usize>(text), text.byteLength, list.start, list.count);
}

/** Where a thrown error or a failed `assert` ends: it says why, and traps. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const reason = message === null ? "assertion failed" : message;
  const place = file === null ? "" : " at " + file + ":" + line.toString() + ":" + column.toString();
  log(LogLevel.Error, reason + place);
  unreachable();
}
