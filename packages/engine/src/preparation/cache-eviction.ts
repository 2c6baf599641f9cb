import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "./cache-directory.ts";

/** The files of one entry of the cache: the artifact, and the compiled code of its script for each V8 that ran it. */
export interface StoredEntry {
  readonly key: string;
  /** The names of its files, the artifact first: without that, the others mean nothing. */
  readonly names: readonly string[];
  readonly bytes: number;
  /** When it was last used, in milliseconds since the Unix epoch. */
  readonly usedAt: number;
}

/** Those to remove so that the others take at most that many bytes: the least recently used first, and none that is in use. */
export function evicted(
  entries: readonly StoredEntry[],
  cacheBytes: number,
  isInUse: (key: string) => boolean,
): readonly StoredEntry[] {
  let excess = entries.reduce((sum, { bytes }) => sum + bytes, 0) - cacheBytes;
  return entries
    .filter(({ key }) => !isInUse(key))
    .toSorted((one, other) => one.usedAt - other.usedAt)
    .filter(({ bytes }) => {
      if (excess <= 0) return false;
      excess -= bytes;
      return true;
    });
}

/** Only what the cache itself wrote; whatever else is in the directory stays. */
const ENTRY_FILE = /^(?<key>[0-9a-f]{64})\.artifact(?<companion>\.v8-[0-9a-f]+)?$/;

/** What the directory holds. An entry that another process removes meanwhile is not there. */
export async function storedEntries(directory: string): Promise<readonly StoredEntry[]> {
  const found = await Promise.all((await readdir(directory)).map((name) => storedFile(directory, name)));
  const entries = new Map<string, StoredEntry>();
  for (const file of found) {
    if (file === undefined) continue;
    const known = entries.get(file.key);
    if (known === undefined) {
      entries.set(file.key, { key: file.key, names: [file.name], bytes: file.bytes, usedAt: file.usedAt });
      continue;
    }
    entries.set(file.key, {
      key: file.key,
      names: file.isArtifact ? [file.name, ...known.names] : [...known.names, file.name],
      bytes: known.bytes + file.bytes,
      usedAt: Math.max(known.usedAt, file.usedAt),
    });
  }
  return [...entries.values()];
}

interface StoredFile {
  readonly key: string;
  readonly name: string;
  readonly isArtifact: boolean;
  readonly bytes: number;
  readonly usedAt: number;
}

async function storedFile(directory: string, name: string): Promise<StoredFile | undefined> {
  const { key, companion } = ENTRY_FILE.exec(name)?.groups ?? {};
  if (key === undefined) return undefined;
  try {
    const { size, mtimeMs } = await stat(join(directory, name));
    return { key, name, isArtifact: companion === undefined, bytes: size, usedAt: mtimeMs };
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/**
 * Removes an entry. Whoever is using it elsewhere has read it whole, or finds nothing and prepares it again; a process that dies on
 * the way leaves an entry without artifact, which counts as absent and is evicted in its turn. What the file system keeps, stays.
 */
export async function removeEntry(directory: string, { names }: StoredEntry): Promise<void> {
  for (const name of names) {
    try {
      await rm(join(directory, name), { force: true });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return;
    }
  }
}
