import type { ChildCount, ChildInfo, SupervisorTerminated } from "./child-info.ts";

export interface StartOptions {
  /** The last segment of the path; unique among siblings. A number is chosen unless given. */
  readonly id?: string;
}

/** Starts need no argument where the template takes none. */
export type StartArguments<Argument> = undefined extends Argument
  ? readonly [argument?: Argument, options?: StartOptions]
  : readonly [argument: Argument, options?: StartOptions];

/**
 * A supervisor of any number of children of one kind. `Child` is what its user has of each: an ActorRef or a SupervisorNode, good for
 * this incarnation and all later ones. To start, stop or find one takes the same time however many there are.
 * Every method throws or rejects with UnknownChildError for a child it does not have, and SupervisorStoppedError once it is down.
 * Disposing of it stops it.
 */
export interface DynamicSupervisor<Argument, Child> extends AsyncDisposable {
  readonly path: string;
  /** How many children there are. */
  readonly size: number;

  /** Rejects with DuplicateIdError, TooManyChildrenError, or ActorStartError; then there is no such child. */
  startChild(...args: StartArguments<Argument>): Promise<Child>;
  child(id: string): Child;
  /** Stops a child for good, and forgets it. */
  terminateChild(child: string | Child): Promise<void>;
  /** In start order. */
  whichChildren(): readonly ChildInfo[];
  countChildren(): ChildCount;
  /** Hears once when this supervisor is down. */
  onTerminated(listener: (terminated: SupervisorTerminated) => void): Disposable;
  /** Stops all children at once, each within its shutdown time, and then itself. */
  stop(): Promise<void>;
}
