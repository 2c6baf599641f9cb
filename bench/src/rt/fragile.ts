import type { Actor } from "@airssys/rt";
import type { Tally } from "../tally.ts";

export type Message = { readonly type: "crash" } | { readonly type: "count" };

export const crash: Message = { type: "crash" };
export const count: Message = { type: "count" };

/** What every subject's worker does. Only the first message of an incarnation counts: a worker that kept its state would not. */
export class Fragile implements Actor<Message> {
  readonly #tally: Tally;
  #isFresh = true;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  receive({ type }: Message): void {
    if (type === "crash") throw new Error("crash");
    if (!this.#isFresh) throw new Error("this incarnation has handled a message before");
    this.#isFresh = false;
    this.#tally.count();
  }
}
