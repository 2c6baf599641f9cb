import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import type { EngineErrorCode, HostImports, InstanceLimits, Isolation, RunningInstance } from "../../src/index.ts";

/** Where each attack is made. */
export const LEVELS: readonly Isolation[] = ["shared", "worker"];

/** What has to stop an attack, or that it may go on: its answer harms nobody. */
type Ending = EngineErrorCode | "answer";

/** What a hostile guest does, and what has to come of it. */
export interface Attack {
  /** What it does: "it loops in a call". */
  readonly name: string;
  /** The file of its source in `guests/`, or the source itself. */
  readonly guest: string | (() => Promise<Uint8Array>);
  /** The calls that are made, one after the other. Without any it attacks when it is prepared or launched. */
  readonly calls?: readonly Call[];
  readonly limits?: InstanceLimits;
  /** What the host gives it, which may know the instance that it is given to. */
  readonly imports?: HostImports | ((instance: () => RunningInstance | undefined) => HostImports);
  /** At each level, where it ends in different ways; where there is none, it is not made at that level. */
  readonly ends: Ending | Readonly<Partial<Record<Isolation, Ending>>>;
  /** What else has to be true of the error. */
  readonly error?: object;
}

export type Call = readonly [name: string, ...args: readonly unknown[]];

/** The component of a guest. */
export function componentOf({ guest }: Pick<Attack, "guest">): Promise<Uint8Array> {
  if (typeof guest !== "string") return guest();
  return parse(readFileSync(new URL(`guests/${guest}.wat`, import.meta.url), "utf8"));
}

/** Bounds that every attack that only takes time runs into. */
export const SHORT: InstanceLimits = { deadlineMs: 100 };
export const LITTLE_FUEL: InstanceLimits = { fuelPerCall: 200_000, deadlineMs: undefined };

/** How much more memory the process may hold after an attack: far less than what any of them is after. */
export const TOLERATED_BYTES: number = 512 * 2 ** 20;

/** What stops an attack at a level; undefined when it is not made there. */
export function endAt({ ends }: Attack, level: Isolation): Ending | undefined {
  return typeof ends === "string" ? ends : ends[level];
}

/** What an attack has to come to. */
export function endingOf(attack: Attack, level: Isolation): object {
  const ends = endAt(attack, level);
  return ends === "answer" ? { ends, isAlive: true } : { ends, isAlive: false, error: attack.error ?? {} };
}
