/** Stands for "no message", which `undefined` cannot: it is a message like any other. */
export const NOTHING: unique symbol = Symbol("nothing");

const FIRST_SEGMENT = 8;
const LATER_SEGMENT = 256;

/** Copied for each segment, which is quicker than filling one. */
const BLANK: readonly unknown[] = Array.from({ length: LATER_SEGMENT }, () => undefined);

interface Segment {
  readonly items: unknown[];
  next: Segment | null;
}

/** The last full-size segment that ran empty. One is enough: a queue that swings around a boundary reuses it. */
let spare: Segment | null = null;

function newSegment(length: number): Segment {
  if (length === LATER_SEGMENT && spare !== null) {
    const reused = spare;
    spare = null;
    return reused;
  }
  return { items: BLANK.slice(0, length), next: null };
}

/** The messages of a mailbox beyond the first. */
export interface WaitingMessages {
  readonly size: number;
  /** What they hold, where that is counted; else 0. */
  readonly bytes: number;
  /** Senders that wait for room, in order; each has its message with it. Null when there are none. */
  line: Backlog | null;
  push(item: unknown): void;
  /** Pushes an item while fewer than `below` wait, where that is all there is to decide. */
  takes(item: unknown, below: number): boolean;
  /** The next to be handled; call only when `size` is above 0. */
  shift(): unknown;
  /** The one to give up for a newer one; call only when `size` is above 0. */
  evict(): unknown;
  /** Puts these before all others, the first one first. */
  unshift(items: readonly unknown[]): void;
}

/**
 * A first-in, first-out queue in linked segments. Growing never copies, so the millionth waiting message costs what the
 * tenth did (bench: `backlog`).
 */
export class Backlog implements WaitingMessages {
  line: Backlog | null = null;
  size = 0;
  #head: Segment = newSegment(FIRST_SEGMENT);
  #tail: Segment = this.#head;
  #readAt = 0;
  #writeAt = 0;

  get bytes(): number {
    return 0;
  }

  push(item: unknown): void {
    let tail = this.#tail;
    if (this.#writeAt === tail.items.length) {
      tail.next = newSegment(LATER_SEGMENT);
      tail = tail.next;
      this.#tail = tail;
      this.#writeAt = 0;
    }
    tail.items[this.#writeAt] = item;
    this.#writeAt += 1;
    this.size += 1;
  }

  takes(item: unknown, below: number): boolean {
    if (this.size >= below) return false;
    this.push(item);
    return true;
  }

  /** The oldest item; call only when `size` is above 0. */
  shift(): unknown {
    if (this.#readAt === this.#head.items.length) this.#dropHead();
    const items = this.#head.items;
    const item = items[this.#readAt];
    items[this.#readAt] = undefined;
    this.#readAt += 1;
    this.size -= 1;
    if (this.size === 0) {
      this.#readAt = 0;
      this.#writeAt = 0;
    }
    return item;
  }

  evict(): unknown {
    return this.shift();
  }

  unshift(items: readonly unknown[]): void {
    const head = this.#head;
    const isOnly = head === this.#tail;
    const kept = head.items.slice(this.#readAt, isOnly ? this.#writeAt : undefined);
    this.#head = { items: [...items, ...kept], next: head.next };
    this.#readAt = 0;
    this.size += items.length;
    if (!isOnly) return;
    this.#tail = this.#head;
    this.#writeAt = this.#head.items.length;
  }

  #dropHead(): void {
    const emptied = this.#head;
    if (emptied.next === null) return;
    this.#head = emptied.next;
    emptied.next = null;
    this.#readAt = 0;
    if (emptied.items.length === LATER_SEGMENT) spare = emptied;
  }
}
