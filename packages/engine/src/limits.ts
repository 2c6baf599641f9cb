import { BadOptionError } from "./errors.ts";

/** What an instance may use. Where `undefined` is allowed it means: as much as it likes. */
export interface InstanceLimits {
  /** The sum of its memories, in bytes. */
  readonly memoryBytes?: number;
  /** The fuel of one call, and of instantiating. */
  readonly fuelPerCall?: number | undefined;
  /** How long one call, and instantiating, may hold the thread. */
  readonly deadlineMs?: number | undefined;
  /** How deep its calls may nest, in words: a call takes 8, and one for each parameter and local of the function (a vector two). */
  readonly stackDepth?: number;
  /** The sum of its tables, in elements. */
  readonly tableElements?: number;
  /** How many resources it may hold and have handed out, at once. */
  readonly handles?: number;
  /**
   * What it may pass out of its memory at once, an answer or the arguments of a function of the host: in bytes, about as many as the host's
   * heap takes for it. A number in a list of numbers counts as itself, an element of any other list as 32, and 8 more for each of its own
   * bytes; a character as 2; a text as 32 besides, a list of numbers as 256, any other list as 64.
   */
  readonly valueBytes?: number;
}

/** The limits where none are given. The stack is about half of what V8 has on the main thread. */
export const DEFAULT_LIMITS: Required<InstanceLimits> = {
  memoryBytes: 64 * 2 ** 20,
  fuelPerCall: undefined,
  deadlineMs: 5_000,
  stackDepth: 65_536,
  tableElements: 100_000,
  handles: 10_000,
  valueBytes: 16 * 2 ** 20,
};

/** The most that a 32-bit counter in guest code holds. */
const MAX_COUNT = 2 ** 31 - 1;

/** All limits, with the defaults for those not given. Throws BadOptionError for one that is no limit. */
export function completeLimits(limits: InstanceLimits = {}): Required<InstanceLimits> {
  const complete = { ...DEFAULT_LIMITS, ...limits };
  const { memoryBytes, fuelPerCall, deadlineMs, stackDepth, tableElements, handles, valueBytes } = complete;
  check("memoryBytes", "a number of bytes", memoryBytes, isCount(memoryBytes));
  check("fuelPerCall", "an amount of fuel", fuelPerCall, fuelPerCall === undefined || isCount(fuelPerCall));
  check("deadlineMs", "a positive number of milliseconds", deadlineMs, deadlineMs === undefined || deadlineMs > 0);
  check("stackDepth", "a number of words below 2^31", stackDepth, isCount(stackDepth, MAX_COUNT));
  check("tableElements", "a number of elements below 2^31", tableElements, isCount(tableElements, MAX_COUNT));
  check("handles", "a number of handles", handles, isCount(handles));
  check("valueBytes", "a number of bytes", valueBytes, isCount(valueBytes));
  return complete;
}

function isCount(value: number, most: number = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= most;
}

function check(limit: keyof InstanceLimits, expected: string, found: unknown, isRight: boolean): void {
  if (!isRight) throw new BadOptionError(`limits.${limit}`, expected, found);
}
