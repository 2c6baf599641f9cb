import type { Dirent, Stats } from "node:fs";

export type EntryKind = "file" | "directory" | "symbolic-link" | "other";

export interface EntryStat {
  readonly kind: EntryKind;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly modifiedAt: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

export function kindOf(found: Dirent | Stats): EntryKind {
  if (found.isFile()) return "file";
  if (found.isDirectory()) return "directory";
  return found.isSymbolicLink() ? "symbolic-link" : "other";
}

export function statOf(found: Stats): EntryStat {
  return { kind: kindOf(found), size: found.size, modifiedAt: found.mtimeMs };
}
