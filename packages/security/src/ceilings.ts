import { InvalidCeilingError } from "./errors.ts";

/** The most a manifest may ask for. An operator sets them in the host's own configuration. */
export interface Ceilings {
  readonly memoryBytes: number;
  readonly fuel: number;
  readonly timeoutMs: number;
  /** Of all of its namespaces together. */
  readonly storageBytes: number;
}

interface CeilingRange {
  /** The least a manifest may ask for. */
  readonly floor: number;
  /** The ceiling unless an operator sets another. */
  readonly usual: number;
  /** How far an operator can raise it. */
  readonly highest: number;
}

export const CEILINGS: Readonly<Record<keyof Ceilings, CeilingRange>> = {
  // 65,536 pages of 64 KiB: the most that 32-bit WebAssembly can address.
  memoryBytes: { floor: 524_288, usual: 4_194_304, highest: 4_294_967_296 },
  fuel: { floor: 1000, usual: 100_000_000, highest: Number.MAX_SAFE_INTEGER },
  // The longest delay a timer of Node keeps.
  timeoutMs: { floor: 1, usual: 300_000, highest: 2_147_483_647 },
  storageBytes: { floor: 1, usual: 1_073_741_824, highest: Number.MAX_SAFE_INTEGER },
};

/** The ceilings in force when an operator set some of them. Throws {@link InvalidCeilingError}. */
export function resolveCeilings(set: Partial<Ceilings> = {}): Ceilings {
  return {
    memoryBytes: resolve("memoryBytes"),
    fuel: resolve("fuel"),
    timeoutMs: resolve("timeoutMs"),
    storageBytes: resolve("storageBytes"),
  };

  function resolve(name: keyof Ceilings): number {
    const { floor, usual, highest } = CEILINGS[name];
    const value = set[name] ?? usual;
    if (!Number.isInteger(value) || value < floor || value > highest) {
      throw new InvalidCeilingError(name, `an integer from ${floor} to ${highest}`, value);
    }
    return value;
  }
}
