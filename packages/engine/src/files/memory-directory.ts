import type {
  DirectoryListing,
  FileErrorCode,
  FileStat,
  GuestDirectory,
  GuestFile,
  NewTimes,
  OpenFileOptions,
} from "./guest-files.ts";
import { MemoryFile } from "./memory-file.ts";
import { costOf, MemoryNode, type MemorySpace } from "./memory-node.ts";

/** An open directory in memory. */
export class MemoryDirectory implements GuestDirectory {
  readonly #node: MemoryNode;
  readonly #space: MemorySpace;

  constructor(node: MemoryNode, space: MemorySpace) {
    this.#node = node;
    this.#space = space;
  }

  stat(): FileStat {
    return this.#node.stat();
  }

  setTimes(times: NewTimes): void {
    this.#node.setTimes(times, this.#space.now);
  }

  sync(): void {
    // Memory is where it stays.
  }

  reopen(): GuestDirectory {
    return new MemoryDirectory(this.#node, this.#space);
  }

  list(): DirectoryListing {
    const entries = this.#node.entries.entries();
    return {
      next: () => {
        const { done, value } = entries.next();
        return done ? undefined : { name: value[0], kind: value[1].kind };
      },
      [Symbol.dispose]: () => undefined,
    };
  }

  statEntry(name: string): FileStat {
    return this.#find(name).stat();
  }

  setEntryTimes(name: string, times: NewTimes): void {
    this.#find(name).setTimes(times, this.#space.now);
  }

  openDirectory(name: string): GuestDirectory {
    return new MemoryDirectory(ofKind(this.#find(name), "directory", "not-directory"), this.#space);
  }

  /** The directory of that name, made where it is missing. */
  openOrCreate(name: string): MemoryDirectory {
    if (!this.#node.entries.has(name)) this.createDirectory(name);
    return new MemoryDirectory(ofKind(this.#find(name), "directory", "not-directory"), this.#space);
  }

  openFile(name: string, { create, exclusive, truncate }: OpenFileOptions): GuestFile {
    const found = this.#node.entries.get(name);
    if (found !== undefined && exclusive) throw "exist" satisfies FileErrorCode;
    if (found === undefined && !create) throw "no-entry" satisfies FileErrorCode;
    if (found?.kind === "directory") throw "is-directory" satisfies FileErrorCode;
    if (found?.kind === "symbolic-link") throw "loop" satisfies FileErrorCode;
    const node = found ?? this.#add(name, MemoryNode.file(this.#space));
    const file = new MemoryFile(node, this.#space);
    if (truncate) file.setSize(0n);
    return file;
  }

  readLink(name: string): string {
    const { content } = ofKind(this.#find(name), "symbolic-link", "invalid");
    return Buffer.from(content.read(0, content.size)).toString();
  }

  createDirectory(name: string): void {
    this.#add(name, MemoryNode.directory(this.#space));
  }

  createLink(name: string, target: string): void {
    const node = MemoryNode.link(target, this.#space);
    try {
      this.#add(name, node);
    } finally {
      node.releaseIfLost();
    }
  }

  removeDirectory(name: string): void {
    const found = ofKind(this.#find(name), "directory", "not-directory");
    if (found.entries.size > 0) throw "not-empty" satisfies FileErrorCode;
    this.#remove(name, found);
  }

  removeFile(name: string): void {
    const found = this.#find(name);
    if (found.kind === "directory") throw "is-directory" satisfies FileErrorCode;
    this.#remove(name, found);
  }

  linkEntry(name: string, to: GuestDirectory, newName: string): void {
    const target = this.#beside(to);
    const found = this.#find(name);
    if (found.kind === "directory") throw "not-permitted" satisfies FileErrorCode;
    target.#add(newName, found);
  }

  moveEntry(name: string, to: GuestDirectory, newName: string): void {
    const target = this.#beside(to);
    const moved = this.#find(name);
    const replaced = target.#node.entries.get(newName);
    if (moved === replaced) return;
    target.#checkAlive();
    if (moved.kind === "directory" && target.#node.isWithin(moved)) throw "invalid" satisfies FileErrorCode;
    if (replaced !== undefined) target.#makeWay(newName, replaced, moved);
    this.#space.take(costOf(newName) - costOf(name));
    this.#node.entries.delete(name);
    target.#node.entries.set(newName, moved);
    if (moved.kind === "directory") moved.parent = target.#node;
    this.#node.modified(this.#space.now);
    target.#node.modified(this.#space.now);
  }

  [Symbol.dispose](): void {
    // Nothing is held open.
  }

  #makeWay(name: string, replaced: MemoryNode, moved: MemoryNode): void {
    if (replaced.kind !== "directory") {
      if (moved.kind === "directory") throw "not-directory" satisfies FileErrorCode;
    } else if (moved.kind !== "directory") {
      throw "is-directory" satisfies FileErrorCode;
    } else if (replaced.entries.size > 0) {
      throw "not-empty" satisfies FileErrorCode;
    }
    this.#remove(name, replaced);
  }

  #beside(to: GuestDirectory): MemoryDirectory {
    if (!(to instanceof MemoryDirectory) || to.#space !== this.#space) throw "cross-device" satisfies FileErrorCode;
    return to;
  }

  #find(name: string): MemoryNode {
    const found = this.#node.entries.get(name);
    if (found === undefined) throw "no-entry" satisfies FileErrorCode;
    return found;
  }

  #add(name: string, node: MemoryNode): MemoryNode {
    if (this.#node.entries.has(name)) throw "exist" satisfies FileErrorCode;
    this.#checkAlive();
    this.#space.take(costOf(name));
    this.#node.entries.set(name, node);
    node.linkCount += 1;
    if (node.kind === "directory") node.parent = this.#node;
    this.#node.modified(this.#space.now);
    return node;
  }

  #remove(name: string, node: MemoryNode): void {
    this.#node.entries.delete(name);
    this.#space.take(-costOf(name));
    node.linkCount -= 1;
    node.parent = undefined;
    node.releaseIfLost();
    this.#node.modified(this.#space.now);
  }

  /** A directory that was removed takes no more entries: nobody could reach them, and they would hold on to space. */
  #checkAlive(): void {
    if (this.#node.linkCount === 0) throw "no-entry" satisfies FileErrorCode;
  }
}

function ofKind(node: MemoryNode, kind: MemoryNode["kind"], otherwise: FileErrorCode): MemoryNode {
  if (node.kind !== kind) throw otherwise;
  return node;
}
