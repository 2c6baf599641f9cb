import type { FileErrorCode, FileKind, FileStat, GuestDirectory, GuestFile } from "../files/guest-files.ts";
import { leadsOut, type Place, walk } from "../files/path-walk.ts";
import { wallTime } from "./clocks.ts";
import { type DescriptorStat, descriptorStat, hashOf, type MetadataHash } from "./descriptor-stat.ts";
import { DirectoryEntryStream } from "./directory-entry-stream.ts";
import { FileSink, FileSource } from "./file-streams.ts";
import { type NewTimestamp, newTimes } from "./new-timestamp.ts";
import { InputStream, OutputStream, STREAM_BUDGET } from "./streams.ts";
import type { WasiInstance } from "./wasi-instance.ts";

export interface PathFlags {
  readonly symlinkFollow?: boolean;
}

export interface OpenFlags {
  readonly create?: boolean;
  readonly directory?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
}

export interface DescriptorFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly fileIntegritySync?: boolean;
  readonly dataIntegritySync?: boolean;
  readonly requestedWriteSync?: boolean;
  readonly mutateDirectory?: boolean;
}

/** What a descriptor is of. */
type Opened =
  | { readonly sort: "file"; readonly file: GuestFile }
  | { readonly sort: "directory"; readonly directory: GuestDirectory };

/**
 * `wasi:filesystem/types`: an open file or directory. What may be done with it was decided when it was opened, and what is opened below it
 * may never do more: whether anything can be changed comes from the grant.
 */
export class Descriptor {
  readonly #wasi: WasiInstance;
  readonly #opened: Opened;
  readonly #flags: DescriptorFlags;
  /** The grant lets it change things. */
  readonly #mayChange: boolean;

  constructor(wasi: WasiInstance, opened: Opened, flags: DescriptorFlags, mayChange: boolean) {
    this.#wasi = wasi;
    this.#opened = opened;
    this.#flags = flags;
    this.#mayChange = mayChange;
  }

  readViaStream(offset: bigint): InputStream {
    return new InputStream(new FileSource(this.#readable(), offset, this.#wasi.openFiles), this.#wasi.waiting);
  }

  writeViaStream(offset: bigint): OutputStream {
    return new OutputStream(new FileSink(this.#writable(), offset, this.#wasi.openFiles), this.#wasi.waiting);
  }

  appendViaStream(): OutputStream {
    return new OutputStream(new FileSink(this.#writable(), undefined, this.#wasi.openFiles), this.#wasi.waiting);
  }

  /** Advice is heard and not needed. */
  advise(): void {
    this.#file();
  }

  syncData(): void {
    this.sync();
  }

  sync(): void {
    if (this.#opened.sort === "directory") this.#opened.directory.sync();
    else if (this.#flags.write === true) this.#opened.file.sync();
  }

  getFlags(): DescriptorFlags {
    return this.#flags;
  }

  getType(): FileKind {
    return this.#opened.sort === "directory" ? "directory" : "regular-file";
  }

  setSize(size: bigint): void {
    this.#writable().setSize(size);
  }

  setTimes(accessed: NewTimestamp, modified: NewTimestamp): void {
    this.#checkMayChange();
    const times = newTimes(accessed, modified, wallTime(this.#wasi.settings.clock));
    if (this.#opened.sort === "directory") this.#opened.directory.setTimes(times);
    else this.#opened.file.setTimes(times);
  }

  read(length: bigint, offset: bigint): [bytes: Uint8Array, isAtEnd: boolean] {
    const most = length > BigInt(STREAM_BUDGET) ? STREAM_BUDGET : Number(length);
    const bytes = this.#readable().read(offset, most);
    return [bytes, bytes.length < most];
  }

  write(bytes: Uint8Array, offset: bigint): bigint {
    this.#writable().write(offset, bytes);
    return BigInt(bytes.length);
  }

  readDirectory(): DirectoryEntryStream {
    const directory = this.#directory();
    const { openFiles } = this.#wasi;
    return new DirectoryEntryStream(
      openFiles.open(() => directory.list()),
      openFiles,
    );
  }

  createDirectoryAt(path: string): void {
    this.#change(path, false, ({ directory, name }) => directory.createDirectory(named(name, "exist")));
  }

  stat(): DescriptorStat {
    return descriptorStat(this.#ownStat());
  }

  statAt({ symlinkFollow = false }: PathFlags, path: string): DescriptorStat {
    return descriptorStat(this.#statAt(symlinkFollow, path));
  }

  setTimesAt({ symlinkFollow = false }: PathFlags, path: string, accessed: NewTimestamp, modified: NewTimestamp): void {
    const times = newTimes(accessed, modified, wallTime(this.#wasi.settings.clock));
    this.#change(path, symlinkFollow, ({ directory, name }) => {
      if (name === undefined) directory.setTimes(times);
      else directory.setEntryTimes(name, times);
    });
  }

  linkAt({ symlinkFollow = false }: PathFlags, oldPath: string, to: Descriptor, newPath: string): void {
    this.#change(oldPath, symlinkFollow, (old) =>
      to.#change(newPath, false, (created) => {
        if (old.isDirectoryWanted || created.isDirectoryWanted) throw "not-directory" satisfies FileErrorCode;
        old.directory.linkEntry(named(old.name, "not-permitted"), created.directory, named(created.name, "exist"));
      }),
    );
  }

  openAt(pathFlags: PathFlags, path: string, openFlags: OpenFlags, flags: DescriptorFlags): Descriptor {
    const { create = false, exclusive = false, truncate = false, directory: wantsDirectory = false } = openFlags;
    if (wantsDirectory && (create || exclusive || truncate)) throw "invalid" satisfies FileErrorCode;
    if (create || truncate || flags.write === true || flags.mutateDirectory === true) this.#checkMayChange();
    // An exclusive creation takes a link for what is there already.
    const follow = (pathFlags.symlinkFollow ?? false) && !(create && exclusive);
    using place = walk(this.#directory(), path, follow || (path.endsWith("/") && !create));
    const found = place.name === undefined ? undefined : kindOrMissing(place.directory, place.name);
    if (create && exclusive && found !== undefined) throw "exist" satisfies FileErrorCode;
    if (place.name === undefined || found === "directory") {
      if (create && exclusive) throw "exist" satisfies FileErrorCode;
      if (create || truncate || flags.write === true) throw "is-directory" satisfies FileErrorCode;
      return this.#openedDirectory(place);
    }
    if (found === undefined && !create) throw "no-entry" satisfies FileErrorCode;
    if (wantsDirectory || place.isDirectoryWanted) throw "not-directory" satisfies FileErrorCode;
    return this.#openedFile(place.directory, place.name, { create, exclusive, truncate }, flags);
  }

  readlinkAt(path: string): string {
    using place = walk(this.#directory(), path, false);
    const target = place.directory.readLink(named(place.name, "invalid"));
    // The guest is not told where it is in the host.
    if (target.startsWith("/")) throw "not-permitted" satisfies FileErrorCode;
    return target;
  }

  removeDirectoryAt(path: string): void {
    this.#change(path, false, ({ directory, name }) => directory.removeDirectory(named(name, "invalid")));
  }

  renameAt(oldPath: string, to: Descriptor, newPath: string): void {
    this.#change(oldPath, false, (old) =>
      to.#change(newPath, false, (created) => {
        const [name, newName] = [named(old.name, "busy"), named(created.name, "busy")];
        const isDirectory = old.directory.statEntry(name).kind === "directory";
        if (!isDirectory && (old.isDirectoryWanted || created.isDirectoryWanted)) {
          throw "not-directory" satisfies FileErrorCode;
        }
        old.directory.moveEntry(name, created.directory, newName);
      }),
    );
  }

  /** A link that says it leads out of this directory is not made: whoever else follows it might be led there. */
  symlinkAt(target: string, path: string): void {
    this.#checkMayChange();
    if (leadsOut(path, target)) {
      this.#directory().escaped?.(path);
      throw "not-permitted" satisfies FileErrorCode;
    }
    if (target === "" || target.includes("\0")) throw "invalid" satisfies FileErrorCode;
    this.#change(path, false, ({ directory, name, isDirectoryWanted }) => {
      if (isDirectoryWanted) throw "no-entry" satisfies FileErrorCode;
      directory.createLink(named(name, "exist"), target);
    });
  }

  unlinkFileAt(path: string): void {
    this.#change(path, false, ({ directory, name, isDirectoryWanted }) => {
      const file = named(name, "is-directory");
      if (isDirectoryWanted && directory.statEntry(file).kind !== "directory") {
        throw "not-directory" satisfies FileErrorCode;
      }
      directory.removeFile(file);
    });
  }

  isSameObject(other: Descriptor): boolean {
    return this.#ownStat().identity === other.#ownStat().identity;
  }

  metadataHash(): MetadataHash {
    return hashOf(this.#ownStat());
  }

  metadataHashAt({ symlinkFollow = false }: PathFlags, path: string): MetadataHash {
    return hashOf(this.#statAt(symlinkFollow, path));
  }

  [Symbol.dispose](): void {
    this.#wasi.openFiles.release(this.#opened.sort === "file" ? this.#opened.file : this.#opened.directory);
  }

  #directory(): GuestDirectory {
    if (this.#opened.sort === "file") throw "not-directory" satisfies FileErrorCode;
    return this.#opened.directory;
  }

  #file(): GuestFile {
    if (this.#opened.sort === "directory") throw "is-directory" satisfies FileErrorCode;
    return this.#opened.file;
  }

  #readable(): GuestFile {
    const file = this.#file();
    if (this.#flags.read !== true) throw "bad-descriptor" satisfies FileErrorCode;
    return file;
  }

  #writable(): GuestFile {
    const file = this.#file();
    if (this.#flags.write !== true) throw "bad-descriptor" satisfies FileErrorCode;
    return file;
  }

  #checkMayChange(): void {
    if (!this.#mayChange) throw "read-only" satisfies FileErrorCode;
  }

  #ownStat(): FileStat {
    return this.#opened.sort === "file" ? this.#opened.file.stat() : this.#opened.directory.stat();
  }

  #statAt(follow: boolean, path: string): FileStat {
    using place = walk(this.#directory(), path, follow || path.endsWith("/"));
    const { directory, name, isDirectoryWanted } = place;
    const found = name === undefined ? directory.stat() : directory.statEntry(name);
    if (isDirectoryWanted && found.kind !== "directory") throw "not-directory" satisfies FileErrorCode;
    return found;
  }

  #change(path: string, follow: boolean, act: (place: Place) => void): void {
    const directory = this.#directory();
    this.#checkMayChange();
    using place = walk(directory, path, follow);
    act(place);
  }

  #openedDirectory({ directory, name }: Place): Descriptor {
    const opened = this.#wasi.openFiles.open(() =>
      name === undefined ? directory.reopen() : directory.openDirectory(name),
    );
    return openDirectory(this.#wasi, opened, this.#mayChange);
  }

  #openedFile(
    directory: GuestDirectory,
    name: string,
    { create, exclusive, truncate }: Required<Omit<OpenFlags, "directory">>,
    flags: DescriptorFlags,
  ): Descriptor {
    const write = flags.write === true;
    const file = this.#wasi.openFiles.open(() =>
      directory.openFile(name, { write: write || truncate, create, exclusive, truncate }),
    );
    const { read = false } = flags;
    return new Descriptor(this.#wasi, { sort: "file", file }, { ...flags, read, write }, this.#mayChange);
  }
}

/** The descriptor of a directory that was opened for the instance. */
export function openDirectory(wasi: WasiInstance, directory: GuestDirectory, mayChange: boolean): Descriptor {
  const flags = { read: true, mutateDirectory: mayChange };
  return new Descriptor(wasi, { sort: "directory", directory }, flags, mayChange);
}

/** A place has no name when its path led to the directory itself, such as `.`: the code is what that means. */
function named(name: string | undefined, otherwise: FileErrorCode): string {
  if (name === undefined) throw otherwise;
  return name;
}

function kindOrMissing(directory: GuestDirectory, name: string): FileKind | undefined {
  try {
    return directory.statEntry(name).kind;
  } catch (thrown) {
    if (thrown === ("no-entry" satisfies FileErrorCode)) return undefined;
    throw thrown;
  }
}
