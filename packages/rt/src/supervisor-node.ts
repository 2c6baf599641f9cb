import type { Actor, AnyActorFactory } from "./actor.ts";
import type { ActorRef, AnyActorRef } from "./actor-ref.ts";
import type { ChildCount, ChildInfo, SupervisorTerminated } from "./child-info.ts";
import type { ChildSpec } from "./child-spec.ts";
import type { DynamicSupervisor } from "./dynamic-supervisor.ts";

declare const children: unique symbol;

/** A spec that knows by its type what its user will have as children. Exists only in types. */
export interface Knowing<Children> {
  readonly [children]?: Children;
}

/**
 * What its user has of a child, as its spec tells: a ref that knows what the actor accepts, a supervisor that knows its children, or a
 * dynamic one that knows what it takes. Of an actor whose handler returns what its requests do not promise there is nothing.
 */
export type ChildOf<Spec> = typeof children extends keyof Spec
  ? Spec extends Knowing<infer Children>
    ? SupervisorNode<Children>
    : never
  : Spec extends { readonly start: infer Start }
    ? RefOf<Start>
    : Spec extends { readonly template: (argument: infer Argument) => infer Template }
      ? DynamicSupervisor<Argument, ChildOf<Template>>
      : Spec extends { readonly children: readonly (infer Child)[] }
        ? SupervisorNode<ChildrenOf<Child>>
        : never;

/** A ref to what a factory builds. Of a factory of whatever actor only that it is one is known. */
type RefOf<Start> =
  IsSame<Start, AnyActorFactory> extends true
    ? AnyActorRef
    : Start extends (...context: never) => Actor<infer M>
      ? ActorRef<M>
      : never;

/** Neither wider nor narrower, which `extends` does not tell: a factory of any actor passes for one of every other. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- two generic functions are the same only if these are
type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The children of these specs by their ids. */
export type ChildrenOf<Child> = {
  readonly [One in Child as One extends { readonly id: infer Id extends string } ? Id : never]: ChildOf<One>;
};

/** The children of a supervisor of which nothing is known: to send to one, say what it accepts. */
export interface AnyChildren {
  readonly [id: string]: AnyActorRef | SupervisorNode | DynamicSupervisor<never, unknown>;
}

interface AnySupervisor {
  supervisor(id: never): unknown;
}

interface AnyDynamic {
  readonly size: number;
  startChild(...args: never): unknown;
}

/** Lets an id pass whose child is of a kind, and none else. */
type IfOf<Child, Kind> = [Extract<Child, Kind>] extends [never] ? never : unknown;

/** An id that may be any text, for whoever says by a type argument what is behind it. */
export type IdOfAny<Word> = [Word] extends [never] ? never : string;

/**
 * Keeps its children alive: restarts them as their specs say, and fails with the cause when they fail more often than allowed.
 * `Children` is what its user has of each child by its id, as the specs tell that it was started with. Of a child that was added later,
 * or whose id is not known before the program runs, the type is the caller's word: `child<Message>(id)`.
 *
 * Every method throws or rejects with UnknownChildError for an id it does not know, and SupervisorStoppedError once it is down. Disposing
 * of it stops it.
 */
export interface SupervisorNode<Children = AnyChildren> extends AsyncDisposable {
  readonly path: string;

  /** The ref of an actor child: of this incarnation and all later ones. */
  child<M = never>(id: IdOfAny<M>): NoInfer<ActorRef<M>>;
  child<Id extends keyof Children>(id: Id & IfOf<Children[Id], AnyActorRef>): Extract<Children[Id], AnyActorRef>;
  /** A child that is a supervisor. */
  supervisor<Inner = never>(id: IdOfAny<Inner>): NoInfer<SupervisorNode<Inner>>;
  supervisor<Id extends keyof Children>(
    id: Id & IfOf<Children[Id], AnySupervisor>,
  ): Extract<Children[Id], AnySupervisor>;
  /** A child that is a dynamic supervisor. */
  dynamic<Argument = never, Child = ActorRef<unknown>>(
    id: IdOfAny<Argument>,
  ): NoInfer<DynamicSupervisor<Argument, Child>>;
  dynamic<Id extends keyof Children>(id: Id & IfOf<Children[Id], AnyDynamic>): Extract<Children[Id], AnyDynamic>;

  /** Adds a child, as the last in order, and starts it. Rejects with DuplicateIdError, or with ActorStartError, and then the spec is not kept. */
  startChild<const Spec extends ChildSpec>(spec: Spec): Promise<ChildOf<Spec>>;
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
