import { type Clock, systemClock } from "../clock.ts";
import { BadOptionError } from "../errors.ts";
import type { GuestFileSystem } from "../files/guest-files.ts";
import type { GuestFetch } from "../network/guest-fetch.ts";
import type { GuestNetwork } from "../network/guest-network.ts";

/** A directory that an instance finds open when it starts. What is below it is within its reach, and nothing else. */
export interface Preopen {
  /** What the guest calls it, such as `/data`; its own paths are relative to that. */
  readonly guestPath: string;
  readonly files: GuestFileSystem;
  /** With `read`, nothing below it can be changed through this grant. */
  readonly access: "read" | "read-write";
}

/** What an instance sees of the world through WASI preview 2. By default: nothing but the time and random bytes. */
export interface WasiOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The guest's idea of where it is, for paths that are not absolute. */
  readonly cwd?: string | undefined;
  /** All of standard input. */
  readonly stdin?: Uint8Array;
  /** Takes each write to standard output; the bytes are its own. */
  readonly stdout?: (bytes: Uint8Array) => void;
  readonly stderr?: (bytes: Uint8Array) => void;
  readonly clock?: Clock;
  /** Returns that many random bytes. */
  readonly random?: (length: number) => Uint8Array;
  /**
   * How long a guest may stop the thread, at once, to let time pass: in `instantiate` and `runCommand` only. Zero by default. The deadline of
   * a call is looked at when a wait is over.
   */
  readonly maxBlockMs?: number;
  readonly preopens?: readonly Preopen[];
  /** How many files and directories it may hold open at once; one more is answered with "quota". */
  readonly maxOpenFiles?: number;
  /** Whom it can reach by sockets, and under what names. Nobody by default: all of it is answered with "access-denied". */
  readonly network?: GuestNetwork | undefined;
  /** How many connections it may have at once; one more is answered with "new-socket-limit". */
  readonly maxSockets?: number;
  /** What sends its requests. Nothing by default: all are answered with "HTTP-request-denied". */
  readonly fetch?: GuestFetch | undefined;
}

export type WasiSettings = Required<WasiOptions>;

export const DEFAULT_WASI: WasiSettings = {
  args: [],
  env: {},
  cwd: undefined,
  stdin: new Uint8Array(),
  stdout: () => undefined,
  stderr: () => undefined,
  clock: systemClock,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  maxBlockMs: 0,
  preopens: [],
  maxOpenFiles: 64,
  network: undefined,
  maxSockets: 16,
  fetch: undefined,
};

/** All settings, with the defaults for those not given. Throws BadOptionError for one that cannot be used. */
export function completeWasi(options: WasiOptions = {}): WasiSettings {
  const settings = { ...DEFAULT_WASI, ...options };
  for (const limit of ["maxBlockMs", "maxOpenFiles", "maxSockets"] as const) {
    const value = settings[limit];
    if (!Number.isSafeInteger(value) || value < 0) throw new BadOptionError(`wasi.${limit}`, "a number", value);
  }
  if (settings.preopens.length > settings.maxOpenFiles) {
    throw new BadOptionError(
      "wasi.preopens",
      `at most ${settings.maxOpenFiles} (maxOpenFiles)`,
      settings.preopens.length,
    );
  }
  for (const { guestPath, access } of settings.preopens) {
    if (guestPath === "") throw new BadOptionError("wasi.preopens", "given a guestPath", "none");
    if (access !== "read" && access !== "read-write") {
      throw new BadOptionError("wasi.preopens", 'given with access "read" or "read-write"', access);
    }
  }
  return settings;
}
