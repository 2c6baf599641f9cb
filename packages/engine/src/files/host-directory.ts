import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { BadOptionError } from "../errors.ts";
import type {
  DirectoryListing,
  FileErrorCode,
  FileStat,
  GuestDirectory,
  GuestFile,
  GuestFileSystem,
  NewTimes,
  OpenFileOptions,
} from "./guest-files.ts";
import { answering } from "./host-errors.ts";
import { HostFile } from "./host-file.ts";
import { HostHandle, secondsOf, statOf } from "./host-handle.ts";
import { HostListing } from "./host-listing.ts";

/*
 * Linux shows every open file of a process under this path, and a name below an open directory there is looked up in that directory,
 * wherever it has been moved. That makes of Node's functions, which take paths only, the `openat` family: a name is resolved in a
 * directory that is held open, and no other process can slip a symbolic link into the way to it. Elsewhere a directory is its path,
 * compared before each use with the one that was opened; between the two another process can exchange it.
 */
const OPEN_FILES = "/proc/self/fd";

/** Missing on Windows, where a link is found out by looking before opening. */
const { O_NOFOLLOW = 0, O_DIRECTORY = 0, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants as Partial<typeof constants>;

/** A directory of the host and all that is below it. What is a symbolic link to somewhere else is not. */
export class HostFileSystem implements GuestFileSystem {
  readonly #root: string;
  readonly #holdsOpen: boolean;

  /**
   * Throws BadOptionError when there is no such directory. `holdsOpen` says whether directories can be reached by being held open, and
   * is found out where it is not given.
   */
  constructor(path: string, holdsOpen: boolean = existsSync(OPEN_FILES)) {
    try {
      this.#root = realpathSync(path);
      if (!lstatSync(this.#root).isDirectory()) throw new BadOptionError("path", "the path of a directory", path);
    } catch (cause) {
      if (cause instanceof BadOptionError) throw cause;
      throw new BadOptionError("path", "the path of a directory", path, { cause });
    }
    this.#holdsOpen = holdsOpen;
  }

  /** Of the directory, links resolved. */
  get path(): string {
    return this.#root;
  }

  openRoot(): GuestDirectory {
    return answering(() => new HostDirectory(openDirectoryAt(this.#root), this.#root, this.#holdsOpen));
  }
}

function openDirectoryAt(path: string): number {
  return openSync(path, constants.O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

class HostDirectory implements GuestDirectory {
  readonly #handle: HostHandle;
  readonly #path: string;
  readonly #holdsOpen: boolean;

  constructor(fd: number, path: string, holdsOpen: boolean) {
    this.#handle = new HostHandle(fd);
    this.#path = path;
    this.#holdsOpen = holdsOpen;
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

  reopen(): GuestDirectory {
    // The path of an open directory is itself a link, which has to be followed.
    return answering(() => this.#opened(openSync(`${this.#place()}/.`, constants.O_RDONLY | O_DIRECTORY), this.#path));
  }

  list(): DirectoryListing {
    return answering(() => new HostListing(this.#place()));
  }

  statEntry(name: string): FileStat {
    return answering(() => statOf(lstatSync(this.#entry(name), { bigint: true })));
  }

  setEntryTimes(name: string, times: NewTimes): void {
    answering(() => lutimesSync(this.#entry(name), ...secondsOf(times, () => this.statEntry(name))));
  }

  openDirectory(name: string): GuestDirectory {
    return answering(() => {
      const path = this.#entry(name);
      if (lstatSync(path).isSymbolicLink()) throw "not-directory" satisfies FileErrorCode;
      return this.#opened(openDirectoryAt(path), join(this.#path, name));
    });
  }

  /** Never opens what is no regular file: opening a pipe can wait for ever, opening a device can do something. */
  openFile(name: string, { write, create, exclusive, truncate }: OpenFileOptions): GuestFile {
    return answering(() => {
      const path = this.#entry(name);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined && !create) throw "no-entry" satisfies FileErrorCode;
      if (found !== undefined && !found.isFile()) throw unopenable(statOf(lstatSync(path, { bigint: true })));
      const flags =
        (write ? constants.O_RDWR : constants.O_RDONLY) |
        (create ? constants.O_CREAT : 0) |
        (exclusive ? constants.O_EXCL : 0) |
        (truncate ? constants.O_TRUNC : 0);
      const fd = openSync(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
      const opened = fstatSync(fd, { bigint: true });
      if (opened.isFile()) return new HostFile(new HostHandle(fd));
      closeSync(fd);
      throw unopenable(statOf(opened));
    });
  }

  readLink(name: string): string {
    return answering(() => readlinkSync(this.#entry(name)));
  }

  createDirectory(name: string): void {
    answering(() => mkdirSync(this.#entry(name)));
  }

  createLink(name: string, target: string): void {
    answering(() => symlinkSync(target, this.#entry(name)));
  }

  removeDirectory(name: string): void {
    answering(() => rmdirSync(this.#entry(name)));
  }

  removeFile(name: string): void {
    answering(() => {
      const path = this.#entry(name);
      if (lstatSync(path).isDirectory()) throw "is-directory" satisfies FileErrorCode;
      unlinkSync(path);
    });
  }

  linkEntry(name: string, to: GuestDirectory, newName: string): void {
    answering(() => linkSync(this.#entry(name), entryOf(to, newName)));
  }

  moveEntry(name: string, to: GuestDirectory, newName: string): void {
    answering(() => renameSync(this.#entry(name), entryOf(to, newName)));
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }

  #opened(fd: number, path: string): HostDirectory {
    return new HostDirectory(fd, path, this.#holdsOpen);
  }

  /** A path to this directory, whatever happened to it since it was opened. */
  #place(): string {
    if (this.#holdsOpen) return `${OPEN_FILES}/${this.#handle.fd}`;
    const [opened, found] = [fstatSync(this.#handle.fd), lstatSync(this.#path, { throwIfNoEntry: false })];
    if (found?.dev !== opened.dev || found.ino !== opened.ino) throw "no-entry" satisfies FileErrorCode;
    return this.#path;
  }

  #entry(name: string): string {
    return `${this.#place()}/${name}`;
  }

  static entryOf(directory: HostDirectory, name: string): string {
    return directory.#entry(name);
  }
}

function entryOf(directory: GuestDirectory, name: string): string {
  if (!(directory instanceof HostDirectory)) throw "cross-device" satisfies FileErrorCode;
  return HostDirectory.entryOf(directory, name);
}

function unopenable({ kind }: FileStat): FileErrorCode {
  if (kind === "directory") return "is-directory";
  return kind === "symbolic-link" ? "loop" : "not-permitted";
}
