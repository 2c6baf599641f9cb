import type { Play } from "../played.ts";
import { Tally } from "../tally.ts";
import type { Send } from "../troupe.ts";
import { Balances, destinationNumbers, type Done, done, ordering, sourceNumbers } from "./transfers.ts";

type ToSource =
  | { readonly type: "send"; readonly amount: number; readonly to: Send<ToDestination> }
  | { readonly type: "taken" };

interface ToDestination {
  readonly type: "take";
  readonly amount: number;
  readonly from: Send<ToSource>;
}

const taken: ToSource = { type: "taken" };

/** Without an ask: the answer is a message, and an account that waits for it puts aside what comes before. No deadline is armed. */
export const withoutAsking: Play = (troupe) => {
  const tally = new Tally();
  const teller = troupe.spawn<Done>(() => void tally.count());
  const balances = new Balances();
  const destinations = destinationNumbers.map(() => {
    const balance = balances.open();
    return troupe.spawn<ToDestination>(({ amount, from }) => {
      balance.amount += amount;
      from(taken);
    });
  });
  const sources = sourceNumbers.map((): Send<ToSource> => {
    const balance = balances.open();
    const putAside: ToSource[] = [];
    let underWay = 0;
    const from: Send<ToSource> = (message) => self(message);
    const self = troupe.spawn<ToSource>((message) => {
      let next: ToSource | undefined = message;
      if (message.type === "taken") {
        balance.amount -= underWay;
        underWay = 0;
        teller(done);
        next = putAside.shift();
      }
      if (next?.type !== "send") return;
      if (underWay > 0) {
        putAside.push(next);
        return;
      }
      underWay = next.amount;
      next.to({ type: "take", amount: next.amount, from });
    });
    return self;
  });
  return ordering(tally, balances, (source, destination, amount) => {
    const to = destinations[destination];
    if (to !== undefined) sources[source]?.({ type: "send", amount, to });
  });
};
