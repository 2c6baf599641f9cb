/** A reply that is still being worked on, while its actor goes on with other messages. */
export class LaterReply<R = unknown> {
  readonly work: Promise<R>;

  constructor(work: Promise<R>) {
    this.work = work;
  }
}

/**
 * What a handler returns to reply when `work` is done, without holding back the messages after this one. A rejection is an answer
 * too: who asked is rejected with it, and the actor lives on. When the incarnation ends first, who asked hears that at once. Several
 * messages may be answered by the same work. The work itself must not touch the actor's state: `context.pipeToSelf` is for that.
 */
export function replyLater<R>(work: Promise<R>): LaterReply<R> {
  return new LaterReply(work);
}
