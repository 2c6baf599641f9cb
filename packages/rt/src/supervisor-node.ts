import type { Actor } from "./actor.ts";
import type { ActorRef } from "./actor-ref.ts";
import type { ChildCount, ChildInfo, SupervisorTerminated } from "./child-info.ts";
import type { ActorSpec, AnyDynamicSpec, ChildSpec, SupervisorSpec } from "./child-spec.ts";
import type { DynamicSupervisor } from "./dynamic-supervisor.ts";

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
  /** A child that is a dynamic supervisor. What it takes and what it has as children is the caller's word. */
  dynamic<Argument, Child = ActorRef<unknown>>(id: string): DynamicSupervisor<Argument, Child>;

  /** Adds a child, as the last in order, and starts it. Rejects with DuplicateIdError, or with ActorStartError, and then the spec is not kept. */
  startChild<M = unknown>(spec: ActorSpec): Promise<ActorRef<M>>;
  startChild(spec: SupervisorSpec): Promise<SupervisorNode>;
  startChild<Argument, Child = ActorRef<unknown>>(spec: AnyDynamicSpec): Promise<DynamicSupervisor<Argument, Child>>;
  /**
   * Stops a child; also one that waits for its restart, and then those that wait with it. The spec is kept, unless the child is
   * temporary. Where the strategy is a group's, a restart of the group brings it back.
   */
  terminateChild(id: string): Promise<void>;
  /** Starts a child that is down. Rejects with ChildRunningError when it is not, and ActorStartError when it does not start. */
  restartChild(id: string): Promise<void>;
  /** Forgets the spec of a child that is down. @throws ChildRunningError when it is not. */
  deleteChild(id: string): void;
  childSpec(id: string): ChildSpec;
  /** In start order. */
  whichChildren(): readonly ChildInfo[];
  countChildren(): ChildCount;

  /** Hears once when this supervisor is down, whether it was stopped, ended or gave up; also when one above brings it back. */
  onTerminated(listener: (terminated: SupervisorTerminated) => void): Disposable;

  /**
   * Stops all children in reverse start order, each within its shutdown time, and then itself. A supervisor above may bring it
   * back, as any permanent child that was stopped by somebody else.
   */
  stop(): Promise<void>;
}

/** What there is of a child that was started from a template: a ref that knows what its actor accepts, or a supervisor. */
export type ChildOf<Template> = Template extends { readonly start: (...context: never) => Actor<infer M> }
  ? ActorRef<M>
  : SupervisorNode;
