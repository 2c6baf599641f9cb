import { ActorCell, cellOf } from "./actor-cell.ts";
import type { ActorRef, AnyActorRef } from "./actor-ref.ts";
import { AlreadyRegisteredError } from "./errors.ts";
import type { EventStream } from "./event-stream.ts";
import { type AnyGroup, type Group, NamedGroup } from "./group.ts";
import { LocalRef } from "./local-ref.ts";
import type { Registry } from "./registry.ts";
import { Router } from "./router.ts";

interface Entry {
  readonly ref: AnyActorRef;
  readonly detach: () => void;
}

/** Those who are in a group, in the order they joined. */
interface Members {
  readonly memberships: Map<ActorCell, Disposable>;
  readonly members: readonly AnyActorRef[];
}

const NO_MEMBERS: readonly AnyActorRef[] = Object.freeze([]);

/** Names in one process. */
export class LocalRegistry implements Registry {
  readonly #events: EventStream;
  readonly #entries = new Map<string, Entry>();
  readonly #groups = new Map<string, Members>();

  constructor(events: EventStream) {
    this.#events = events;
  }

  get size(): number {
    return this.#entries.size;
  }

  register(name: string, ref: AnyActorRef): void {
    const holder = this.#entries.get(name);
    if (holder !== undefined) {
      if (holder.ref === ref) return;
      throw new AlreadyRegisteredError(name, holder.ref.path);
    }
    if (LocalRef.addresseeOf(ref) instanceof Router) {
      this.#entries.set(name, { ref, detach: () => undefined });
      return;
    }
    const cell = cellOf(ref);
    if (cell.isStopped) return;
    const detach = cell.attach({ [Symbol.dispose]: () => this.unregister(name) });
    this.#entries.set(name, { ref, detach });
  }

  lookup<M = unknown>(name: string): ActorRef<M> | undefined;
  lookup(name: string): AnyActorRef | undefined {
    return this.#entries.get(name)?.ref;
  }

  unregister(name: string): void {
    this.#entries.get(name)?.detach();
    this.#entries.delete(name);
  }

  join(name: string, ref: AnyActorRef): Disposable {
    const cell = cellOf(ref);
    const memberships = this.#groups.get(name)?.memberships ?? new Map<ActorCell, Disposable>();
    const present = memberships.get(cell);
    if (present !== undefined) return present;
    if (cell.isStopped) return { [Symbol.dispose]: () => undefined };
    const membership: Disposable = {
      [Symbol.dispose]: () => {
        if (memberships.get(cell) !== membership) return;
        memberships.delete(cell);
        this.#regroup(name, memberships);
        detach();
        if (this.#events.observes("group-left"))
          this.#events.emit({ type: "group-left", path: cell.path, group: name });
      },
    };
    const detach = cell.attach(membership);
    memberships.set(cell, membership);
    this.#regroup(name, memberships);
    if (this.#events.observes("group-joined"))
      this.#events.emit({ type: "group-joined", path: cell.path, group: name });
    return membership;
  }

  group<M = unknown>(name: string): Group<M>;
  group(name: string): AnyGroup {
    return new NamedGroup(name, (one) => this.#groups.get(one)?.members ?? NO_MEMBERS);
  }

  /** A group that nobody is in is forgotten. */
  #regroup(name: string, memberships: Map<ActorCell, Disposable>): void {
    if (memberships.size === 0) this.#groups.delete(name);
    else this.#groups.set(name, { memberships, members: Array.from(memberships.keys(), ({ self }) => self) });
  }
}
