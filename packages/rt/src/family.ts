import type { ExitReason } from "./exit-reason.ts";
import type { TreeNode } from "./tree-node.ts";

/** How long a child may take to stop; `kill` does not wait at all, `infinity` always does. */
export type Shutdown = number | "kill" | "infinity";

export const DEFAULT_SHUTDOWN_MS = 5000;

/** One that a parent stops before itself. */
export interface Relative {
  older: Relative | null;
  younger: Relative | null;
  /** Undefined when it has stopped already; else resolves when it has, which is within `shutdown`. */
  shutDown(reason: ExitReason, shutdown: Shutdown): Promise<void> | undefined;
  kill(): void;
  describe(): TreeNode;
}

export interface Parent {
  youngest: Relative | null;
}

export function adopt(parent: Parent, child: Relative): void {
  const older = parent.youngest;
  child.older = older;
  if (older !== null) older.younger = child;
  parent.youngest = child;
}

export function release(parent: Parent, child: Relative): void {
  const { older, younger } = child;
  if (younger !== null) younger.older = older;
  else if (parent.youngest === child) parent.youngest = older;
  if (older !== null) older.younger = younger;
  child.older = null;
  child.younger = null;
}

/** Stops the youngest first, each after the one before has stopped. Undefined when none had to be waited for. */
export function stopFamily(parent: Parent, reason: ExitReason): Promise<void> | undefined {
  for (let child = parent.youngest; child !== null; child = parent.youngest) {
    const stopping = child.shutDown(reason, DEFAULT_SHUTDOWN_MS);
    if (stopping !== undefined) return stopping.then(() => stopFamily(parent, reason));
    if (parent.youngest === child) release(parent, child);
  }
  return undefined;
}

export function killFamily(parent: Parent): void {
  for (let child = parent.youngest; child !== null; child = parent.youngest) {
    child.kill();
    if (parent.youngest === child) release(parent, child);
  }
}

/** The children in the order they were started. */
export function describeFamily(parent: Parent): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let child = parent.youngest; child !== null; child = child.older) nodes.push(child.describe());
  return nodes.toReversed();
}
