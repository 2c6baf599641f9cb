import type { Clock } from "../clock.ts";
import type { FileErrorCode, FileStat, NewTimes } from "./guest-files.ts";

const NANOSECONDS_PER_MS = 1_000_000n;

/** What a name costs besides its bytes: enough that a million empty files are bounded too. */
const NAME_OVERHEAD_BYTES = 256;

/** What it takes to give something that name. */
export function costOf(name: string): number {
  return NAME_OVERHEAD_BYTES + Buffer.byteLength(name);
}

/** What the files of one file system may take, and the clock they go by. */
export class MemorySpace {
  #left: number;
  #identities = 0;
  readonly #clock: Clock;
  readonly #number = nextSpace();

  constructor(bytes: number, clock: Clock) {
    this.#left = bytes;
    this.#clock = clock;
  }

  /** Throws "insufficient-space" when there is not enough left. A negative number gives back. */
  take(bytes: number): void {
    if (bytes > this.#left) throw "insufficient-space" satisfies FileErrorCode;
    this.#left -= bytes;
  }

  get now(): bigint {
    return BigInt(Math.floor(this.#clock.now())) * NANOSECONDS_PER_MS;
  }

  identity(): string {
    this.#identities += 1;
    return `memory ${this.#number} ${this.#identities}`;
  }
}

let spaces = 0;

function nextSpace(): number {
  spaces += 1;
  return spaces;
}

/** The bytes of a file, with room to grow. */
export class MemoryContent {
  readonly #space: MemorySpace;
  #bytes = new Uint8Array();
  #size = 0;

  constructor(space: MemorySpace) {
    this.#space = space;
  }

  get size(): number {
    return this.#size;
  }

  /** A view, to be copied before anything is written. */
  read(offset: number, most: number): Uint8Array {
    return this.#bytes.subarray(offset, Math.min(offset + most, this.#size));
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (offset + bytes.length > this.#size) this.resize(offset + bytes.length);
    this.#bytes.set(bytes, offset);
  }

  resize(size: number): void {
    this.#space.take(size - this.#size);
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(size, Math.min(2 * this.#bytes.length, size + 2 ** 20)));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    } else {
      this.#bytes.fill(0, Math.min(size, this.#size), this.#size);
    }
    this.#size = size;
  }
}

/** A file, a directory or a symbolic link in memory. */
export class MemoryNode {
  readonly kind: "regular-file" | "directory" | "symbolic-link";
  /** Of a directory. */
  readonly entries: Map<string, MemoryNode> = new Map();
  /** Of a directory: the one that holds it. Undefined for the root, and for one that was removed. */
  parent: MemoryNode | undefined;
  /** Of a file its bytes, of a symbolic link where it leads. */
  readonly content: MemoryContent;
  /** How many names it has. One that has none any more gives back its space with its last handle. */
  linkCount = 0;
  handles = 0;
  readonly #identity: string;
  #accessedAt: bigint;
  #modifiedAt: bigint;
  #changedAt: bigint;

  private constructor(kind: MemoryNode["kind"], space: MemorySpace) {
    this.kind = kind;
    this.content = new MemoryContent(space);
    this.#identity = space.identity();
    this.#accessedAt = this.#modifiedAt = this.#changedAt = space.now;
  }

  static file(space: MemorySpace): MemoryNode {
    return new MemoryNode("regular-file", space);
  }

  static directory(space: MemorySpace): MemoryNode {
    return new MemoryNode("directory", space);
  }

  static link(target: string, space: MemorySpace): MemoryNode {
    const link = new MemoryNode("symbolic-link", space);
    link.content.write(0, Buffer.from(target));
    return link;
  }

  stat(): FileStat {
    return {
      kind: this.kind,
      size: BigInt(this.content.size),
      linkCount: BigInt(this.linkCount),
      accessedAt: this.#accessedAt,
      modifiedAt: this.#modifiedAt,
      changedAt: this.#changedAt,
      identity: this.#identity,
    };
  }

  setTimes({ accessedAt, modifiedAt }: NewTimes, now: bigint): void {
    this.#accessedAt = accessedAt ?? this.#accessedAt;
    this.#modifiedAt = modifiedAt ?? this.#modifiedAt;
    this.#changedAt = now;
  }

  modified(now: bigint): void {
    this.#modifiedAt = this.#changedAt = now;
  }

  /** Gives back what it holds when nobody can reach it any more. */
  releaseIfLost(): void {
    if (this.linkCount === 0 && this.handles === 0) this.content.resize(0);
  }

  /** Whether it is that directory or somewhere below it. */
  isWithin(directory: MemoryNode): boolean {
    if (this === directory) return true;
    let at = this.parent;
    while (at !== undefined && at !== directory) at = at.parent;
    return at !== undefined;
  }
}
