import {
  BadArgumentError,
  EngineError,
  InstanceDeadError,
  MemoryLimitError,
  ReentrantCallError,
  UnknownExportError,
} from "./errors.ts";
import type { ExportedFunction, GeneratedExports, GuestFunction } from "./export-table.ts";
import type { HostCalls } from "./host-calls.ts";
import type { InstanceMemory } from "./instance-memory.ts";
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
  readonly memory: InstanceMemory;
}

/**
 * A running component. Calls are synchronous and one at a time. A WIT error is an answer; anything thrown out of the guest kills
 * the instance, which is never entered again: make a new one.
 */
export class Instance implements Disposable {
  readonly #digest: string;
  readonly #table: ReadonlyMap<string, ExportedFunction>;
  readonly #calls: HostCalls;
  readonly #memory: InstanceMemory;
  readonly #handles = new Map<string, ExportHandle>();
  #exports: GeneratedExports | undefined;
  #failure: EngineError | undefined;
  #running: string | undefined;

  constructor({ digest, table, exports, calls, memory }: InstanceParts) {
    this.#digest = digest;
    this.#table = table;
    this.#exports = exports;
    this.#calls = calls;
    this.#memory = memory;
  }

  /** Whether it can still be called. */
  get isAlive(): boolean {
    return this.#exports !== undefined;
  }

  /** What its memories hold now, in bytes. */
  get memoryBytes(): number {
    return this.#memory.bytes;
  }

  /**
   * Calls `ns:pkg/iface@1.0.0#fn`, or `fn` for a function of the world itself.
   * Throws BadArgumentError, UnknownExportError or ReentrantCallError without entering the guest; InstanceDeadError when it is
   * dead; and ComponentTrapError, MemoryLimitError, HostFunctionError, BlockingWaitError or ExitError when this call kills it.
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
    this.#memory.release();
    this.#calls.forget();
  }

  #bind(fn: ExportedFunction): ExportHandle {
    const { qualifiedName, returnsResult, check } = fn;
    let guest: GuestFunction | undefined = this.#exports && fn.bind(this.#exports);
    return (args) => {
      if (this.#exports === undefined || guest === undefined) {
        guest = undefined;
        throw this.#deadError(qualifiedName);
      }
      if (this.#running !== undefined) throw new ReentrantCallError(qualifiedName, this.#running);
      const problem = check(args);
      if (problem !== undefined) throw new BadArgumentError(qualifiedName, problem);
      this.#running = qualifiedName;
      try {
        const value = guest(...args);
        if (this.#calls.failure === undefined) return { ok: true, value };
        throw this.#calls.failure;
      } catch (thrown) {
        if (returnsResult && this.#calls.failure === undefined && isWitError(thrown))
          return { ok: false, error: thrown };
        throw this.#die(failureOf(qualifiedName, thrown, this.#calls, this.#memory));
      } finally {
        this.#running = undefined;
      }
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
export function failureOf(name: string, thrown: unknown, calls: HostCalls, memory: InstanceMemory): EngineError {
  if (calls.failure !== undefined) return calls.failure;
  if (thrown instanceof EngineError) return thrown;
  const isFromGuest = thrown instanceof wasm.RuntimeError || !(thrown instanceof Error) || isStackOverflow(thrown);
  const blamed = isFromGuest ? undefined : calls.blameLastResult(thrown);
  if (blamed !== undefined) return blamed;
  const trap = trapError(name, thrown);
  if (!memory.wasRefused) return trap;
  const subject = `${name} trapped after it was refused more memory`;
  return new MemoryLimitError(subject, memory.bytes, memory.limitBytes, { cause: trap });
}
