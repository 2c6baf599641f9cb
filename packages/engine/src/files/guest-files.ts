/*
 * What a guest's files are: a capability, handed to the instance as a value. Whoever lacks a handle cannot name a file, and whoever
 * holds one reaches what is below it and nothing else: every function takes one name within one directory, never a path. Paths, `..`
 * and symbolic links are the business of `path-walk.ts`, once for all kinds of files.
 *
 * Everything is synchronous and throws a FileErrorCode, as a plain value, for what a guest is to be told. An Error is the host's own
 * failure and kills the instance.
 */

/** What can go wrong with a file, in the words of `wasi:filesystem/types`. */
export type FileErrorCode =
  | "access"
  | "would-block"
  | "already"
  | "bad-descriptor"
  | "busy"
  | "deadlock"
  | "quota"
  | "exist"
  | "file-too-large"
  | "illegal-byte-sequence"
  | "in-progress"
  | "interrupted"
  | "invalid"
  | "io"
  | "is-directory"
  | "loop"
  | "too-many-links"
  | "message-size"
  | "name-too-long"
  | "no-device"
  | "no-entry"
  | "no-lock"
  | "insufficient-memory"
  | "insufficient-space"
  | "not-directory"
  | "not-empty"
  | "not-recoverable"
  | "unsupported"
  | "no-tty"
  | "no-such-device"
  | "overflow"
  | "not-permitted"
  | "pipe"
  | "read-only"
  | "invalid-seek"
  | "text-file-busy"
  | "cross-device";

/** What is there under a name. */
export type FileKind =
  | "unknown"
  | "block-device"
  | "character-device"
  | "directory"
  | "fifo"
  | "symbolic-link"
  | "regular-file"
  | "socket";

/** Times are nanoseconds since the Unix epoch; undefined where they are not kept. */
export interface FileStat {
  readonly kind: FileKind;
  readonly size: bigint;
  readonly linkCount: bigint;
  readonly accessedAt: bigint | undefined;
  readonly modifiedAt: bigint | undefined;
  readonly changedAt: bigint | undefined;
  /** The same for two handles on one thing, and for no two things that exist at once. */
  readonly identity: string;
}

/** Times to set, in nanoseconds since the Unix epoch; undefined leaves one as it is. */
export interface NewTimes {
  readonly accessedAt: bigint | undefined;
  readonly modifiedAt: bigint | undefined;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}

/** One reading of a directory, in no particular order, without `.` and `..`. */
export interface DirectoryListing extends Disposable {
  /** The next entry, or undefined after the last. */
  next(): DirectoryEntry | undefined;
}

export interface OpenFileOptions {
  /** Open it for writing too. */
  readonly write: boolean;
  /** Create it if it is missing. */
  readonly create: boolean;
  /** Throw "exist" if it is there; only with `create`. */
  readonly exclusive: boolean;
  /** Empty it; only with `write`. */
  readonly truncate: boolean;
}

/** An open regular file. */
export interface GuestFile extends Disposable {
  stat(): FileStat;
  /** Bytes from an offset on, at most that many; none at or after its end. */
  read(offset: bigint, most: number): Uint8Array;
  /** Writes all of the bytes; what lies between its end and the offset becomes zeroes. */
  write(offset: bigint, bytes: Uint8Array): void;
  setSize(size: bigint): void;
  setTimes(times: NewTimes): void;
  /** Returns when what was written is on the disk. */
  sync(): void;
}

/**
 * An open directory. Each name is one segment of a path: not empty, not `.` or `..`, without a separator. No function follows a symbolic
 * link, also not one that takes the place of something else at the last moment.
 */
export interface GuestDirectory extends Disposable {
  stat(): FileStat;
  setTimes(times: NewTimes): void;
  sync(): void;
  /** Another handle on this directory. */
  reopen(): GuestDirectory;
  list(): DirectoryListing;

  /** Of what has the name, a symbolic link itself included. */
  statEntry(name: string): FileStat;
  setEntryTimes(name: string, times: NewTimes): void;
  openDirectory(name: string): GuestDirectory;
  openFile(name: string, options: OpenFileOptions): GuestFile;
  readLink(name: string): string;
  createDirectory(name: string): void;
  createLink(name: string, target: string): void;
  removeDirectory(name: string): void;
  removeFile(name: string): void;
  /** Gives an entry a second name; "cross-device" where the other directory is of another kind of files. */
  linkEntry(name: string, to: GuestDirectory, newName: string): void;
  moveEntry(name: string, to: GuestDirectory, newName: string): void;
  /** Told of a path that would have led out of this directory, or of a link that would, which was refused. */
  escaped?(path: string): void;
}

/** Files below one root. */
export interface GuestFileSystem {
  /** A handle on the root, the caller's to dispose. */
  openRoot(): GuestDirectory;
}
