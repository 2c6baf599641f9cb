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
 * @throws UnsuitableProgramError for a script, whose interpreter nobody granted; and for what runs as another user
 */
export async function holdProgram({ parent, name }: ResolvedPath, signal: AbortSignal): Promise<HeldEntry> {
  await using directory = await holdDirectory(parent, signal);
  const held = await holdFile(directory, name);
  try {
    const { mode } = await held.handle.stat();
    if ((mode & EXECUTABLE) === 0) throw new UnsuitableProgramError(held.path, "is not executable");
    if ((mode & RUNS_AS_OTHERS) !== 0) throw new UnsuitableProgramError(held.path, "runs as another user or group");
    if (await isScript(held))
      throw new UnsuitableProgramError(held.path, "is a script: its interpreter is the program");
    return held;
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

async function isScript(held: HeldEntry): Promise<boolean> {
  await using file = await open(held.place, constants.O_RDONLY);
  const start = new Uint8Array(2);
  await file.read(start, 0, start.length, 0);
  return new TextDecoder().decode(start) === "#!";
}
