import type { FileHandle } from "node:fs/promises";
import { LimitExceededError } from "../errors.ts";

const CHUNK_BYTES = 65_536;

/**
 * All that is in the file, one piece at a time.
 * @throws LimitExceededError when it is more than `most`, whatever size the file is said to have
 */
export async function* piecesOf(
  file: FileHandle,
  path: string,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { size } = await file.stat();
  if (size > most) throw new LimitExceededError(path, most, "bytes");
  let at = 0;
  for (;;) {
    signal.throwIfAborted();
    const piece = new Uint8Array(Math.min(CHUNK_BYTES, most + 1 - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    if (at > most) throw new LimitExceededError(path, most, "bytes");
    yield piece.subarray(0, bytesRead);
  }
}

export async function writeAll(file: FileHandle, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    signal.throwIfAborted();
    const { bytesWritten } = await file.write(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at));
    at += bytesWritten;
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
