import type {
  DirectoryEntry,
  DirectoryListing,
  FileErrorCode,
  FileStat,
  GuestDirectory,
  GuestFile,
  GuestFileSystem,
  NewTimes,
  OpenFileOptions,
} from "@airssys/engine";
import type { FileAction } from "@airssys/security";
import type { ComponentAccess } from "../access/component-access.ts";

/*
 * Files as `wasi:filesystem` sees them: each name that a guest uses is a path of the machine, and what is done to it is decided on as
 * such. The engine's walk goes through one name after the other and follows no link by itself, so a path is where its last name really
 * is. Passing through folders and looking at what lies on the way to something granted is not recorded; opening, listing and changing is.
 */

/** What a guest may make of one file, in bytes. */
const MOST_BYTES = 2n ** 30n;

/** The files below a directory, as far as they are granted. */
export class GrantedFileSystem implements GuestFileSystem {
  readonly #files: GuestFileSystem;
  readonly #path: string;
  readonly #access: ComponentAccess;

  /** `path` is where the root of these files is, links resolved. */
  constructor(files: GuestFileSystem, path: string, access: ComponentAccess) {
    this.#files = files;
    this.#path = path;
    this.#access = access;
  }

  openRoot(): GuestDirectory {
    return new GrantedDirectory(this.#files.openRoot(), this.#path, this.#access);
  }
}

class GrantedDirectory implements GuestDirectory {
  readonly #directory: GuestDirectory;
  readonly #path: string;
  readonly #access: ComponentAccess;

  constructor(directory: GuestDirectory, path: string, access: ComponentAccess) {
    this.#directory = directory;
    this.#path = path;
    this.#access = access;
  }

  stat(): FileStat {
    return this.#directory.stat();
  }

  setTimes(times: NewTimes): void {
    demand(this.#access, "write", this.#path);
    this.#directory.setTimes(times);
  }

  sync(): void {
    this.#directory.sync();
  }

  reopen(): GuestDirectory {
    return new GrantedDirectory(this.#directory.reopen(), this.#path, this.#access);
  }

  list(): DirectoryListing {
    demand(this.#access, "list", this.#path);
    return new GrantedListing(this.#directory.list(), () => holdOn(this.#access, "list", this.#path));
  }

  statEntry(name: string): FileStat {
    this.#pass(name);
    return this.#directory.statEntry(name);
  }

  setEntryTimes(name: string, times: NewTimes): void {
    demand(this.#access, "write", this.#at(name));
    this.#directory.setEntryTimes(name, times);
  }

  openDirectory(name: string): GuestDirectory {
    this.#pass(name);
    return new GrantedDirectory(this.#directory.openDirectory(name), this.#at(name), this.#access);
  }

  openFile(name: string, options: OpenFileOptions): GuestFile {
    const path = this.#at(name);
    const isChanged = options.write || options.create || options.truncate;
    demand(this.#access, isChanged ? "write" : "read", path);
    return new GrantedFile(this.#directory.openFile(name, options), path, this.#access);
  }

  readLink(name: string): string {
    this.#pass(name);
    return this.#directory.readLink(name);
  }

  createDirectory(name: string): void {
    demand(this.#access, "write", this.#at(name));
    this.#directory.createDirectory(name);
  }

  /** Never: by a link of one component another could be led astray. */
  createLink(name: string): void {
    this.#forbid("write", this.#at(name), "components make no links");
  }

  removeDirectory(name: string): void {
    demand(this.#access, "delete", this.#at(name));
    this.#directory.removeDirectory(name);
  }

  removeFile(name: string): void {
    demand(this.#access, "delete", this.#at(name));
    this.#directory.removeFile(name);
  }

  /** Never: under another name other things may be granted. */
  linkEntry(name: string): void {
    this.#forbid("write", this.#at(name), "components make no links");
  }

  /** Of files only: of what is in a folder, other things may be granted in the new place. */
  moveEntry(name: string, to: GuestDirectory, newName: string): void {
    if (!(to instanceof GrantedDirectory)) refuse("cross-device");
    demand(this.#access, "delete", this.#at(name));
    demand(this.#access, "write", to.#at(newName));
    if (this.#directory.statEntry(name).kind !== "regular-file")
      this.#forbid("delete", this.#at(name), "components rename no folders");
    this.#directory.moveEntry(name, to.#directory, newName);
  }

  /** It has been refused; that is left to be taken down. */
  escaped(path: string): void {
    this.#access.refuse({ kind: "file", action: "read", path: this.#at(path) }, "it leads out of an open folder");
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }

  #forbid(action: FileAction, path: string, reason: string): never {
    this.#access.refuse({ kind: "file", action, path }, reason);
    return refuse("not-permitted");
  }

  #at(name: string): string {
    return this.#path === "/" ? `/${name}` : `${this.#path}/${name}`;
  }

  /** What is on the way to nothing that is granted is not even there to be looked at. */
  #pass(name: string): void {
    const path = this.#at(name);
    if (!this.#access.isAdvisory && !this.#access.grants.reaches(path)) demand(this.#access, "read", path);
  }
}

/** Each use is looked at anew: what is taken back is of no more use, though it is open. */
class GrantedFile implements GuestFile {
  readonly #file: GuestFile;
  readonly #path: string;
  readonly #access: ComponentAccess;

  constructor(file: GuestFile, path: string, access: ComponentAccess) {
    this.#file = file;
    this.#path = path;
    this.#access = access;
  }

  stat(): FileStat {
    return this.#file.stat();
  }

  read(offset: bigint, most: number): Uint8Array {
    holdOn(this.#access, "read", this.#path);
    return this.#file.read(offset, most);
  }

  write(offset: bigint, bytes: Uint8Array): void {
    holdOn(this.#access, "write", this.#path);
    checkSize(offset + BigInt(bytes.length));
    this.#file.write(offset, bytes);
  }

  setSize(size: bigint): void {
    holdOn(this.#access, "write", this.#path);
    checkSize(size);
    this.#file.setSize(size);
  }

  setTimes(times: NewTimes): void {
    holdOn(this.#access, "write", this.#path);
    this.#file.setTimes(times);
  }

  sync(): void {
    this.#file.sync();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

class GrantedListing implements DirectoryListing {
  readonly #listing: DirectoryListing;
  readonly #check: () => void;

  constructor(listing: DirectoryListing, check: () => void) {
    this.#listing = listing;
    this.#check = check;
  }

  next(): DirectoryEntry | undefined {
    this.#check();
    return this.#listing.next();
  }

  [Symbol.dispose](): void {
    this.#listing[Symbol.dispose]();
  }
}

/** Decided on, and taken down. */
function demand(access: ComponentAccess, action: FileAction, path: string): void {
  if (!access.allows({ kind: "file", action, path })) refuse("not-permitted");
}

/** What was decided on when it was opened is not taken down once more as long as it is granted. */
function holdOn(access: ComponentAccess, action: FileAction, path: string): void {
  if (!access.grants.matches({ kind: "file", action, path })) demand(access, action, path);
}

function refuse(code: FileErrorCode): never {
  throw code; // oxlint-disable-line typescript/only-throw-error -- a code is what the guest gets
}

function checkSize(size: bigint): void {
  if (size > MOST_BYTES) refuse("file-too-large");
}
