import { systemClock } from "../clock.ts";
import { HostFileSystem } from "../files/host-directory.ts";
import { hostCallSignal } from "../host-call-signal.ts";
import type { Preopen, WasiOptions } from "../wasi/settings.ts";

/** A function among the settings of WASI, by its place there. Those cannot be copied: the thread calls back for them. */
export type WasiFunction = "stdout" | "stderr" | "random" | "clock.now" | "clock.monotonic" | "clock.reach";

/** How each setting crosses. What does not is served on the host's thread. */
const CROSSING: Readonly<Record<keyof WasiOptions, "as data" | "as functions" | "as paths" | "not">> = {
  args: "as data",
  env: "as data",
  cwd: "as data",
  maxBlockMs: "as data",
  maxOpenFiles: "as data",
  maxSockets: "as data",
  preopens: "as paths",
  network: "not",
  fetch: "not",
  stdin: "as data",
  stdout: "as functions",
  stderr: "as functions",
  random: "as functions",
  clock: "as functions",
};

/** A directory of the host, which the thread opens for itself. */
type CarriedPreopen = Omit<Preopen, "files"> & { readonly path: string };

/** The settings of WASI on their way. */
export interface CarriedWasi {
  readonly data: WasiOptions;
  readonly preopens: readonly CarriedPreopen[];
  readonly functions: readonly WasiFunction[];
}

export type WasiFunctions = ReadonlyMap<WasiFunction, (...args: never[]) => unknown>;

/** The functions among the settings. The clock of the machine is there on every thread. */
export function wasiFunctions({ stdout, stderr, random, clock }: WasiOptions): WasiFunctions {
  const functions = new Map<WasiFunction, (...args: never[]) => unknown>();
  if (stdout !== undefined) functions.set("stdout", stdout);
  if (stderr !== undefined) functions.set("stderr", stderr);
  if (random !== undefined) functions.set("random", random);
  if (clock !== undefined && clock !== systemClock) {
    functions.set("clock.now", () => clock.now());
    functions.set("clock.monotonic", () => clock.monotonic());
    const { reach } = clock;
    if (reach !== undefined) functions.set("clock.reach", (instant: bigint) => reach(instant, hostCallSignal()));
  }
  return functions;
}

export function carryWasi(options: WasiOptions, functions: WasiFunctions): CarriedWasi {
  const data = Object.fromEntries(
    Object.entries(CROSSING).flatMap(([name, how]) => {
      const value: unknown = Reflect.get(options, name);
      return how === "as data" && value !== undefined ? [[name, value]] : [];
    }),
  );
  return { data, preopens: (options.preopens ?? []).flatMap(carryPreopen), functions: [...functions.keys()] };
}

function carryPreopen({ guestPath, access, files }: Preopen): readonly CarriedPreopen[] {
  return files instanceof HostFileSystem ? [{ guestPath, access, path: files.path }] : [];
}

/** A thread of its own may be stopped for as long as a call may take: the host ends it when that is over. */
const FOR_EVER_MS = Number.MAX_SAFE_INTEGER;

/** The settings on the other side, where `ask` calls back. */
export function wasiOptions(
  { data, preopens, functions }: CarriedWasi,
  ask: (name: WasiFunction, args: readonly unknown[]) => unknown,
): WasiOptions {
  const crossed = new Set(functions);
  const takes =
    (name: "stdout" | "stderr") =>
    (bytes: Uint8Array): void =>
      void ask(name, [bytes]);
  // What comes back was returned by the function of that name, whose type says what it returns.
  return {
    maxBlockMs: FOR_EVER_MS,
    ...data,
    preopens: preopens.map(({ guestPath, access, path }) => ({ guestPath, access, files: new HostFileSystem(path) })),
    ...(crossed.has("stdout") && { stdout: takes("stdout") }),
    ...(crossed.has("stderr") && { stderr: takes("stderr") }),
    ...(crossed.has("random") && { random: (length: number) => ask("random", [length]) as Uint8Array }),
    ...(crossed.has("clock.now") && {
      clock: {
        now: () => ask("clock.now", []) as number,
        monotonic: () => ask("clock.monotonic", []) as bigint,
        ...(crossed.has("clock.reach") && { block: (instant: bigint) => void ask("clock.reach", [instant]) }),
      },
    }),
  };
}
