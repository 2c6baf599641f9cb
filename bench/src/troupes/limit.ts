import { Fifo } from "../fifo.ts";
import type { Asker, Message, Send, Troupe } from "../troupe.ts";

/** One queue of calls for all, with nothing around it; a question is a promise that a direct call settles, without a deadline. */
export function limitTroupe(): Troupe {
  const fifo = new Fifo<object>();
  return {
    spawn<M extends Message>(receive: (message: M) => void): Send<M> {
      const receiver = { receive };
      return (message) => fifo.send(receiver, message);
    },
    spawnClerk(): Asker {
      let answered = 0;
      const answer = (reply: (answered: number) => void): void => reply((answered += 1));
      return {
        ask: async (takes) => {
          while (takes(await new Promise(answer)));
        },
      };
    },
    close: async () => {},
  };
}
