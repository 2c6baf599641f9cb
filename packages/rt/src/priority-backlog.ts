import { Backlog, type WaitingMessages } from "./backlog.ts";

interface Level {
  readonly priority: number;
  readonly items: Backlog;
}

/**
 * The highest priority first, and within one priority first in, first out. What it costs grows with the number of different
 * priorities that wait at once, which is meant to be small.
 */
export class PriorityBacklog implements WaitingMessages {
  line: Backlog | null = null;
  size = 0;
  readonly #priorityOf: (item: unknown) => number;
  /** Highest first; none of them empty. */
  readonly #levels: Level[] = [];

  /** @param priorityOf never throws, and never gives NaN */
  constructor(priorityOf: (item: unknown) => number) {
    this.#priorityOf = priorityOf;
  }

  get bytes(): number {
    return 0;
  }

  push(item: unknown): void {
    this.#levelOf(item).push(item);
    this.size += 1;
  }

  shift(): unknown {
    return this.#takeFrom(0);
  }

  /** What is in the slot may be less urgent. */
  takes(): boolean {
    return false;
  }

  /** The oldest of the least urgent. */
  evict(): unknown {
    return this.#takeFrom(this.#levels.length - 1);
  }

  unshift(items: readonly unknown[]): void {
    for (const item of items.toReversed()) this.#levelOf(item).unshift([item]);
    this.size += items.length;
  }

  #takeFrom(index: number): unknown {
    const level = this.#levels[index];
    if (level === undefined) return undefined;
    const item = level.items.shift();
    if (level.items.size === 0) this.#levels.splice(index, 1);
    this.size -= 1;
    return item;
  }

  #levelOf(item: unknown): Backlog {
    const priority = this.#priorityOf(item);
    let [low, high] = [0, this.#levels.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#levels[middle]?.priority ?? 0) > priority) low = middle + 1;
      else high = middle;
    }
    const found = this.#levels[low];
    if (found?.priority === priority) return found.items;
    const items = new Backlog();
    this.#levels.splice(low, 0, { priority, items });
    return items;
  }
}
