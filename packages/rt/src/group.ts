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

/** A group whose members come and go. */
export class LocalGroup implements AnyGroup {
  readonly name: string;
  #members: readonly AnyActorRef[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get members(): readonly AnyActorRef[] {
    return this.#members;
  }

  has(ref: AnyActorRef): boolean {
    return this.#members.some((one) => one === ref);
  }

  add(ref: AnyActorRef): void {
    this.#members = [...this.#members, ref];
  }

  remove(ref: AnyActorRef): void {
    this.#members = this.#members.filter((one) => one !== ref);
  }
}
