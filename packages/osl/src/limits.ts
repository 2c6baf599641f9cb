import { InvalidOperationError } from "./errors.ts";

/** The most that one actor gets of each thing. */
export interface Limits {
  /** Of a file that is read, copied or written. */
  readonly fileBytes: number;
  /** Of a directory that is listed, or removed with all below it. */
  readonly directoryEntries: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly redirects: number;
  /** Of both output streams of a process together. */
  readonly outputBytes: number;
  /** How long a process may run unless its operation says less. */
  readonly lifetimeMs: number;
  /** How long one operation, or one wait on a connection or a process, may take unless the call says otherwise. */
  readonly timeoutMs: number;
  /** Files, connections and processes held at the same time. */
  readonly open: number;
}

export const DEFAULT_LIMITS: Limits = {
  fileBytes: 16_777_216,
  directoryEntries: 10_000,
  requestBytes: 16_777_216,
  responseBytes: 16_777_216,
  redirects: 5,
  outputBytes: 16_777_216,
  lifetimeMs: 60_000,
  timeoutMs: 30_000,
  open: 64,
};

/** The longest delay a timer of Node keeps. */
export const LONGEST_MS = 2_147_483_647;

/** @throws InvalidOperationError when a limit is no whole number that could be obeyed */
export function resolveLimits(set: Partial<Limits>): Limits {
  const limits = { ...DEFAULT_LIMITS, ...set };
  for (const [name, value] of Object.entries(limits)) {
    const most = name.endsWith("Ms") ? LONGEST_MS : Number.MAX_SAFE_INTEGER;
    if (!Number.isInteger(value) || value < 0 || value > most)
      throw new InvalidOperationError("limits", name, `a whole number up to ${most}`, String(value));
  }
  return limits;
}
