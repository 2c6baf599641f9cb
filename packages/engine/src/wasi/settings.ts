import { type Clock, systemClock } from "../clock.ts";

/** What an instance sees of the world through WASI preview 2. By default: nothing but the time and random bytes. */
export interface WasiOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** All of standard input. */
  readonly stdin?: Uint8Array;
  /** Takes each write to standard output; the bytes are its own. */
  readonly stdout?: (bytes: Uint8Array) => void;
  readonly stderr?: (bytes: Uint8Array) => void;
  readonly clock?: Clock;
  /** Returns that many random bytes. */
  readonly random?: (length: number) => Uint8Array;
}

export type WasiSettings = Required<WasiOptions>;

export const DEFAULT_WASI: WasiSettings = {
  args: [],
  env: {},
  stdin: new Uint8Array(),
  stdout: () => undefined,
  stderr: () => undefined,
  clock: systemClock,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** Makes the engine's implementation of each interface, by its name without a version. */
export type InterfaceMakers = Readonly<Record<string, (settings: WasiSettings) => object>>;

const unusedResources = new WeakSet<object>();

/** A class for a resource that nobody can ever hold. */
export function unusedResource(): object {
  const resource = emptyClass();
  unusedResources.add(resource);
  return resource;
}

function emptyClass(): object {
  return function resource(): void {};
}

export function isUnusedResource(resource: object): boolean {
  return unusedResources.has(resource);
}
