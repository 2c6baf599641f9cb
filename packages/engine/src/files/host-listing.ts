import { type Dir, opendirSync } from "node:fs";
import type { DirectoryEntry, DirectoryListing, FileErrorCode } from "./guest-files.ts";
import { answering } from "./host-errors.ts";
import { kindOf } from "./host-handle.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a directory bit by bit, however large it is. */
export class HostListing implements DirectoryListing {
  #directory: Dir | undefined;

  constructor(path: string) {
    // Byte for byte: a name may be anything on Linux.
    this.#directory = opendirSync(path, { encoding: "latin1" });
  }

  /** Throws "illegal-byte-sequence" for a name that a guest could not name; the next call goes on after it. */
  next(): DirectoryEntry | undefined {
    const directory = this.#directory;
    if (directory === undefined) throw "bad-descriptor" satisfies FileErrorCode;
    const found = answering(() => directory.readSync());
    if (found === null) return undefined;
    return { name: nameOf(found.name), kind: kindOf(found) };
  }

  [Symbol.dispose](): void {
    this.#directory?.closeSync();
    this.#directory = undefined;
  }
}

function nameOf(bytes: string): string {
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    throw "illegal-byte-sequence" satisfies FileErrorCode;
  }
}
