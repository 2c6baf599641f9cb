import type { OperationKind } from "./operation.ts";

/** What was used, since the last report. */
export interface Usage {
  readonly actor: string;
  readonly operation: OperationKind;
  /** Read from files, received, or written by a process. */
  readonly bytesIn: number;
  /** Written to files, sent, or given to a process. */
  readonly bytesOut: number;
  readonly durationMs: number;
}

/**
 * Takes what was used and says whether there was room for it; or in how many milliseconds to ask again, and then has taken nothing. What goes
 * out is reported before it goes, and goes only if there is room; what came in is handed over only if there is. Throwing says no.
 */
export type Account = (usage: Usage) => boolean | number;
