import { NOTHING, type Backlog, type WaitingMessages } from "./backlog.ts";

/** An item with the size it had when it came: whoever sent it may still change that. */
export class Sized {
  readonly item: unknown;
  readonly bytes: number;

  constructor(item: unknown, bytes: number) {
    this.item = item;
    this.bytes = bytes;
  }
}

/** Counts the bytes that wait in another backlog, which it has to itself. */
export class SizedBacklog implements WaitingMessages {
  line: Backlog | null = null;
  bytes = 0;
  readonly #inner: WaitingMessages;
  readonly #sizeOf: (item: unknown) => number;

  constructor(inner: WaitingMessages, sizeOf: (item: unknown) => number) {
    this.#inner = inner;
    this.#sizeOf = sizeOf;
  }

  get size(): number {
    return this.#inner.size;
  }

  push(item: unknown): void {
    this.#inner.push(this.#weighed(item));
  }

  /** There are bytes to decide about. */
  takes(): boolean {
    return false;
  }

  shift(): unknown {
    return this.#taken(this.#inner.shift());
  }

  evict(): unknown {
    return this.#taken(this.#inner.evict());
  }

  unshift(items: readonly unknown[]): void {
    this.#inner.unshift(items.map((item) => this.#weighed(item)));
  }

  #weighed(item: unknown): Sized {
    const bytes = this.#sizeOf(item);
    this.bytes += bytes;
    return new Sized(item, bytes);
  }

  #taken(sized: unknown): unknown {
    if (!(sized instanceof Sized)) return NOTHING;
    this.bytes -= sized.bytes;
    return sized.item;
  }
}
