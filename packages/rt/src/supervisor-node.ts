import type { ActorRef } from "./actor-ref.ts";
import type { ActorSpec, SupervisorSpec } from "./child-spec.ts";
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

/**
 * Keeps its children alive: restarts them as their specs say, and fails with the cause when they fail more often than allowed.
 * Every method throws or rejects with UnknownChildError for an id it does not know, and SupervisorStoppedError once it is down.
 */
export interface SupervisorNode {
  readonly path: string;

  /** The ref of an actor child: of this incarnation and all later ones. The message type is the caller's word. */
  child<M = unknown>(id: string): ActorRef<M>;
  /** A child that is a supervisor. */
  supervisor(id: string): SupervisorNode;

  /** Adds a child and starts it. Rejects with DuplicateIdError, or with ActorStartError, and then the spec is not kept. */
  startChild<M = unknown>(spec: ActorSpec): Promise<ActorRef<M>>;
  startChild(spec: SupervisorSpec): Promise<SupervisorNode>;
  /** Stops a child for good; also one that waits for its restart. The spec is kept, unless the child is temporary. */
  terminateChild(id: string): Promise<void>;
  /** Starts a child that is down. Rejects with ChildRunningError when it is not, and ActorStartError when it does not start. */
  restartChild(id: string): Promise<void>;
  /** Forgets the spec of a child that is down. @throws ChildRunningError when it is not. */
  deleteChild(id: string): void;
  /** In start order. */
  whichChildren(): readonly ChildInfo[];
  countChildren(): ChildCount;

  /**
   * Stops all children in reverse start order, each within its shutdown time, and then itself. A supervisor above may bring it
   * back, as any permanent child that was stopped by somebody else.
   */
  stop(): Promise<void>;
}
