import { type Actor, type ActorContext, type Answer, refuse, type Request } from "@airssys/rt";

export type Order =
  | { readonly type: "work" | "crash" | "leave" | "dawdle" | "open" | "close" | "keep" }
  | ({ readonly type: "read" | "refuse" } & Request<number>);

export const work: Order = { type: "work" };
export const crash: Order = { type: "crash" };
export const leave: Order = { type: "leave" };
export const dawdle: Order = { type: "dawdle" };
export const open: Order = { type: "open" };
export const close: Order = { type: "close" };
export const keep: Order = { type: "keep" };
export const read: Order = { type: "read" };
export const refuseIt: Order = { type: "refuse" };

const DAWDLE_MS = 60;

/** Where it is written down how many were handled. */
export interface Account {
  handled: number;
}

/** Does what it is told, and counts each message that it handled. */
export class Hand implements Actor<Order> {
  readonly #account: Account;
  #isOpen = true;

  constructor(account: Account) {
    this.#account = account;
  }

  receive({ type }: Order, context: ActorContext<Order>): Answer<Order> {
    if (type === "crash") throw new RangeError("crash");
    if (type === "keep" && !this.#isOpen) return context.stash();
    this.#account.handled += 1;
    switch (type) {
      case "work":
      case "keep":
        return undefined;
      case "read":
        return this.#account.handled;
      case "refuse":
        return refuse(new RangeError("refused"));
      case "leave":
        context.stop();
        return undefined;
      case "dawdle":
        return new Promise((resolve) => {
          setTimeout(resolve, DAWDLE_MS, 0);
        });
      case "close":
        this.#isOpen = false;
        return undefined;
      case "open":
        this.#isOpen = true;
        context.unstashAll();
        return undefined;
    }
  }
}
