import type { FileAction } from "@airssys/security";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { file } from "../describe.ts";
import { AccessClosedError, asOslError, InvalidOperationError, LimitExceededError } from "../errors.ts";
import type { FileOperation, OpenMode } from "../operation.ts";
import type { Performing } from "../performing.ts";
import { openExisting, openForWriting, openNew } from "./open-file.ts";
import { type ResolvedPath, resolveName, resolveTarget } from "./resolved-path.ts";

const SUBJECT = "file.open";

/**
 * An open file, of which each read and each write is decided on anew: what is taken back is refused at once, though the file is open. It is
 * closed when its actor stops.
 */
export class OsFile implements AsyncDisposable {
  /** Where it was when it was opened, links followed. */
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #mode: OpenMode;
  readonly #performing: Performing;
  #isClosed = false;

  constructor(handle: FileHandle, path: string, mode: OpenMode, performing: Performing) {
    this.#handle = handle;
    this.path = path;
    this.#mode = mode;
    this.#performing = performing;
  }

  /** At most so many bytes from an offset on; fewer at its end, none behind it. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const { charge, limits } = this.#performing;
    this.#demand("read");
    checkPlace("offset", offset);
    checkPlace("length", length);
    if (length > limits.fileBytes) throw new LimitExceededError(this.path, limits.fileBytes, "bytes");
    return this.#attempt(async () => {
      const { size } = await this.#handle.stat();
      const bytes = new Uint8Array(Math.min(length, Math.max(size - offset, 0)));
      const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, offset);
      await charge(bytesRead, 0);
      return bytes.subarray(0, bytesRead);
    });
  }

  /** Writes all of it at an offset; what lies between its end and the offset becomes zeroes. */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const { charge, limits } = this.#performing;
    this.#demand("write");
    checkPlace("offset", offset);
    if (offset + bytes.length > limits.fileBytes) throw new LimitExceededError(this.path, limits.fileBytes, "bytes");
    await charge(0, bytes.length);
    await this.#attempt(async () => {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at, offset + at);
        at += bytesWritten;
      }
    });
  }

  /** Done when what was written is on the device. */
  async flush(): Promise<void> {
    this.#demandOpen();
    await this.#attempt(() => this.#handle.datasync());
  }

  /** In bytes. */
  async size(): Promise<number> {
    this.#demandOpen();
    return this.#attempt(async () => (await this.#handle.stat()).size);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#performing.open.release(this);
    await this.#handle.close();
  }

  #demand(action: FileAction & ("read" | "write")): void {
    this.#demandOpen();
    const lacks = action === "write" ? this.#mode === "read" : this.#mode === "create" || this.#mode === "create-new";
    if (lacks) throw new InvalidOperationError(SUBJECT, "mode", `a file that is open to ${action}`, this.#mode);
    this.#performing.authorize(file(action, this.path));
  }

  #demandOpen(): void {
    if (this.#isClosed) throw new AccessClosedError(this.path);
  }

  async #attempt<Value>(act: () => Promise<Value>): Promise<Value> {
    try {
      return await act();
    } catch (error) {
      throw asOslError(SUBJECT, error);
    }
  }
}

export async function openFile(
  { path, mode }: FileOperation & { readonly kind: "file.open" },
  performing: Performing,
): Promise<OsFile> {
  const resolved = await resolve(path, mode, performing);
  return performing.open.hold(async () => {
    const handle = await handleFor(resolved, mode, performing.signal);
    return new OsFile(handle, resolved.path, mode, performing);
  });
}

async function resolve(path: string, mode: OpenMode, { authorize }: Performing): Promise<ResolvedPath> {
  switch (mode) {
    case "read":
      return resolveTarget(path, "read", authorize);
    case "read-write": {
      await resolveTarget(path, "read", authorize);
      return resolveTarget(path, "write", authorize);
    }
    case "create":
      return resolveTarget(path, "write", authorize);
    case "create-new":
      return resolveName(path, "write", authorize);
  }
}

function handleFor(resolved: ResolvedPath, mode: OpenMode, signal: AbortSignal): Promise<FileHandle> {
  switch (mode) {
    case "read":
      return openExisting(resolved, constants.O_RDONLY, signal);
    case "read-write":
      return openExisting(resolved, constants.O_RDWR, signal);
    case "create":
      return openForWriting(resolved, signal);
    case "create-new":
      return openNew(resolved, signal);
  }
}

function checkPlace(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidOperationError(SUBJECT, field, "a whole number from 0", String(value));
}
