import { InvalidOptionError } from "./errors.ts";

/** What happens to a message that a full mailbox has no room for. `error`: the sender gets it back. */
export type Overflow = "error" | "drop-newest" | "drop-oldest";

export interface MailboxOptions {
  /** How many messages may wait; 1000 unless said. */
  readonly capacity?: number | "unbounded";
  /** `error` unless said. What is dropped becomes a dead letter. */
  readonly overflow?: Overflow;
}

/** Mailbox options with every field decided. */
export interface MailboxLimits {
  readonly capacity: number;
  readonly overflow: Overflow;
}

const DEFAULT_MAILBOX: MailboxLimits = { capacity: 1000, overflow: "error" };

/** @throws InvalidOptionError */
export function limitsFrom(options: MailboxOptions | undefined): MailboxLimits {
  if (options === undefined) return DEFAULT_MAILBOX;
  const { capacity = DEFAULT_MAILBOX.capacity, overflow = DEFAULT_MAILBOX.overflow } = options;
  if (capacity === "unbounded") return { capacity: Number.POSITIVE_INFINITY, overflow };
  if (Number.isSafeInteger(capacity) && capacity > 0) return { capacity, overflow };
  throw new InvalidOptionError("mailbox.capacity", 'a whole number above 0, or "unbounded"', capacity);
}

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

/**
 * A first-in, first-out queue in linked segments. Growing never copies, so the millionth waiting message costs what the
 * tenth did (bench: `backlog`).
 */
export class Backlog {
  size = 0;
  #head: Segment = newSegment(FIRST_SEGMENT);
  #tail: Segment = this.#head;
  #readAt = 0;
  #writeAt = 0;

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

  #dropHead(): void {
    const emptied = this.#head;
    if (emptied.next === null) return;
    this.#head = emptied.next;
    emptied.next = null;
    this.#readAt = 0;
    if (emptied.items.length === LATER_SEGMENT) spare = emptied;
  }
}
