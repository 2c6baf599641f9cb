import type { FileErrorCode, GuestFile } from "../files/guest-files.ts";
import { IoError } from "./error.ts";
import type { OpenHandles } from "./open-handles.ts";
import { type ByteSink, type ByteSource, STREAM_BUDGET } from "./streams.ts";

/*
 * Streams of a file are always ready: they take and give what a single operation of the file system does. They keep the file open that
 * they are of, also when the guest has dropped its descriptor.
 */

/** A file from an offset on. */
export class FileSource implements ByteSource {
  readonly what = "a file";
  readonly #file: GuestFile;
  readonly #openFiles: OpenHandles;
  #offset: bigint;

  constructor(file: GuestFile, offset: bigint, openFiles: OpenHandles) {
    this.#file = file;
    this.#offset = offset;
    this.#openFiles = openFiles;
    openFiles.share(file);
  }

  isReady(): boolean {
    return true;
  }

  read(most: number): Uint8Array | undefined {
    if (most === 0) return new Uint8Array();
    const bytes = telling(() => this.#file.read(this.#offset, most));
    this.#offset += BigInt(bytes.length);
    return bytes.length === 0 ? undefined : bytes;
  }

  [Symbol.dispose](): void {
    this.#openFiles.release(this.#file);
  }
}

/** A file from an offset on, or from wherever its end is at each write. */
export class FileSink implements ByteSink {
  readonly what = "a file";
  readonly #file: GuestFile;
  readonly #openFiles: OpenHandles;
  #offset: bigint | undefined;

  constructor(file: GuestFile, offset: bigint | undefined, openFiles: OpenHandles) {
    this.#file = file;
    this.#offset = offset;
    this.#openFiles = openFiles;
    openFiles.share(file);
  }

  isReady(): boolean {
    return true;
  }

  room(): number {
    return STREAM_BUDGET;
  }

  write(bytes: Uint8Array): void {
    telling(() => this.#file.write(this.#offset ?? this.#file.stat().size, bytes));
    if (this.#offset !== undefined) this.#offset += BigInt(bytes.length);
  }

  [Symbol.dispose](): void {
    this.#openFiles.release(this.#file);
  }
}

/** A stream has its own way of telling what a file was refused. */
function telling<T>(act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    if (typeof thrown !== "string") throw thrown;
    throw new IoError({ kind: "file", code: thrown as FileErrorCode });
  }
}
