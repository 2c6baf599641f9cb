import { UnknownChildError } from "./errors.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { SupervisedChild } from "./supervised-child.ts";
import type { ChildCount } from "./child-info.ts";
import type { TreeNode } from "./tree-node.ts";

/** The children of one supervisor, in start order. To add, find or remove one takes the same time however many there are. */
export class ChildList {
  readonly #path: string;
  readonly #byId = new Map<string, SupervisedChild>();

  constructor(path: string) {
    this.#path = path;
  }

  get size(): number {
    return this.#byId.size;
  }

  get inStartOrder(): readonly SupervisedChild[] {
    return [...this.#byId.values()];
  }

  get inStopOrder(): readonly SupervisedChild[] {
    return this.inStartOrder.toReversed();
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  lookup(id: string): SupervisedChild | undefined {
    return this.#byId.get(id);
  }

  /** @throws UnknownChildError */
  find(id: string): SupervisedChild {
    const child = this.#byId.get(id);
    if (child === undefined) throw this.unknown(id, [...this.#byId.keys()]);
    return child;
  }

  unknown(id: string, known: readonly string[]): UnknownChildError {
    return new UnknownChildError(this.#path, id, known);
  }

  /** Puts it last; no other may have its id. */
  add(child: SupervisedChild): void {
    this.#byId.set(child.id, child);
  }

  /** Another child of the same id stays. */
  remove(child: SupervisedChild): void {
    if (this.#byId.get(child.id) === child) this.#byId.delete(child.id);
  }

  clear(): void {
    this.#byId.clear();
  }

  /** Stops them all at once: there may be thousands, and none relies on another. Undefined when nothing is to be waited for. */
  stopAll(reason: ExitReason): Promise<void> | undefined {
    const stopping = this.inStopOrder.map((child) => child.stop(reason)).filter((one) => one !== undefined);
    return stopping.length === 0 ? undefined : Promise.all(stopping).then(() => undefined);
  }

  some(matches: (child: SupervisedChild) => boolean): boolean {
    for (const child of this.#byId.values()) if (matches(child)) return true;
    return false;
  }

  idsOf(kind: TreeNode["kind"]): readonly string[] {
    return this.inStartOrder.filter((child) => child.kind === kind).map(({ id }) => id);
  }

  count(): ChildCount {
    let running = 0;
    let actors = 0;
    for (const { state, kind } of this.#byId.values()) {
      if (state === "running") running += 1;
      if (kind === "actor") actors += 1;
    }
    return { specs: this.size, running, actors, supervisors: this.size - actors };
  }
}
