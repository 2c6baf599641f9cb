import { byteSizeOf } from "./byte-size.ts";
import { InvalidOptionError } from "./errors.ts";
import type { EventStream } from "./event-stream.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";

/** How many dead letters are kept for looking at and for replay. All are counted. */
export interface DeadLetterOptions {
  /** 1000 unless said. */
  readonly capacity?: number;
  /**
   * What those that are bytes or text may add up to; 16 MiB unless said. One that is larger by itself is not kept. What other messages
   * hold is not known.
   */
  readonly maxBytes?: number;
}

const DEFAULT_CAPACITY = 1000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/** A letter with the size it had when it was recorded: whoever sent it may still change that. */
interface Kept {
  readonly letter: DeadLetter;
  readonly bytes: number;
}

/** The last dead letters, and how many there have been of each kind. */
export class DeadLetters {
  readonly capacity: number;
  readonly maxBytes: number;
  readonly #events: EventStream;
  /** A ring: the oldest is at `#first`. */
  #ring: (Kept | undefined)[] = [];
  #first = 0;
  #size = 0;
  #bytes = 0;
  readonly #countByReason = new Map<DeadLetterReason, number>();
  #total = 0;

  /** @throws InvalidOptionError */
  constructor(options: DeadLetterOptions, events: EventStream) {
    const { capacity = DEFAULT_CAPACITY, maxBytes = DEFAULT_MAX_BYTES } = options;
    if (!(Number.isSafeInteger(capacity) && capacity >= 0)) {
      throw new InvalidOptionError("deadLetters.capacity", "a whole number from 0", capacity);
    }
    if (!(maxBytes >= 0)) throw new InvalidOptionError("deadLetters.maxBytes", "at least 0", maxBytes);
    this.capacity = capacity;
    this.maxBytes = maxBytes;
    this.#events = events;
  }

  /** How many messages were not delivered since the system started. */
  get total(): number {
    return this.#total;
  }

  count(reason: DeadLetterReason): number {
    return this.#countByReason.get(reason) ?? 0;
  }

  /** The most recent dead letters that match, or all, oldest first; at most `capacity`. */
  list(matches?: (letter: DeadLetter) => boolean): readonly DeadLetter[] {
    const all = this.#inOrder().map(({ letter }) => letter);
    return matches === undefined ? all : all.filter(matches);
  }

  /** Takes those that match out of the ring, oldest first. They stay counted: they were dead letters. */
  take(matches: (letter: DeadLetter) => boolean): readonly DeadLetter[] {
    const taken: DeadLetter[] = [];
    const left: Kept[] = [];
    for (const kept of this.#inOrder()) {
      if (matches(kept.letter)) taken.push(kept.letter);
      else left.push(kept);
    }
    this.#ring = left;
    this.#first = 0;
    this.#size = left.length;
    this.#bytes = left.reduce((sum, { bytes }) => sum + bytes, 0);
    return taken;
  }

  /** Counts and keeps a message that nobody will handle. */
  record(letter: DeadLetter): void {
    this.#total += 1;
    this.#countByReason.set(letter.reason, this.count(letter.reason) + 1);
    this.#keep({ letter, bytes: byteSizeOf(letter.message) });
    if (this.#events.observes("message-dead-lettered")) {
      this.#events.emit({ type: "message-dead-lettered", path: letter.recipient, letter });
    }
  }

  /** Forgets the oldest for it, where there is no room. */
  #keep(kept: Kept): void {
    if (this.capacity === 0 || kept.bytes > this.maxBytes) return;
    while (this.#size === this.capacity || this.#bytes + kept.bytes > this.maxBytes) this.#forgetOldest();
    this.#ring[(this.#first + this.#size) % this.capacity] = kept;
    this.#size += 1;
    this.#bytes += kept.bytes;
  }

  #forgetOldest(): void {
    this.#bytes -= this.#ring[this.#first]?.bytes ?? 0;
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.capacity;
    this.#size -= 1;
  }

  #inOrder(): readonly Kept[] {
    const all = [...this.#ring.slice(this.#first), ...this.#ring.slice(0, this.#first)];
    return all.filter((kept) => kept !== undefined);
  }
}
