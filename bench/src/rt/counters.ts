import type { Actor } from "@airssys/rt";
import type { Tally } from "../tally.ts";

export interface Message {
  readonly type: "count";
}

/** Made once: what is compared is the way to the handler, and everybody pays the same for making messages. */
export const message: Message = { type: "count" };

export class Counter implements Actor<Message> {
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  receive(): void {
    this.#tally.count();
  }
}
