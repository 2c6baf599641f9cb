import type { FileAction } from "@airssys/security";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Authorize } from "../authorization.ts";
import { file } from "../describe.ts";
import { systemCodeOf } from "../errors.ts";

/** A path without symbolic links, taken apart. */
export interface ResolvedPath {
  readonly path: string;
  readonly parent: string;
  readonly name: string;
}

/** Where the path leads, if policy grants that too. Of what is not there, where it would be. */
export async function resolveTarget(path: string, action: FileAction, authorize: Authorize): Promise<ResolvedPath> {
  return granted(await realTarget(path), path, action, authorize);
}

/** The place that has the name, without following a symbolic link that is there. */
export async function resolveName(path: string, action: FileAction, authorize: Authorize): Promise<ResolvedPath> {
  return granted(await realName(path), path, action, authorize);
}

async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return realName(path);
    throw error;
  }
}

async function realName(path: string): Promise<string> {
  return join(await realpath(dirname(path)), basename(path));
}

function granted(path: string, asked: string, action: FileAction, authorize: Authorize): ResolvedPath {
  // The path as it was written is granted already.
  if (path !== asked) authorize(file(action, path));
  return { path, parent: dirname(path), name: basename(path) };
}
