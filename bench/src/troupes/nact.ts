import { dispatch, query, spawn, start, stop } from "nact";
import type { Asker, Message, Send, Troupe } from "../troupe.ts";

export interface NactQuestion {
  /** A ref; in nact's types these have no members. */
  readonly replyTo: object;
}

export const nactQuestion = (replyTo: object): NactQuestion => ({ replyTo });

/** Answers each question with the number of questions it has answered: its state. */
export function nactClerk(answered: number, { replyTo }: NactQuestion): number {
  dispatch(replyTo, answered + 1);
  return answered + 1;
}

/** Every actor needs a name. */
export function nactTroupe(): Troupe {
  const system = start();
  let spawned = 0;
  const name = (): string => `actor-${(spawned += 1)}`;
  return {
    spawn<M extends Message>(receive: (message: M) => void): Send<M> {
      const actor = spawn(system, (_state: undefined, message: M) => receive(message), name());
      return (message) => dispatch(actor, message);
    },
    spawnClerk(): Asker {
      const clerk = spawn(system, nactClerk, name(), { initialState: 0 });
      return {
        ask: async (takes) => {
          while (takes(await query(clerk, nactQuestion, 5000)));
        },
      };
    },
    close: async () => stop(system),
  };
}
