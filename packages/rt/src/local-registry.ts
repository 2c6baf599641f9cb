import { cellOf } from "./actor-cell.ts";
import type { ActorRef, AnyActorRef } from "./actor-ref.ts";
import { AlreadyRegisteredError } from "./errors.ts";
import type { Registry } from "./registry.ts";

interface Entry {
  readonly ref: AnyActorRef;
  readonly detach: () => void;
}

/** Names in one process. */
export class LocalRegistry implements Registry {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  register(name: string, ref: AnyActorRef): void {
    const holder = this.#entries.get(name);
    if (holder !== undefined) {
      if (holder.ref === ref) return;
      throw new AlreadyRegisteredError(name, holder.ref.path);
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
}
