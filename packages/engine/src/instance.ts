import type { CallUsage } from "./confinement.ts";
import { BadArgumentError, UnknownExportError } from "./errors.ts";
import type { BoundFunction, ExportedFunction, GeneratedExports } from "./export-table.ts";
import { type InstanceLife, isWitError } from "./instance-life.ts";

/** What a call gives back. An error is the WIT error of the function's `result`: the guest's answer, not a failure. */
export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** An exported function bound to its instance. */
export type ExportHandle = (args: readonly unknown[]) => Answer;

/** What an instance is made of. */
export interface InstanceParts {
  readonly digest: string;
  readonly table: ReadonlyMap<string, ExportedFunction>;
  readonly exports: GeneratedExports;
  readonly life: InstanceLife;
}

/**
 * A running component. Calls are synchronous and one at a time. A WIT error is an answer; anything thrown out of the guest kills
 * the instance, which is never entered again: make a new one.
 */
export class Instance implements Disposable {
  readonly #digest: string;
  readonly #table: ReadonlyMap<string, ExportedFunction>;
  readonly #life: InstanceLife;
  readonly #handles = new Map<string, ExportHandle>();
  readonly #bound: { guest: BoundFunction | undefined }[] = [];
  #exports: GeneratedExports | undefined;

  constructor({ digest, table, exports, life }: InstanceParts) {
    this.#digest = digest;
    this.#table = table;
    this.#life = life;
    this.#exports = exports;
    life.whenOver(() => this.#letGo());
  }

  /** Whether it can still be called. */
  get isAlive(): boolean {
    return this.#life.isAlive;
  }

  /** What its memories hold now, in bytes. */
  get memoryBytes(): number {
    return this.#life.confinement.memory.bytes;
  }

  /** What the last call used, also one that failed; before the first call, what instantiating used. */
  get lastCall(): CallUsage {
    return this.#life.usage;
  }

  /** How long the last call ran, in milliseconds: of what it used, what costs next to nothing to ask. */
  get ranMs(): number {
    return this.#life.confinement.meter.ranMs;
  }

  /**
   * Calls `ns:pkg/iface@1.0.0#fn`, or `fn` for a function of the world itself.
   * Throws BadArgumentError, UnknownExportError or ReentrantCallError without entering the guest; InstanceDeadError when it is
   * dead; and when this call kills it, ComponentTrapError, HostFunctionError, BlockingWaitError, ExitError, or the error of the
   * limit it exceeded: FuelExhaustedError, DeadlineExceededError, MemoryLimitError, StackDepthError or TableLimitError.
   */
  call(name: string, args: readonly unknown[] = []): Answer {
    const handle = this.exported(name);
    if (handle === undefined) throw new UnknownExportError(this.#digest, name);
    return handle(args);
  }

  /** The function to call many times: the same as `call`, without looking up its name. Undefined when there is none. */
  exported(name: string): ExportHandle | undefined {
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const fn = this.#table.get(name);
    if (fn === undefined) return undefined;
    const handle = this.#bind(fn);
    this.#handles.set(name, handle);
    return handle;
  }

  /** Ends it, and disposes of the resources of the host that it owns. A call that is under way ends with InstanceDeadError. */
  [Symbol.dispose](): void {
    this.#life.dispose();
  }

  #bind(fn: ExportedFunction): ExportHandle {
    const { qualifiedName, returnsResult, check } = fn;
    const life = this.#life;
    const bound = { guest: this.#exports && fn.bind(this.#exports, life.guestResources) };
    this.#bound.push(bound);
    return (args) => {
      const { guest } = bound;
      if (guest === undefined) throw life.deadError(qualifiedName);
      life.admit(qualifiedName);
      const problem = check(args) ?? guest.checkResources?.(args);
      if (problem !== undefined) throw new BadArgumentError(qualifiedName, problem);
      life.begin(qualifiedName);
      let answer: Answer;
      try {
        answer = { ok: true, value: guest.call(...args) };
      } catch (thrown) {
        if (!returnsResult || !isWitError(thrown)) throw life.failed(qualifiedName, thrown);
        answer = { ok: false, error: thrown };
      } finally {
        life.end();
      }
      const failure = life.answered(qualifiedName);
      if (failure !== undefined) throw failure;
      return answer;
    };
  }

  /** What is dead holds on to no code, whoever still holds it. */
  #letGo(): void {
    this.#exports = undefined;
    for (const bound of this.#bound) bound.guest = undefined;
  }
}
