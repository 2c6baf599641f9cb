/** One actor or supervisor as it is now: plain data, for any viewer. */
export interface TreeNode {
  readonly path: string;
  readonly kind: "actor" | "supervisor";
  readonly state: "starting" | "running" | "waiting-to-restart" | "stopping" | "down";
  readonly restarts: number;
  /** How many messages wait; 0 for a supervisor. */
  readonly mailbox: number;
  readonly children: readonly TreeNode[];
}
