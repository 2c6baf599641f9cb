import type { FileErrorCode, GuestDirectory } from "./guest-files.ts";

/*
 * Where a path leads, decided name by name: each is looked up in the directory that the names before it led to, and symbolic links
 * are expanded here and never by the system. `..` goes back to the directory the walk came from, not to whatever is the parent by
 * then. So nothing outside the directory where the walk began can be reached, whoever moves and replaces what during it.
 */

/** As Linux allows. */
const MAX_LINKS = 40;
const MAX_PATH_BYTES = 4_096;
const MAX_NAME_BYTES = 255;

/** Each is an open handle while the walk lasts. */
const MAX_DEPTH = 128;

/** Links may lead to paths that are long again. */
const MAX_STEPS = 1_000;

/** Where a path led. The directory is open until the place is disposed. */
export interface Place extends Disposable {
  readonly directory: GuestDirectory;
  /** The last name, which may name nothing; undefined when the path led to the directory itself. */
  readonly name: string | undefined;
  /** The path ended with a separator: what has the name has to be a directory. */
  readonly isDirectoryWanted: boolean;
}

/**
 * Follows a path from a directory. With `followLast`, a symbolic link under the last name is followed too.
 * Throws "not-permitted" for what would lead out of the directory: an absolute path or link, or too many `..`.
 */
export function walk(base: GuestDirectory, path: string, followLast: boolean): Place {
  const opened: GuestDirectory[] = [];
  const current = (): GuestDirectory => opened.at(-1) ?? base;
  const escape = (): never => {
    base.escaped?.(path);
    throw refused("not-permitted");
  };
  const dispose = (): void => {
    while (opened.length > 0) opened.pop()?.[Symbol.dispose]();
  };
  try {
    // The last is the next; an empty name at the end of a path says that it names a directory.
    const ahead = namesOf(path, escape).toReversed();
    let isDirectoryWanted = ahead[0] === "";
    let links = 0;
    for (let steps = 0; ahead.length > 0; steps += 1) {
      if (steps === MAX_STEPS) throw refused("loop");
      const name = ahead.pop() ?? "";
      if (name === "" || name === ".") continue;
      if (name === "..") {
        const left = opened.pop();
        if (left === undefined) return escape();
        left[Symbol.dispose]();
        continue;
      }
      const isLast = ahead.every((rest) => rest === "");
      if (isLast && !followLast) return { directory: current(), name, isDirectoryWanted, [Symbol.dispose]: dispose };
      const kind = isLast ? kindIfPresent(current(), name) : current().statEntry(name).kind;
      if (kind === "symbolic-link") {
        links += 1;
        if (links > MAX_LINKS) throw refused("loop");
        const target = namesOf(current().readLink(name), escape);
        if (isLast && target.at(-1) === "") isDirectoryWanted = true;
        ahead.push(...target.toReversed());
        continue;
      }
      if (isLast) return { directory: current(), name, isDirectoryWanted, [Symbol.dispose]: dispose };
      if (kind !== "directory") throw refused("not-directory");
      if (opened.length === MAX_DEPTH) throw refused("name-too-long");
      opened.push(current().openDirectory(name));
    }
    return { directory: current(), name: undefined, isDirectoryWanted: true, [Symbol.dispose]: dispose };
  } catch (thrown) {
    dispose();
    throw thrown;
  }
}

/** Whether a symbolic link, made where a path has led, would by its own words lead out of the directory where that path began. */
export function leadsOut(linkPath: string, target: string): boolean {
  if (target.startsWith("/")) return true;
  let depth = depthAfter(0, linkPath.split("/").slice(0, -1));
  for (const name of target.split("/")) {
    depth = depthAfter(depth, [name]);
    if (depth < 0) return true;
  }
  return false;
}

function depthAfter(start: number, names: readonly string[]): number {
  return names.reduce((depth, name) => (name === "" || name === "." ? depth : depth + (name === ".." ? -1 : 1)), start);
}

/** The names of a relative path. */
function namesOf(path: string, escape: () => never): string[] {
  if (path === "") throw refused("no-entry");
  if (path.startsWith("/")) escape();
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw refused("name-too-long");
  const names = path.split("/");
  for (const name of names) {
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw refused("name-too-long");
    if (!isPortable(name)) throw refused("invalid");
  }
  return names;
}

/** Names that mean more than themselves to some system: other separators, drives, streams, the end of a string in C. */
function isPortable(name: string): boolean {
  return !name.includes("\0") && (process.platform !== "win32" || !/[\\:]/.test(name));
}

function kindIfPresent(directory: GuestDirectory, name: string): string | undefined {
  try {
    return directory.statEntry(name).kind;
  } catch (thrown) {
    if (thrown === ("no-entry" satisfies FileErrorCode)) return undefined;
    throw thrown;
  }
}

function refused(code: FileErrorCode): FileErrorCode {
  return code;
}
