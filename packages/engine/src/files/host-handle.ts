import { type BigIntStats, closeSync, fstatSync, fsyncSync, futimesSync } from "node:fs";
import type { FileErrorCode, FileKind, FileStat, NewTimes } from "./guest-files.ts";
import { answering } from "./host-errors.ts";

/**
 * A file descriptor of the host, and what can be done with one whatever it is of. Once closed it is never used again: the system gives its
 * number to the next file that anybody in the process opens.
 */
export class HostHandle implements Disposable {
  #fd: number | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Throws "bad-descriptor" once it is closed. */
  get fd(): number {
    if (this.#fd === undefined) throw "bad-descriptor" satisfies FileErrorCode;
    return this.#fd;
  }

  stat(): FileStat {
    return answering(() => statOf(fstatSync(this.fd, { bigint: true })));
  }

  setTimes(times: NewTimes): void {
    answering(() => futimesSync(this.fd, ...secondsOf(times, () => this.stat())));
  }

  sync(): void {
    answering(() => fsyncSync(this.fd));
  }

  [Symbol.dispose](): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }
}

/** Node sets both times or none, in seconds: what is to stay is set to what it is. Precise to about a microsecond. */
export function secondsOf(times: NewTimes, stat: () => FileStat): [accessed: number, modified: number] {
  const old = times.accessedAt === undefined || times.modifiedAt === undefined ? stat() : undefined;
  return [secondsFrom(times.accessedAt ?? old?.accessedAt), secondsFrom(times.modifiedAt ?? old?.modifiedAt)];
}

function secondsFrom(nanoseconds = 0n): number {
  return Number(nanoseconds) / 1e9;
}

export function statOf(stats: BigIntStats): FileStat {
  return {
    kind: kindOf(stats),
    size: stats.size,
    linkCount: stats.nlink,
    accessedAt: stats.atimeNs,
    modifiedAt: stats.mtimeNs,
    changedAt: stats.ctimeNs,
    identity: `host ${stats.dev} ${stats.ino}`,
  };
}

/** What Node tells of a file's kind, with all that it knows of it or with its entry in a directory only. */
export interface NodeKind {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isBlockDevice(): boolean;
  isCharacterDevice(): boolean;
}

export function kindOf(found: NodeKind): FileKind {
  if (found.isFile()) return "regular-file";
  if (found.isDirectory()) return "directory";
  if (found.isSymbolicLink()) return "symbolic-link";
  if (found.isFIFO()) return "fifo";
  if (found.isSocket()) return "socket";
  if (found.isBlockDevice()) return "block-device";
  return found.isCharacterDevice() ? "character-device" : "unknown";
}
