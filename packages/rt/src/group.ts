import type { ActorRef, AnyActorRef } from "./actor-ref.ts";

/** The actors that joined under one name, as they are at each moment. */
export interface Group<M> {
  readonly name: string;
  /** In the order they joined. A change makes a new array. */
  readonly members: readonly ActorRef<M>[];
}

/** A group where it does not matter what its members accept. */
export interface AnyGroup {
  readonly name: string;
  readonly members: readonly AnyActorRef[];
}

/** A group by its name alone: whoever is in it now is looked up, so that one nobody is in takes no room. */
export class NamedGroup implements AnyGroup {
  readonly name: string;
  readonly #membersOf: (name: string) => readonly AnyActorRef[];

  constructor(name: string, membersOf: (name: string) => readonly AnyActorRef[]) {
    this.name = name;
    this.#membersOf = membersOf;
  }

  get members(): readonly AnyActorRef[] {
    return this.#membersOf(this.name);
  }
}
