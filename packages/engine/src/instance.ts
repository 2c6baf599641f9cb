import type { CallUsage, Confinement } from "./confinement.ts";
import { BadArgumentError, EngineError, InstanceDeadError, ReentrantCallError, UnknownExportError } from "./errors.ts";
import type { BoundFunction, ExportedFunction, GeneratedExports } from "./export-table.ts";
import type { HostCalls } from "./host-calls.ts";
import { isStackOverflow, trapError } from "./trap.ts";
import { wasm } from "./webassembly.ts";

/** What a call gives back. An error is the WIT error of the function's `result`: the guest's answer, not a failure. */
export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** An exported function bound to its instance. */
export type ExportHandle = (args: readonly unknown[]) => Answer;

/** What an instance is made of. */
export interface InstanceParts {
  readonly digest: string;
  readonly table: ReadonlyMap<string, ExportedFunction>;
  readonly exports: GeneratedExports;
  readonly calls: HostCalls;
  readonly confinement: Confinement;
  /** What it holds of the world outside; disposed with it. */
  readonly wasi: Disposable;
}

/**
 * A running component. Calls are synchronous and one at a time. A WIT error is an answer; anything thrown out of the guest kills
 * the instance, which is never entered again: make a new one.
 */
export class Instance implements Disposable {
  readonly #digest: string;
  readonly #table: ReadonlyMap<string, ExportedFunction>;
  readonly #calls: HostCalls;
  readonly #confinement: Confinement;
  readonly #wasi: Disposable;
  readonly #handles = new Map<string, ExportHandle>();
  #exports: GeneratedExports | undefined;
  #failure: EngineError | undefined;
  #running: string | undefined;

  constructor({ digest, table, exports, calls, confinement, wasi }: InstanceParts) {
    this.#digest = digest;
    this.#table = table;
    this.#exports = exports;
    this.#calls = calls;
    this.#confinement = confinement;
    this.#wasi = wasi;
  }

  /** Whether it can still be called. */
  get isAlive(): boolean {
    return this.#exports !== undefined;
  }

  /** What its memories hold now, in bytes. */
  get memoryBytes(): number {
    return this.#confinement.memory.bytes;
  }

  /** What the last call used, also one that failed; before the first call, what instantiating used. */
  get lastCall(): CallUsage {
    return this.#confinement.usage;
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

  [Symbol.dispose](): void {
    this.#exports = undefined;
    this.#confinement.memory.release();
    this.#calls.forget();
    this.#wasi[Symbol.dispose]();
  }

  #bind(fn: ExportedFunction): ExportHandle {
    const { qualifiedName, returnsResult, check } = fn;
    let guest: BoundFunction | undefined = this.#exports && fn.bind(this.#exports);
    return (args) => {
      if (this.#exports === undefined || guest === undefined) {
        guest = undefined;
        throw this.#deadError(qualifiedName);
      }
      if (this.#running !== undefined) throw new ReentrantCallError(qualifiedName, this.#running);
      const problem = check(args) ?? guest.checkSelf?.(args[0]);
      if (problem !== undefined) throw new BadArgumentError(qualifiedName, problem);
      this.#running = qualifiedName;
      this.#confinement.begin();
      let answer: Answer;
      try {
        answer = { ok: true, value: guest.call(...args) };
      } catch (thrown) {
        if (!returnsResult || !isWitError(thrown)) {
          throw this.#die(failureOf(qualifiedName, thrown, this.#calls, this.#confinement));
        }
        answer = { ok: false, error: thrown };
      } finally {
        this.#confinement.end();
        this.#running = undefined;
      }
      const failure = this.#calls.failure ?? this.#confinement.overspending(qualifiedName);
      if (failure !== undefined) throw this.#die(failure);
      return answer;
    };
  }

  #die(failure: EngineError): EngineError {
    this.#failure = failure;
    this[Symbol.dispose]();
    return failure;
  }

  #deadError(name: string): InstanceDeadError {
    if (this.#failure === undefined) return new InstanceDeadError(name, "was disposed");
    return new InstanceDeadError(name, `died: ${this.#failure.message}`, { cause: this.#failure });
  }
}

function isWitError(thrown: unknown): boolean {
  return !(thrown instanceof Error) && !(thrown instanceof wasm.Exception);
}

/** What killed an instance, from what came out of it. */
export function failureOf(name: string, thrown: unknown, calls: HostCalls, confinement: Confinement): EngineError {
  if (calls.failure !== undefined) return calls.failure;
  if (thrown instanceof EngineError) return thrown;
  const isFromGuest = thrown instanceof wasm.RuntimeError || !(thrown instanceof Error) || isStackOverflow(thrown);
  const blamed = isFromGuest ? undefined : calls.blameLastResult(thrown);
  if (blamed !== undefined) return blamed;
  const trap = trapError(name, thrown);
  return confinement.limitBehind(name, trap) ?? trap;
}
