import type { Actor, Request } from "@airssys/rt";
import { dispatch } from "nact";
import { type EventObject, fromTransition, type TransitionActorLogic } from "xstate";

/*
 * Clerks answer each question with the number of questions they have answered.
 */

export type Read = { readonly type: "read" } & Request<number>;

export const read: Read = { type: "read" };

export class Clerk implements Actor<Read> {
  #answered = 0;

  receive(): number {
    this.#answered += 1;
    return this.#answered;
  }
}

export interface NactQuestion {
  /** A ref; in nact's types these have no members. */
  readonly replyTo: object;
}

export const nactQuestion = (replyTo: object): NactQuestion => ({ replyTo });

export function nactClerk(answered: number, { replyTo }: NactQuestion): number {
  dispatch(replyTo, answered + 1);
  return answered + 1;
}

export interface XstateQuestion extends EventObject {
  readonly type: "read";
  readonly reply: (answered: number) => void;
}

/** xstate has no ask: the event carries the function that takes the answer. */
export const xstateClerk: TransitionActorLogic<number, XstateQuestion, undefined> = fromTransition(
  (answered: number, event: XstateQuestion) => {
    if (event.type !== "read") return answered;
    event.reply(answered + 1);
    return answered + 1;
  },
  0,
);
