import { type Clock, systemClock } from "../clock.ts";
import { BadOptionError } from "../errors.ts";
import type { FileErrorCode, GuestDirectory, GuestFileSystem } from "./guest-files.ts";
import { MemoryDirectory } from "./memory-directory.ts";
import { MemoryNode, MemorySpace } from "./memory-node.ts";

export interface MemoryFilesOptions {
  /** What all files may hold together, what it takes to name them included. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

const DEFAULT_MAX_BYTES = 16 * 2 ** 20;

/** Files in memory, gone with the last reference. Instances that are given the same ones share them. */
export class MemoryFileSystem implements GuestFileSystem {
  readonly #root: MemoryNode;
  readonly #space: MemorySpace;

  /** Files by path, such as `config/app.toml`. Throws BadOptionError for a path that names no file, and when they do not fit. */
  constructor(files: Readonly<Record<string, Uint8Array | string>> = {}, options: MemoryFilesOptions = {}) {
    const { maxBytes = DEFAULT_MAX_BYTES, clock = systemClock } = options;
    if (!Number.isSafeInteger(maxBytes) || maxBytes < 0) {
      throw new BadOptionError("maxBytes", "a number of bytes", maxBytes);
    }
    this.#space = new MemorySpace(maxBytes, clock);
    this.#root = MemoryNode.directory(this.#space);
    this.#root.linkCount = 1;
    for (const [path, content] of Object.entries(files)) this.#add(path, content);
  }

  openRoot(): GuestDirectory {
    return new MemoryDirectory(this.#root, this.#space);
  }

  /** A copy of every regular file there is, by its path. */
  files(): ReadonlyMap<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    const ahead: (readonly [string, MemoryNode])[] = [["", this.#root]];
    for (const [path, node] of ahead) {
      if (node.kind === "regular-file") files.set(path, node.content.read(0, node.content.size).slice());
      for (const [name, entry] of node.entries) ahead.push([path === "" ? name : `${path}/${name}`, entry]);
    }
    return files;
  }

  #add(path: string, content: Uint8Array | string): void {
    const names = path.split("/");
    if (names.some((name) => name === "" || name === "." || name === "..")) {
      throw new BadOptionError("files", "named by paths such as config/app.toml", path);
    }
    try {
      let directory = new MemoryDirectory(this.#root, this.#space);
      for (const name of names.slice(0, -1)) directory = directory.openOrCreate(name);
      const file = directory.openFile(names.at(-1) ?? "", {
        write: true,
        create: true,
        exclusive: true,
        truncate: false,
      });
      file.write(0n, typeof content === "string" ? Buffer.from(content) : content);
    } catch (thrown) {
      if (thrown instanceof Error) throw thrown;
      const code: FileErrorCode = thrown as FileErrorCode;
      throw new BadOptionError("files", "files that can be made", `${path} (${code})`);
    }
  }
}
