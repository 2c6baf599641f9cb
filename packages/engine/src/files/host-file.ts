import { ftruncateSync, readSync, writeSync } from "node:fs";
import type { FileErrorCode, FileStat, GuestFile, NewTimes } from "./guest-files.ts";
import { answering } from "./host-errors.ts";
import type { HostHandle } from "./host-handle.ts";

/** An open regular file of the host. */
export class HostFile implements GuestFile {
  readonly #handle: HostHandle;

  constructor(handle: HostHandle) {
    this.#handle = handle;
  }

  stat(): FileStat {
    return this.#handle.stat();
  }

  setTimes(times: NewTimes): void {
    this.#handle.setTimes(times);
  }

  sync(): void {
    this.#handle.sync();
  }

  read(offset: bigint, most: number): Uint8Array {
    return answering(() => {
      const bytes = new Uint8Array(most);
      return bytes.subarray(0, readSync(this.#handle.fd, bytes, 0, most, position(offset)));
    });
  }

  write(offset: bigint, bytes: Uint8Array): void {
    answering(() => {
      let at = position(offset);
      for (let written = 0; written < bytes.length;) {
        const count = writeSync(this.#handle.fd, bytes, written, bytes.length - written, at);
        written += count;
        at += count;
      }
    });
  }

  setSize(size: bigint): void {
    answering(() => ftruncateSync(this.#handle.fd, position(size)));
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }
}

/** Node takes an offset it cannot represent for the place where the file happens to be. */
function position(offset: bigint): number {
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) throw "file-too-large" satisfies FileErrorCode;
  return Number(offset);
}
