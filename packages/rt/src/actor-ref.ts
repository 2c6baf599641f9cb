import type { ReplyTo } from "./request.ts";

export interface AskOptions {
  /** How long to wait for the reply; 5000 unless said. */
  readonly timeoutMs?: number;
}

/** A ref to an actor of any kind, where it is only named and nothing is sent. */
export interface AnyActorRef {
  /** Where the actor is in the tree, such as `/user/counter`. */
  readonly path: string;
  tell(message: never): void;
}

/**
 * Sends to one actor, and can do nothing else. It names the actor, not an incarnation of it: it stays good when the actor is
 * restarted, and after the actor has stopped what it sends becomes a dead letter.
 */
export interface ActorRef<M> extends AnyActorRef {
  /**
   * Puts the message into the actor's mailbox and returns. A bare message: no envelope, no sender, about 20 ns.
   * @throws MailboxFullError when the mailbox is full and its policy is `error`; the message is on the error.
   */
  tell(message: M): void;

  /**
   * Resolves to what the actor's handler returns. Rejects with AskTimeoutError, ActorStoppedError, ActorCrashedError or
   * MailboxFullError.
   */
  ask<const Sent extends M>(message: Sent, options?: AskOptions): Promise<ReplyTo<M, Sent>>;
}
