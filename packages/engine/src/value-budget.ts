import { ValueLimitError } from "./limit-errors.ts";
import type { HostCalls } from "./host-calls.ts";

/** What a text and a list are to the host's heap besides what is in them, and an element of a list, in bytes. */
const WEIGHT = { text: 32, numbers: 256, list: 64, element: 32 } as const;

/** What a unit of text becomes, and at most what becomes of a byte of the guest's memory that is not text and no number of a list of them. */
const GROWTH = { unit: 2, byte: 8 } as const;

/**
 * What one instance passes out of its memory at once: an answer, or the arguments of a function of the host. Values are far larger
 * than what they come from when a list says the same bytes over and over, so they are weighed before they are made.
 */
export class ValueBudget {
  readonly #limit: number;
  readonly #calls: HostCalls;
  #taken = 0;

  constructor(limit: number, calls: HostCalls) {
    this.#limit = limit;
    this.#calls = calls;
  }

  /** The next value begins. */
  renew(): void {
    this.#taken = 0;
  }

  readonly text = (units: number): void => this.#take(WEIGHT.text + units * GROWTH.unit);

  /** A list of numbers, which becomes a typed array. */
  readonly numbers = (bytes: number): void => this.#take(WEIGHT.numbers + bytes);

  /** Any other list, by the size of its elements in the guest's memory. */
  readonly list = (elements: number, size: number): void =>
    this.#take(WEIGHT.list + elements * (WEIGHT.element + size * GROWTH.byte));

  /** Throws when that is too much, and the instance does not survive it. */
  #take(bytes: number): void {
    this.#taken += bytes;
    if (this.#taken > this.#limit) throw this.#calls.fail(new ValueLimitError(this.#limit));
  }
}
