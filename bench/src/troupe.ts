/** xstate's events have a type, so all messages have one. */
export interface Message {
  readonly type: string;
}

export type Send<M> = (message: M) => void;

/** Who has somebody to ask. */
export interface Asker {
  /**
   * Asks one question after another, as long as `takes` says so of each reply, which is the number of questions answered so far.
   * May be called again before it is over: then several questions are in flight.
   */
  ask(takes: (reply: unknown) => boolean): Promise<void>;
}

/**
 * The actors of one library, used as its documentation shows. A workload that only needs to send is written once against it; every
 * subject has a process of its own, so the calls in between are compiled into it for each.
 */
export interface Troupe {
  /** Starts an actor, and returns how to send to it. */
  spawn<M extends Message>(receive: (message: M) => void): Send<M>;
  /** Starts an actor that answers each question with the number of questions it has answered. */
  spawnClerk(): Asker;
  close(): Promise<void>;
}

export interface TroupeOptions {
  /** Of the mailboxes, where the library bounds them. */
  readonly capacity: number | "unbounded";
}
