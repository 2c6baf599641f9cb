import type { AnyDynamicSpec, ChildSpec } from "./child-spec.ts";
import type { DynamicSupervisor, StartOptions } from "./dynamic-supervisor.ts";
import { InvalidOptionError, TooManyChildrenError, UnknownChildError } from "./errors.ts";
import type { ChildCount, ChildInfo, SupervisorTerminated } from "./child-info.ts";
import type { SupervisorNode } from "./supervisor-node.ts";

/** A supervisor that takes any child. */
export interface Pool extends SupervisorNode {
  readonly size: number;
  has(id: string): boolean;
  add(spec: ChildSpec): Promise<unknown>;
  /** What a user sees of a child: a ref, or a supervisor. */
  view(id: string): unknown;
}

/** Makes the children of a supervisor from one template. */
export class LocalDynamicSupervisor implements DynamicSupervisor<never, unknown> {
  readonly #pool: Pool;
  readonly #spec: AnyDynamicSpec;
  readonly #maxChildren: number;
  #numbered = 0;

  constructor(pool: Pool, spec: AnyDynamicSpec) {
    const { maxChildren = Number.POSITIVE_INFINITY } = spec;
    if (!(maxChildren >= 0)) throw new InvalidOptionError("maxChildren", "at least 0", maxChildren);
    this.#pool = pool;
    this.#spec = spec;
    this.#maxChildren = maxChildren;
  }

  get path(): string {
    return this.#pool.path;
  }

  get size(): number {
    return this.#pool.size;
  }

  async startChild(argument: never, options?: StartOptions): Promise<unknown> {
    if (this.#pool.size >= this.#maxChildren) throw new TooManyChildrenError(this.path, this.#maxChildren);
    return this.#pool.add({ ...this.#spec.template(argument), id: options?.id ?? this.#nextNumber() });
  }

  child(id: string): unknown {
    return this.#pool.view(id);
  }

  async terminateChild(child: unknown): Promise<void> {
    await this.#pool.terminateChild(typeof child === "string" ? child : this.#idOf(child));
  }

  whichChildren(): readonly ChildInfo[] {
    return this.#pool.whichChildren();
  }

  countChildren(): ChildCount {
    return this.#pool.countChildren();
  }

  onTerminated(listener: (terminated: SupervisorTerminated) => void): Disposable {
    return this.#pool.onTerminated(listener);
  }

  stop(): Promise<void> {
    return this.#pool.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #nextNumber(): string {
    do this.#numbered += 1;
    while (this.#pool.has(String(this.#numbered)));
    return String(this.#numbered);
  }

  /** @throws UnknownChildError when it is not, or no longer, a child of this supervisor. */
  #idOf(child: unknown): string {
    const path = typeof child === "object" && child !== null && "path" in child ? String(child.path) : String(child);
    const id = path.slice(path.lastIndexOf("/") + 1);
    if (!this.#pool.has(id) || this.#pool.view(id) !== child) throw new UnknownChildError(this.path, path, []);
    return id;
  }
}
