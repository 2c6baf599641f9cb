import type { EventStream } from "./event-stream.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";

/** The last dead letters, and how many there have been of each kind. */
export class DeadLetters {
  readonly capacity: number;
  readonly #events: EventStream;
  #ring: DeadLetter[] = [];
  readonly #countByReason = new Map<DeadLetterReason, number>();
  #oldest = 0;
  #total = 0;

  constructor(capacity: number, events: EventStream) {
    this.capacity = capacity;
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
    const all = [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
    return matches === undefined ? all : all.filter(matches);
  }

  /** Takes those that match out of the ring, oldest first. They stay counted: they were dead letters. */
  take(matches: (letter: DeadLetter) => boolean): readonly DeadLetter[] {
    const all = this.list();
    const taken = all.filter(matches);
    if (taken.length === 0) return taken;
    const removed = new Set(taken);
    this.#ring = all.filter((letter) => !removed.has(letter));
    this.#oldest = 0;
    return taken;
  }

  /** Counts and keeps a message that nobody will handle. */
  record(letter: DeadLetter): void {
    this.#total += 1;
    this.#countByReason.set(letter.reason, this.count(letter.reason) + 1);
    if (this.#ring.length < this.capacity) this.#ring.push(letter);
    else if (this.capacity > 0) {
      this.#ring[this.#oldest] = letter;
      this.#oldest = (this.#oldest + 1) % this.capacity;
    }
    if (this.#events.observes("message-dead-lettered")) {
      this.#events.emit({ type: "message-dead-lettered", path: letter.recipient, letter });
    }
  }
}
