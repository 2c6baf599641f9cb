import type { ReplyTo } from "./request.ts";

export interface AskOptions {
  /** How long to wait for the reply; 5000 unless said. */
  readonly timeoutMs?: number;
}

export interface TellOptions {
  /**
   * After this nobody needs the message any more: unless it is being handled by then, it becomes a dead letter with the reason
   * `expired`. It travels in an envelope, which makes it dearer than a bare one. For ever unless said.
   */
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
  tell(message: M, options?: TellOptions): void;

  /**
   * Puts the message into the mailbox as soon as it has room, and resolves then: await it, and a slow actor slows its senders down.
   * Senders are let in one by one, in the order they came, ahead of bare tells. Rejects with ActorStoppedError when the actor stops
   * before; the message is then a dead letter.
   */
  tellWhenRoom(message: M): Promise<void>;

  /**
   * Resolves to what the actor's handler returns. Rejects with AskTimeoutError, ActorStoppedError, ActorCrashedError or
   * MailboxFullError.
   */
  ask<const Sent extends M>(message: Sent, options?: AskOptions): Promise<ReplyTo<M, Sent>>;
}
