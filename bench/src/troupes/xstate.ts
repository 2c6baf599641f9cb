import { type AnyActorRef, createActor, type EventObject, fromTransition, type TransitionActorLogic } from "xstate";
import type { Asker, Message, Send, Troupe } from "../troupe.ts";

export interface XstateQuestion extends EventObject {
  readonly type: "read";
  readonly reply: (answered: number) => void;
}

/** An actor hears of its own stop as of any other event. */
const STOP = "xstate.stop";

export function xstateActor<M extends Message>(
  receive: (message: M) => void,
): TransitionActorLogic<undefined, M, undefined> {
  return fromTransition((_state: undefined, event: M): undefined => {
    if (event.type !== STOP) receive(event);
  }, undefined);
}

/** xstate has no ask: the event carries the function that takes the answer. No deadline is armed. */
export const xstateClerk: TransitionActorLogic<number, XstateQuestion, undefined> = fromTransition(
  (answered: number, event: XstateQuestion) => {
    if (event.type !== "read") return answered;
    event.reply(answered + 1);
    return answered + 1;
  },
  0,
);

/**
 * Has no hop to compare with: what is sent from outside is handled on the sender's stack, and what is sent to an actor that is
 * handling something, in a loop behind that.
 */
export function xstateTroupe(): Troupe {
  const actors: AnyActorRef[] = [];
  return {
    spawn<M extends Message>(receive: (message: M) => void): Send<M> {
      const actor = createActor(xstateActor(receive)).start();
      actors.push(actor);
      return (message) => actor.send(message);
    },
    spawnClerk(): Asker {
      const clerk = createActor(xstateClerk).start();
      actors.push(clerk);
      return {
        ask: async (takes) => {
          while (takes(await new Promise((reply) => clerk.send({ type: "read", reply }))));
        },
      };
    },
    close: async () => {
      for (const actor of actors) actor.stop();
    },
  };
}
