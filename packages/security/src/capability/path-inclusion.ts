// Whether one pattern covers another is a question about two sets of paths, so it is answered as one: both patterns become automata
// over characters, and the smaller is walked with the larger beside it.
import { type CodePoints, includes, NO_SEPARATOR, SEPARATOR } from "./glob.ts";
import { tokensOf } from "./path-pattern.ts";
import type { Segment } from "./segment.ts";

/** Pairs of states looked at before it is given up, which counts as not covered. */
const MOST_PAIRS = 10_000;

interface Step {
  readonly on: CodePoints;
  readonly to: number;
}

class Automaton {
  readonly steps: Step[][] = [[]];
  /** Ways that take no character. */
  readonly leaps = new Map<number, number>();

  constructor(segments: readonly Segment[]) {
    for (const segment of segments) this.#append(segment);
  }

  get last(): number {
    return this.steps.length - 1;
  }

  /** The states, and all that can be had from them without a character, in order. */
  closure(states: Iterable<number>): readonly number[] {
    const all = new Set<number>();
    for (const state of states) {
      for (let at: number | undefined = state; at !== undefined && !all.has(at); at = this.leaps.get(at)) all.add(at);
    }
    return [...all].toSorted((one, other) => one - other);
  }

  next(states: readonly number[], point: number): readonly number[] {
    const after = new Set<number>();
    for (const state of states) {
      for (const { on, to } of this.steps[state] ?? []) if (includes(on, point)) after.add(to);
    }
    return this.closure(after);
  }

  #append(segment: Segment): void {
    const before = this.last;
    this.#step(before, SEPARATOR, this.#state());
    if (segment.type === "rest") {
      const inside = this.#state();
      this.#step(inside - 1, NO_SEPARATOR, inside);
      this.#step(inside, NO_SEPARATOR, inside);
      this.#step(inside, SEPARATOR, inside - 1);
      const after = this.#state();
      this.leaps.set(before, after);
      this.leaps.set(inside, after);
      return;
    }
    for (const { matches, isMany } of tokensOf(segment)) {
      const at = this.last;
      this.#step(at, matches, isMany ? at : this.#state());
    }
  }

  #state(): number {
    this.steps.push([]);
    return this.last;
  }

  #step(from: number, on: CodePoints, to: number): void {
    this.steps[from]?.push({ on, to });
  }
}

/** Whether every path of `requested` is one of `granted`. False, too, where finding out would take too long. */
export function coversPaths(granted: readonly Segment[], requested: readonly Segment[]): boolean {
  const outer = new Automaton(granted);
  const inner = new Automaton(requested);
  const seen = new Set<string>();
  const open: (readonly [state: number, beside: readonly number[]])[] = [];

  const reach = (states: readonly number[], beside: readonly number[]): boolean => {
    // Every state of the inner one leads to some path, so nothing beside it is a path that is not covered.
    if (beside.length === 0) return false;
    for (const state of states) {
      if (state === inner.last && !beside.includes(outer.last)) return false;
      const key = `${state} ${beside.join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      open.push([state, beside]);
    }
    return seen.size <= MOST_PAIRS;
  };

  if (!reach(inner.closure([0]), outer.closure([0]))) return false;
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [state, beside] = pair;
    for (const { on, to } of inner.steps[state] ?? []) {
      for (const point of representatives(
        on,
        beside.flatMap((each) => outer.steps[each] ?? []),
      )) {
        if (!reach(inner.closure([to]), outer.next(beside, point))) return false;
      }
    }
  }
  return true;
}

/** Of the points in `on` one from each group that no step tells apart. */
function representatives(on: CodePoints, steps: readonly Step[]): readonly number[] {
  const borders = steps.flatMap((step) => step.on.flatMap(([from, to]) => [from, to + 1]));
  return [...new Set(on.flatMap(([from, to]) => [from, ...borders.filter((border) => border > from && border <= to)]))];
}
