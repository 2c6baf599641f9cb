import type { Actor, Answer, Request } from "../src/index.ts";

/** Counts, answers what it has counted, and crashes when told to. */
export type CounterMessage =
  | { readonly type: "increment"; readonly by: number }
  | ({ readonly type: "read" } & Request<number>)
  | { readonly type: "crash"; readonly with: unknown };

export class Counter implements Actor<CounterMessage> {
  #count = 0;

  receive(message: CounterMessage): Answer<CounterMessage> {
    switch (message.type) {
      case "increment":
        this.#count += message.by;
        return;
      case "read":
        return this.#count;
      case "crash":
        throw message.with;
    }
  }
}

export const increment: CounterMessage = { type: "increment", by: 1 };

export function crashWith(error: unknown): CounterMessage {
  return { type: "crash", with: error };
}
