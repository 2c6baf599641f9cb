import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { UnsuitableProgramError } from "../errors.ts";
import { type HeldEntry, holdDirectory } from "../files/held-entry.ts";
import { holdFile } from "../files/open-file.ts";
import type { ResolvedPath } from "../files/resolved-path.ts";

/** The bits that make a program run as its owner or group; Node has no names for them. */
const RUNS_AS_OTHERS = 0o6000;
const EXECUTABLE = constants.S_IXUSR | constants.S_IXGRP | constants.S_IXOTH;

/**
 * Holds the program, so that what is started is what was looked at.
 * @throws UnsuitableProgramError for what is no native program, and for what runs as another user
 */
export async function holdProgram({ parent, name }: ResolvedPath, signal: AbortSignal): Promise<HeldEntry> {
  await using directory = await holdDirectory(parent, signal);
  const held = await holdFile(directory, name);
  try {
    const { mode } = await held.handle.stat();
    if ((mode & EXECUTABLE) === 0) throw new UnsuitableProgramError(held.path, "is not executable");
    if ((mode & RUNS_AS_OTHERS) !== 0) throw new UnsuitableProgramError(held.path, "runs as another user or group");
    if (!(await isNative(held.place)))
      throw new UnsuitableProgramError(held.path, "is no native program; of a script, the interpreter is the program");
    return held;
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

/** This very process: what begins like it, the system can run. */
const OWN_PROGRAM = "/proc/self/exe";

/**
 * What the system cannot run, the C library hands to a shell, and a script names an interpreter of its own. So a program has to begin
 * as one for this system and this kind of processor does.
 */
async function isNative(place: string): Promise<boolean> {
  const [own, found] = await Promise.all([startOf(OWN_PROGRAM), startOf(place)]);
  return MARKS.every(([from, to]) => Buffer.compare(own.subarray(from, to), found.subarray(from, to)) === 0);
}

/** In the header of an ELF file: the format with its width and byte order, and the processor. */
const MARKS: readonly (readonly [from: number, to: number])[] = [
  [0, 7],
  [18, 20],
];

async function startOf(place: string): Promise<Buffer> {
  await using file = await open(place, constants.O_RDONLY);
  const start = Buffer.alloc(20);
  await file.read(start, 0, start.length, 0);
  return start;
}
