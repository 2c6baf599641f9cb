import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { PathChangedError, systemCodeOf, UnsuitableFileError } from "../errors.ts";
import { kindOf } from "./entry-stat.ts";
import { type HeldEntry, holdDirectory, holdEntry } from "./held-entry.ts";
import type { ResolvedPath } from "./resolved-path.ts";

const NEW_FILE = constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** How often it is tried again when a file comes and goes under the name. */
const MOST_ATTEMPTS = 8;

/** Holds a regular file, and throws UnsuitableFileError for anything else: opening a pipe or a device can do something, or wait for ever. */
export async function holdFile(directory: HeldEntry, name: string): Promise<HeldEntry> {
  const held = await holdEntry(directory, name);
  try {
    const kind = kindOf(await held.handle.stat());
    if (kind === "symbolic-link") throw new PathChangedError(held.path);
    if (kind !== "file") throw new UnsuitableFileError(held.path, "file", kind);
    return held;
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

/** A file that is there, for what the flags say. */
export async function openExisting(
  { parent, name }: ResolvedPath,
  flags: number,
  signal: AbortSignal,
): Promise<FileHandle> {
  await using directory = await holdDirectory(parent, signal);
  await using held = await holdFile(directory, name);
  // Awaited here: once the holds are given up, their numbers may be those of other files.
  return await open(held.place, flags);
}

export function openForReading(resolved: ResolvedPath, signal: AbortSignal): Promise<FileHandle> {
  return openExisting(resolved, constants.O_RDONLY, signal);
}

/** For writing at its end. A file that is not there is created. */
export function openForAppending(resolved: ResolvedPath, signal: AbortSignal): Promise<FileHandle> {
  return openOrCreate(resolved, constants.O_WRONLY | constants.O_APPEND, signal);
}

/** For writing anywhere, without what was in it. A file that is not there is created. */
export async function openForWriting(resolved: ResolvedPath, signal: AbortSignal): Promise<FileHandle> {
  const opened = await openOrCreate(resolved, constants.O_WRONLY, signal);
  try {
    await opened.truncate(0);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** One that is not there yet, for writing. */
export async function openNew({ parent, name }: ResolvedPath, signal: AbortSignal): Promise<FileHandle> {
  await using directory = await holdDirectory(parent, signal);
  return await open(directory.entry(name), constants.O_WRONLY | NEW_FILE, 0o600);
}

async function openOrCreate(
  { path, parent, name }: ResolvedPath,
  flags: number,
  signal: AbortSignal,
): Promise<FileHandle> {
  await using directory = await holdDirectory(parent, signal);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    signal.throwIfAborted();
    try {
      await using held = await holdFile(directory, name);
      return await open(held.place, flags);
    } catch (error) {
      if (systemCodeOf(error) !== "ENOENT") throw error;
    }
    try {
      return await open(directory.entry(name), flags | NEW_FILE, 0o600);
    } catch (error) {
      if (systemCodeOf(error) !== "EEXIST") throw error;
    }
  }
  throw new PathChangedError(path);
}
