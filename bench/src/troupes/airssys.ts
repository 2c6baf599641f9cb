import { type Actor, ActorSystem, type Request } from "@airssys/rt";
import type { Asker, Message, Send, Troupe, TroupeOptions } from "../troupe.ts";

export type Read = { readonly type: "read" } & Request<number>;

export const read: Read = { type: "read" };

/** Answers each question with the number of questions it has answered. */
export class Clerk implements Actor<Read> {
  #answered = 0;

  receive(): number {
    this.#answered += 1;
    return this.#answered;
  }
}

export function airssysTroupe(mailbox: TroupeOptions): Troupe {
  const system = new ActorSystem("bench");
  return {
    spawn<M extends Message>(receive: (message: M) => void): Send<M> {
      const actor = system.spawn<M>(() => ({ receive }), { mailbox });
      return (message) => actor.tell(message);
    },
    spawnClerk(): Asker {
      const clerk = system.spawn<Read>(() => new Clerk());
      return {
        ask: async (takes) => {
          while (takes(await clerk.ask(read)));
        },
      };
    },
    close: () => system.shutdown(),
  };
}
