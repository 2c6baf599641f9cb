import { access, mkdir, opendir, rmdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { file } from "../describe.ts";
import { LimitExceededError, systemCodeOf } from "../errors.ts";
import type { Performing } from "../performing.ts";
import { type DirectoryEntry, kindOf } from "./entry-stat.ts";
import { type HeldEntry, holdDirectory, holdDirectoryBelow } from "./held-entry.ts";
import { resolveName, resolveTarget } from "./resolved-path.ts";

/** Each is a handle that is open while what is below it is looked at. */
const DEEPEST = 128;

export async function listDirectory(path: string, performing: Performing): Promise<readonly DirectoryEntry[]> {
  const { authorize, signal } = performing;
  const resolved = await resolveTarget(path, "list", authorize);
  await using held = await holdDirectory(resolved.path, signal);
  return await entriesOf(held, { left: performing.limits.directoryEntries }, performing);
}

export async function createDirectory(path: string, withParents: boolean, performing: Performing): Promise<void> {
  if (withParents) return createPath(path, performing);
  const { authorize, signal } = performing;
  const { parent, name } = await resolveName(path, "write", authorize);
  await using held = await holdDirectory(parent, signal);
  await mkdir(held.entry(name), 0o700);
}

/** From the first directory above it that is there, one after the other: each is asked for by itself, and only if it has to be made. */
async function createPath(path: string, performing: Performing): Promise<void> {
  const missing: string[] = [];
  let there = path;
  while (!(await isDirectory(there))) {
    missing.unshift(there);
    there = dirname(there);
  }
  for (const each of missing) {
    performing.signal.throwIfAborted();
    performing.authorize(file("write", each));
    try {
      await createDirectory(each, false, performing);
    } catch (error) {
      // Somebody else was faster.
      if (systemCodeOf(error) !== "EEXIST" || !(await isDirectory(each))) throw error;
    }
  }
}

/** Whether there is a directory, links followed. @throws what the system says when there is something else */
async function isDirectory(path: string): Promise<boolean> {
  try {
    // With a slash at its end, a path is one of a directory.
    await access(path === "/" ? path : `${path}/`);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return false;
    throw error;
  }
}

export async function removeDirectory(path: string, recursive: boolean, performing: Performing): Promise<void> {
  const { authorize, signal } = performing;
  const { parent, name } = await resolveName(path, "delete", authorize);
  await using held = await holdDirectory(parent, signal);
  if (recursive) {
    await using directory = await holdDirectoryBelow(held, name);
    const plan = await planRemoval(directory, { left: performing.limits.directoryEntries }, DEEPEST, performing);
    await removeAll(directory, plan, signal);
  }
  await rmdir(held.entry(name));
}

/** What is to be removed from a directory: what has come since is not on it, and makes the removal fail instead. */
type RemovalPlan = readonly { readonly name: string; readonly below: RemovalPlan | undefined }[];

async function planRemoval(
  directory: HeldEntry,
  budget: { left: number },
  depth: number,
  performing: Performing,
): Promise<RemovalPlan> {
  if (depth === 0) throw new LimitExceededError(directory.path, DEEPEST, "folders in one another");
  const plan: { readonly name: string; readonly below: RemovalPlan | undefined }[] = [];
  for (const { name, kind } of await entriesOf(directory, budget, performing)) {
    performing.authorize(file("delete", join(directory.path, name)));
    if (kind === "directory") {
      await using below = await holdDirectoryBelow(directory, name);
      plan.push({ name, below: await planRemoval(below, budget, depth - 1, performing) });
    } else {
      plan.push({ name, below: undefined });
    }
  }
  return plan;
}

async function removeAll(directory: HeldEntry, plan: RemovalPlan, signal: AbortSignal): Promise<void> {
  for (const { name, below } of plan) {
    signal.throwIfAborted();
    if (below === undefined) {
      await unlink(directory.entry(name));
    } else {
      await using held = await holdDirectoryBelow(directory, name);
      await removeAll(held, below, signal);
      await rmdir(directory.entry(name));
    }
  }
}

async function entriesOf(
  directory: HeldEntry,
  budget: { left: number },
  { signal, limits }: Performing,
): Promise<readonly DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  for await (const found of await opendir(directory.place)) {
    signal.throwIfAborted();
    if (budget.left === 0) throw new LimitExceededError(directory.path, limits.directoryEntries, "entries");
    budget.left -= 1;
    entries.push({ name: found.name, kind: kindOf(found) });
  }
  return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
