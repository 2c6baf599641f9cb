/** What an actor has done since it was spawned, over all its incarnations. */
export interface ActorCounters {
  /** Messages handled or at hand. What became a dead letter instead, or was put aside, is not among them. */
  readonly handled: number;
  /** How often it failed. */
  readonly failed: number;
  /** Messages meant for it that nobody handled. */
  readonly deadLetters: number;
  /** Messages put aside now. */
  readonly stashed: number;
}

/** One actor or supervisor as it is now: plain data, for any viewer. */
export interface TreeNode {
  readonly path: string;
  readonly kind: "actor" | "supervisor";
  readonly state: "starting" | "running" | "waiting-to-restart" | "stopping" | "down";
  readonly restarts: number;
  /** How many messages wait; 0 for a supervisor. */
  readonly mailbox: number;
  /** Of an actor; a supervisor has none. */
  readonly counters?: ActorCounters;
  readonly children: readonly TreeNode[];
}
