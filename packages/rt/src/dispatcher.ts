import type { TurnSource } from "./clock.ts";

export interface DispatcherOptions {
  /** How many messages one actor handles before the next one gets its turn; 100 unless said. */
  readonly throughput?: number;
  /** How long actors run before the host may serve timers and I/O; 0.25 unless said. */
  readonly sliceMs?: number;
  /** Which of the actors that wait for a turn gets the next one, from 0 to below `ready`: for tests. The first unless given. */
  readonly pick?: (ready: number) => number;
}

/** Something with work to do: does at most `budget` pieces of it and says how many it did. */
export interface Runnable {
  run(budget: number): number;
}

const FIRST_CAPACITY = 1024;
const FIRST_CHECK = 64;
const LONGEST_CHECK = 8192;
/** The clock is read about this often per slice. */
const CHECKS_PER_SLICE = 8;

/**
 * Gives actors with messages their turns, in the order they became ready.
 *
 * A turn starts in a microtask. After a slice of work it goes on behind the host's I/O, and work that microtasks start anew
 * counts towards the same slice: so a system that is never idle still serves timers and sockets. How often the clock is read
 * adapts to what handlers cost, because a reading costs more than a small handler. (bench: `saturated`)
 */
export class Dispatcher {
  /** Set by an actor that settled a promise: the turn ends, so that whoever awaits it runs at once. */
  hasSettled = false;
  /** Another number whenever time may have passed: as the drain begins and ends, and when it looks at the clock. */
  turn = 0;
  readonly #turns: TurnSource;
  readonly #throughput: number;
  readonly #sliceMs: number;
  readonly #pick: ((ready: number) => number) | undefined;
  #queue: (Runnable | undefined)[] = newRing(FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  #first = 0;
  #size = 0;
  #isScheduled = false;
  #sliceStart: number;
  #work = 0;
  #workInSlice = 0;
  #checkEvery = FIRST_CHECK;
  readonly #runSoon = (): void => {
    this.#drain();
  };
  readonly #runAfterIo = (): void => {
    this.#sliceStart = this.#turns.now();
    this.#work = 0;
    this.#workInSlice = 0;
    this.#drain();
  };

  constructor(turns: TurnSource, options: DispatcherOptions = {}) {
    this.#turns = turns;
    this.#throughput = options.throughput ?? 100;
    this.#sliceMs = options.sliceMs ?? 0.25;
    this.#pick = options.pick;
    this.#sliceStart = turns.now();
  }

  /** Whether nobody waits for a turn. */
  get isIdle(): boolean {
    return !this.#isScheduled;
  }

  enqueue(runnable: Runnable): void {
    if (this.#size > this.#mask) this.#grow();
    this.#queue[(this.#first + this.#size) & this.#mask] = runnable;
    this.#size += 1;
    if (!this.#isScheduled) this.#schedule();
  }

  /** Has `turn` change soon, even if nobody gets ready. */
  expectTurn(): void {
    if (!this.#isScheduled) this.#schedule();
  }

  #schedule(): void {
    this.#isScheduled = true;
    this.#work += 1;
    if (this.#work >= this.#checkEvery && this.#isSliceOver()) this.#turns.afterIo(this.#runAfterIo);
    else this.#turns.soon(this.#runSoon);
  }

  #drain(): void {
    this.turn += 1;
    while (this.#size > 0) {
      if (this.#pick !== undefined) this.#bringForward(this.#pick(this.#size));
      const runnable = this.#queue[this.#first];
      this.#queue[this.#first] = undefined;
      this.#first = (this.#first + 1) & this.#mask;
      this.#size -= 1;
      if (runnable !== undefined) {
        const untilCheck = this.#checkEvery - this.#work;
        const budget = untilCheck > 0 && untilCheck < this.#throughput ? untilCheck : this.#throughput;
        this.#work += runnable.run(budget);
      }
      if (this.#size === 0) break;
      if (this.#work >= this.#checkEvery && this.#isSliceOver()) {
        this.hasSettled = false;
        this.#turns.afterIo(this.#runAfterIo);
        return;
      }
      if (this.hasSettled) {
        this.hasSettled = false;
        this.#turns.soon(this.#runSoon);
        return;
      }
    }
    this.hasSettled = false;
    this.#isScheduled = false;
    this.turn += 1;
  }

  /** Lets the one at `index` pass those before it. */
  #bringForward(index: number): void {
    const chosen = this.#queue[(this.#first + index) & this.#mask];
    for (let at = index; at > 0; at -= 1) {
      this.#queue[(this.#first + at) & this.#mask] = this.#queue[(this.#first + at - 1) & this.#mask];
    }
    this.#queue[this.#first] = chosen;
  }

  #isSliceOver(): boolean {
    this.turn += 1;
    const elapsedMs = this.#turns.now() - this.#sliceStart;
    this.#workInSlice += this.#work;
    this.#work = 0;
    const next = (this.#workInSlice * this.#sliceMs) / (CHECKS_PER_SLICE * elapsedMs);
    this.#checkEvery = next < 1 ? 1 : next > LONGEST_CHECK ? LONGEST_CHECK : Math.trunc(next);
    if (elapsedMs <= this.#sliceMs) return false;
    this.#sliceStart += elapsedMs;
    this.#workInSlice = 0;
    return true;
  }

  #grow(): void {
    const length = this.#queue.length;
    const grown = newRing(length * 2);
    for (let index = 0; index < length; index += 1) grown[index] = this.#queue[(this.#first + index) & this.#mask];
    this.#queue = grown;
    this.#mask = length * 2 - 1;
    this.#first = 0;
  }
}

function newRing(length: number): (Runnable | undefined)[] {
  return Array.from({ length }, () => undefined);
}
