import { ActorCell, cellOf } from "./actor-cell.ts";
import type { ActorRef, AnyActorRef } from "./actor-ref.ts";
import { AlreadyRegisteredError } from "./errors.ts";
import type { EventStream } from "./event-stream.ts";
import { type AnyGroup, type Group, LocalGroup } from "./group.ts";
import { LocalRef } from "./local-ref.ts";
import type { Registry } from "./registry.ts";
import { Router } from "./router.ts";

interface Entry {
  readonly ref: AnyActorRef;
  readonly detach: () => void;
}

/** Names in one process. */
export class LocalRegistry implements Registry {
  readonly #events: EventStream;
  readonly #entries = new Map<string, Entry>();
  readonly #groups = new Map<string, LocalGroup>();
  readonly #memberships = new Map<string, Map<ActorCell, Disposable>>();

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
    const members = this.#memberships.get(name) ?? new Map<ActorCell, Disposable>();
    const present = members.get(cell);
    if (present !== undefined) return present;
    if (cell.isStopped) return { [Symbol.dispose]: () => undefined };
    const group = this.#groupOf(name);
    const membership: Disposable = {
      [Symbol.dispose]: () => {
        if (members.get(cell) !== membership) return;
        members.delete(cell);
        if (members.size === 0) this.#memberships.delete(name);
        detach();
        group.remove(cell.self);
        if (this.#events.observes("group-left"))
          this.#events.emit({ type: "group-left", path: cell.path, group: name });
      },
    };
    const detach = cell.attach(membership);
    members.set(cell, membership);
    this.#memberships.set(name, members);
    group.add(cell.self);
    if (this.#events.observes("group-joined"))
      this.#events.emit({ type: "group-joined", path: cell.path, group: name });
    return membership;
  }

  group<M = unknown>(name: string): Group<M>;
  group(name: string): AnyGroup {
    return this.#groupOf(name);
  }

  #groupOf(name: string): LocalGroup {
    const group = this.#groups.get(name) ?? new LocalGroup(name);
    this.#groups.set(name, group);
    return group;
  }
}
