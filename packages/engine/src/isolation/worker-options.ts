import { BadOptionError } from "../errors.ts";

/** Threads for instances that run on their own. */
export interface WorkerOptions {
  /** How many there may be at once, idle ones included. One more is refused. */
  readonly most?: number;
  /** How many are kept ready for the next launch, once there was a first. */
  readonly idle?: number;
  /**
   * What a thread may hold besides the memories of its instance, in bytes: code, and values on their way in and out. Looked at fifty times a
   * second while a call runs.
   */
  readonly memoryBytes?: number;
  /**
   * The most that may leave a thread at once, an answer or what a host function is called with: as many bytes as the host's thread copies in
   * the time it takes to receive it. A byte counts as itself, a character as 2, any value as 32 more, a list as 256, and a record, a variant
   * or a typed array as 512.
   */
  readonly messageBytes?: number;
}

export const DEFAULT_WORKER_OPTIONS: Required<WorkerOptions> = {
  most: 32,
  idle: 1,
  memoryBytes: 256 * 2 ** 20,
  messageBytes: 16 * 2 ** 20,
};

/** All options. Throws BadOptionError for one that cannot be used. */
export function completeWorkerOptions(options: WorkerOptions): Required<WorkerOptions> {
  const complete = { ...DEFAULT_WORKER_OPTIONS, ...options };
  for (const option of ["most", "memoryBytes", "messageBytes"] as const) check(option, complete[option], 1);
  check("idle", complete.idle, 0);
  return complete;
}

function check(option: keyof WorkerOptions, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new BadOptionError(`workers.${option}`, `a whole number from ${least}`, value);
}
