/*
 * Linux shows every open file of a process under this path, and a name below an open directory there is looked up in that directory,
 * wherever it has been moved; what is opened under the number of an open file is that very file. That makes of Node's functions, which
 * take paths only, the `openat` family. Each directory on the way is held open while the next is looked up in it, no symbolic link is
 * followed, and nothing is read, made or changed before the system has said where the thing that is held really is.
 */
import { constants, existsSync } from "node:fs";
import { type FileHandle, open, readlink } from "node:fs/promises";
import { join } from "node:path";
import { PathChangedError, systemCodeOf, UnsupportedPlatformError } from "../errors.ts";

export const OPEN_FILES = "/proc/self/fd";

/** Holds a place without opening it: no permission to read is needed, and no device or pipe notices. Linux only, hence not in Node. */
const O_PATH = 0x20_0000;
const HOLD_DIRECTORY = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const HOLD_ENTRY = O_PATH | constants.O_NOFOLLOW;

/** A file or directory that is held, whatever becomes of its name. */
export class HeldEntry implements AsyncDisposable {
  readonly handle: FileHandle;
  /** Where it was when it was held. */
  readonly path: string;

  constructor(handle: FileHandle, path: string) {
    this.handle = handle;
    this.path = path;
  }

  /** A path to the very thing. */
  get place(): string {
    return `${OPEN_FILES}/${this.handle.fd}`;
  }

  /** A path to what has that name in it. */
  entry(name: string): string {
    return `${this.place}/${name}`;
  }

  /** @throws PathChangedError when it is not, or no longer, where it should be */
  async verify(): Promise<void> {
    if ((await readlink(this.place)) !== this.path) throw new PathChangedError(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}

/** @throws UnsupportedPlatformError where the system does not show open files under `openFiles` */
export function requireHolding(openFiles: string = OPEN_FILES): void {
  if (!existsSync(openFiles)) throw new UnsupportedPlatformError(openFiles);
}

/**
 * The directory at a path without symbolic links.
 * @throws PathChangedError when there is one on the way after all
 */
export async function holdDirectory(path: string, signal: AbortSignal): Promise<HeldEntry> {
  requireHolding();
  let held = new HeldEntry(await open("/", HOLD_DIRECTORY), "/");
  try {
    for (const name of path.split("/").filter((each) => each !== "")) {
      signal.throwIfAborted();
      const next = await holdBelow(held, name, HOLD_DIRECTORY);
      await held[Symbol.asyncDispose]();
      held = next;
    }
    await held.verify();
    return held;
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

/** What has that name in a directory, be it what it may; a symbolic link is held itself. */
export async function holdEntry(directory: HeldEntry, name: string): Promise<HeldEntry> {
  const held = await holdBelow(directory, name, HOLD_ENTRY);
  try {
    await held.verify();
    return held;
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

export async function holdDirectoryBelow(directory: HeldEntry, name: string): Promise<HeldEntry> {
  return holdBelow(directory, name, HOLD_DIRECTORY);
}

async function holdBelow(directory: HeldEntry, name: string, flags: number): Promise<HeldEntry> {
  const path = join(directory.path, name);
  try {
    return new HeldEntry(await open(directory.entry(name), flags), path);
  } catch (cause) {
    if (systemCodeOf(cause) === "ENOTDIR" && (await isLink(directory, name)))
      throw new PathChangedError(path, { cause });
    throw cause;
  }
}

async function isLink(directory: HeldEntry, name: string): Promise<boolean> {
  try {
    await using held = new HeldEntry(await open(directory.entry(name), HOLD_ENTRY), join(directory.path, name));
    return (await held.handle.stat()).isSymbolicLink();
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return true;
    throw error;
  }
}
