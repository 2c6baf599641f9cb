import type { StageDefinition } from "./definition.ts";
import type { Input } from "./input.ts";

/** One thing on its way to a stage, and what it came of. */
export interface Item {
  readonly input: Input;
  readonly payload: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** How often it was tried. */
  attempts: number;
}

/** What happened at a stage. */
export interface StageCounts {
  /** Items that it replied to with an output. */
  handled: number;
  filtered: number;
  /** Items that it gave up. */
  failed: number;
  retries: number;
}

/** An instance, and how many items it has. */
export interface Seat<Ref> {
  readonly ref: Ref;
  busy: number;
}

/** A stage at work: its instances, what waits for them, and what has happened. */
export class Desk<Ref> {
  readonly stage: StageDefinition;
  readonly seats: readonly Seat<Ref>[];
  readonly counts: StageCounts = { handled: 0, filtered: 0, failed: 0, retries: 0 };
  /** A plain actor might write into what it is given; a component cannot. */
  readonly givesCopies: boolean;
  readonly #waiting: Item[] = [];

  constructor(stage: StageDefinition, refs: readonly Ref[], givesCopies: boolean) {
    this.stage = stage;
    this.givesCopies = givesCopies;
    this.seats = refs.map((ref) => ({ ref, busy: 0 }));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get busy(): number {
    return this.seats.reduce((sum, { busy }) => sum + busy, 0);
  }

  put(item: Item): void {
    this.#waiting.push(item);
  }

  /** The item that waited longest and the instance that has least to do; undefined when there is none with room. */
  next(): { readonly item: Item; readonly seat: Seat<Ref> } | undefined {
    const seat = this.seats.reduce((least, one) => (one.busy < least.busy ? one : least));
    if (seat.busy >= this.stage.concurrency) return undefined;
    const item = this.#waiting.shift();
    if (item === undefined) return undefined;
    seat.busy += 1;
    return { item, seat };
  }

  /** Forgets what it was at. */
  clear(): void {
    this.#waiting.length = 0;
    for (const seat of this.seats) seat.busy = 0;
  }
}
