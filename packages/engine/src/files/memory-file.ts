import type { FileErrorCode, FileStat, GuestFile, NewTimes } from "./guest-files.ts";
import type { MemoryNode, MemorySpace } from "./memory-node.ts";

/** An open file in memory. */
export class MemoryFile implements GuestFile {
  readonly #space: MemorySpace;
  #opened: MemoryNode | undefined;

  constructor(node: MemoryNode, space: MemorySpace) {
    this.#opened = node;
    this.#space = space;
    node.handles += 1;
  }

  stat(): FileStat {
    return this.#node.stat();
  }

  read(offset: bigint, most: number): Uint8Array {
    const { content } = this.#node;
    return offset >= BigInt(content.size) ? new Uint8Array() : content.read(Number(offset), most).slice();
  }

  write(offset: bigint, bytes: Uint8Array): void {
    this.#node.content.write(position(offset), bytes);
    this.#node.modified(this.#space.now);
  }

  setSize(size: bigint): void {
    this.#node.content.resize(position(size));
    this.#node.modified(this.#space.now);
  }

  setTimes(times: NewTimes): void {
    this.#node.setTimes(times, this.#space.now);
  }

  sync(): void {
    // Memory is where it stays.
  }

  [Symbol.dispose](): void {
    const node = this.#opened;
    this.#opened = undefined;
    if (node === undefined) return;
    node.handles -= 1;
    node.releaseIfLost();
  }

  /** Throws "bad-descriptor" once it is closed. */
  get #node(): MemoryNode {
    if (this.#opened === undefined) throw "bad-descriptor" satisfies FileErrorCode;
    return this.#opened;
  }
}

function position(offset: bigint): number {
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) throw "file-too-large" satisfies FileErrorCode;
  return Number(offset);
}
