import type { ActorRef, AnyActorRef } from "./actor-ref.ts";

/**
 * Names for actors. A name belongs to one actor until it is given back or the actor has stopped; a restart keeps it.
 */
export interface Registry {
  /** @throws AlreadyRegisteredError when another actor has that name. */
  register(name: string, ref: AnyActorRef): void;
  /** The message type is the caller's word: a name does not carry one. */
  lookup<M = unknown>(name: string): ActorRef<M> | undefined;
  unregister(name: string): void;
  readonly size: number;
}
