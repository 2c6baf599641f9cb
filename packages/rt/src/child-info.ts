import type { ExitReason } from "./exit-reason.ts";
import type { Restart } from "./restart-plan.ts";
import type { TreeNode } from "./tree-node.ts";

export interface ChildInfo {
  readonly id: string;
  readonly kind: TreeNode["kind"];
  readonly state: TreeNode["state"];
  readonly restart: Restart;
  /** How often it was restarted. */
  readonly restarts: number;
}

export interface ChildCount {
  readonly specs: number;
  readonly running: number;
  readonly actors: number;
  readonly supervisors: number;
}

/** Told when a supervisor is down. One that gave up says so with a RestartIntensityExceededError as the cause in `reason`. */
export interface SupervisorTerminated {
  readonly path: string;
  readonly reason: ExitReason;
}
