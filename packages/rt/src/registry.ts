import type { ActorRef, AnyActorRef } from "./actor-ref.ts";
import type { Group } from "./group.ts";

/**
 * Names for actors. A name belongs to one actor until it is given back or the actor has stopped; a restart keeps it. A group has
 * any number of members, each until it leaves or has stopped.
 */
export interface Registry {
  /** @throws AlreadyRegisteredError when another actor has that name. */
  register(name: string, ref: AnyActorRef): void;
  /** The message type is the caller's word: a name does not carry one. */
  lookup<M = unknown>(name: string): ActorRef<M> | undefined;
  unregister(name: string): void;
  readonly size: number;

  /** Makes an actor a member of a group until the result is disposed. Joining twice is joining once. */
  join(group: string, ref: AnyActorRef): Disposable;
  /** The group of that name, whether it has members or not. The message type is the caller's word. */
  group<M = unknown>(name: string): Group<M>;
}
