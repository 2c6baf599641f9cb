import { InvalidOptionError } from "./errors.ts";

/** What a handle may write. Reading, listing and deleting are open to it whatever these say. */
export interface NamespaceLimits {
  /** Bytes of all keys and values together, whoever wrote them: of the namespace, or of its group where it has one. */
  readonly quotaBytes: number;
  /** All namespaces whose names begin so share the quota; the name of this one has to. Undefined for a namespace on its own. */
  readonly group?: string | undefined;
  /** Bytes of one key in UTF-8. */
  readonly maxKeyBytes: number;
  readonly maxValueBytes: number;
}

/** The quota is that of a component whose manifest says nothing: 100 MiB. */
export const DEFAULT_LIMITS: Omit<NamespaceLimits, "group"> = {
  quotaBytes: 104_857_600,
  maxKeyBytes: 1024,
  maxValueBytes: 1_048_576,
};

/** The most that a handle can be given, and what one has that copies whatever is there. */
export const HIGHEST_LIMITS: Omit<NamespaceLimits, "group"> = {
  quotaBytes: Number.MAX_SAFE_INTEGER,
  maxKeyBytes: 65_536,
  maxValueBytes: 33_554_432,
};

/** Writes in one batch, and also checks. */
export const MAX_BATCH_OPERATIONS = 1000;
/** Bytes of the keys and values that one batch writes: room for one of the largest, and half of what may wait for the disk. */
export const MAX_BATCH_BYTES = 67_108_864;

/**
 * The limits of a namespace with what was left out, frozen.
 *
 * @throws InvalidOptionError
 */
export function limitsOf(name: string, options: Partial<NamespaceLimits> = {}): NamespaceLimits {
  const { group } = options;
  if (group !== undefined && (group === "" || !name.startsWith(group)))
    throw new InvalidOptionError("group", "a beginning of the namespace's name", group);
  return Object.freeze({
    ...(group !== undefined && { group }),
    quotaBytes: limitOf("quotaBytes", 0, options),
    maxKeyBytes: limitOf("maxKeyBytes", 1, options),
    maxValueBytes: limitOf("maxValueBytes", 0, options),
  });
}

function limitOf(
  name: "quotaBytes" | "maxKeyBytes" | "maxValueBytes",
  lowest: number,
  options: Partial<NamespaceLimits>,
): number {
  return wholeNumber(name, options[name] ?? DEFAULT_LIMITS[name], lowest, HIGHEST_LIMITS[name]);
}

/** @throws InvalidOptionError unless it is a whole number within the bounds, both included */
export function wholeNumber(option: string, found: unknown, lowest: number, highest: number): number {
  if (typeof found === "number" && Number.isSafeInteger(found) && found >= lowest && found <= highest) return found;
  throw new InvalidOptionError(option, `a whole number from ${lowest} to ${highest}`, found);
}
