import { rename, unlink } from "node:fs/promises";
import { systemCodeOf, UnsuitableFileError } from "../errors.ts";
import type { FileOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import { type EntryStat, statOf } from "./entry-stat.ts";
import { joined, piecesOf, writeAll } from "./file-bytes.ts";
import { holdDirectory, holdEntry } from "./held-entry.ts";
import { holdFile, openForAppending, openForReading } from "./open-file.ts";
import { type ResolvedPath, resolveName, resolveTarget } from "./resolved-path.ts";

export async function readWhole(
  { path, mostBytes = Infinity }: FileOperation & { readonly kind: "file.read" },
  { authorize, signal, limits, charge }: Performing,
): Promise<Uint8Array> {
  const resolved = await resolveTarget(path, "read", authorize);
  await using file = await openForReading(resolved, signal);
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(file, path, Math.min(mostBytes, limits.fileBytes), signal)) {
    await charge(piece.length, 0);
    pieces.push(piece);
  }
  return joined(pieces);
}

export async function appendBytes(
  { path, bytes }: FileOperation & { readonly kind: "file.append" },
  { authorize, signal, charge }: Performing,
): Promise<void> {
  const resolved = await resolveTarget(path, "write", authorize);
  await charge(0, bytes.length);
  await using file = await openForAppending(resolved, signal);
  await writeAll(file, bytes, signal);
}

export async function deleteFile(path: string, { authorize, signal }: Performing): Promise<void> {
  const { parent, name } = await resolveName(path, "delete", authorize);
  await using directory = await holdDirectory(parent, signal);
  // The system refuses directories here.
  await unlink(directory.entry(name));
}

export async function statEntry(path: string, { authorize, signal }: Performing): Promise<EntryStat> {
  return statResolved(await resolveTarget(path, "read", authorize), signal);
}

export async function exists(path: string, performing: Performing): Promise<boolean> {
  try {
    await statEntry(path, performing);
    return true;
  } catch (error) {
    const systemCode = systemCodeOf(error);
    if (systemCode === "ENOENT" || systemCode === "ENOTDIR") return false;
    throw error;
  }
}

async function statResolved({ path, parent, name }: ResolvedPath, signal: AbortSignal): Promise<EntryStat> {
  await using directory = await holdDirectory(parent, signal);
  if (path === "/") return statOf(await directory.handle.stat());
  await using held = await holdEntry(directory, name);
  return statOf(await held.handle.stat());
}

export async function renameFile(path: string, to: string, { authorize, signal }: Performing): Promise<void> {
  const source = await resolveName(path, "delete", authorize);
  const target = await resolveName(to, "write", authorize);
  await using from = await holdDirectory(source.parent, signal);
  await using into = await holdDirectory(target.parent, signal);
  await using held = await holdFile(from, source.name);
  signal.throwIfAborted();
  await held.verify();
  await rename(from.entry(source.name), into.entry(target.name));
}

export async function copyFile(path: string, to: string, performing: Performing): Promise<void> {
  const { authorize, signal, limits, charge } = performing;
  const source = await resolveTarget(path, "read", authorize);
  const target = await resolveTarget(to, "write", authorize);
  // Opening the target empties it.
  if (source.path === target.path) throw new UnsuitableFileError(to, "file other than the one that is copied", "same");
  await using from = await openForReading(source, signal);
  await using into = await openForAppending(target, signal);
  const [one, other] = [await from.stat(), await into.stat()];
  if (one.dev === other.dev && one.ino === other.ino)
    throw new UnsuitableFileError(to, "file other than the one that is copied", "second name of it");
  await into.truncate(0);
  for await (const piece of piecesOf(from, path, limits.fileBytes, signal)) {
    await charge(piece.length, piece.length);
    await writeAll(into, piece, signal);
  }
}
