import { type Tally, untilCounted } from "../tally.ts";
import type { Run } from "../workload.ts";
import { following } from "./lot.ts";

/*
 * What is the same in every subject of `banking`: who sends how much to whom, drawn by lot, and that no money is lost.
 */

const SOURCES = 800;
const DESTINATIONS = 200;
const LARGEST = 100;

export const sourceNumbers: readonly number[] = Array.from({ length: SOURCES }, (_, number) => number);
export const destinationNumbers: readonly number[] = Array.from({ length: DESTINATIONS }, (_, number) => number);

/** Told to the teller. */
export interface Done {
  readonly type: "done";
}

export const done: Done = { type: "done" };

type Order = (source: number, destination: number, amount: number) => void;

/**
 * Orders all transfers at once, waits until the teller has heard that each is done, and audits the accounts. Money goes from the
 * first accounts to the others, so that no two can wait for each other.
 */
export function ordering(tally: Tally, balances: Balances, order: Order): Run["run"] {
  return async (operations) => {
    const transferred = await untilCounted(tally, operations, () => {
      let lot = 1;
      for (let ordered = 0; ordered < operations; ordered += 1) {
        const source = following(lot);
        lot = following(source);
        order(source % SOURCES, lot % DESTINATIONS, (source % LARGEST) + 1);
      }
    });
    balances.audit();
    return transferred;
  };
}

/** What an account holds; it may be less than nothing. */
export class Balance {
  amount = 0;
}

export class Balances {
  readonly #all: Balance[] = [];

  open(): Balance {
    const balance = new Balance();
    this.#all.push(balance);
    return balance;
  }

  /** Throws when the accounts together do not hold what they held at first: nothing. */
  audit(): void {
    const sum = this.#all.reduce((before, { amount }) => before + amount, 0);
    if (sum !== 0) throw new Error(`the accounts hold ${sum}, which came from nowhere`);
  }
}
