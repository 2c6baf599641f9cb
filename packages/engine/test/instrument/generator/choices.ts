import { Random } from "../random.ts";

/**
 * The decisions behind a generated module. They are drawn from a seed and kept, or taken from a list that was kept: any list makes a
 * valid module, so a failing one shrinks by leaving out and lowering numbers. What is written first, or chosen by 0, is the simplest.
 */
export class Choices {
  readonly #draw: () => number;
  readonly #made: number[] = [];

  /** Where a list ends, the simplest is chosen. */
  constructor(source: Random | readonly number[]) {
    if (source instanceof Random) this.#draw = () => source.next();
    else this.#draw = () => source[this.#made.length] ?? 0;
  }

  /** What was chosen so far. */
  get made(): readonly number[] {
    return this.#made;
  }

  below(limit: number): number {
    const choice = this.#draw() % limit;
    this.#made.push(choice);
    return choice;
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.below(inTimes) === inTimes - 1;
  }

  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  /** Up to `most` items. */
  some<T>(most: number, item: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, item);
  }
}
