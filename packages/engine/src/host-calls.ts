import { EngineError, HostFunctionError } from "./errors.ts";
import { isStackOverflow } from "./trap.ts";
import type { ValueCheck } from "./wit/value-check.ts";

/** A function of the host, as a component may call it. Arguments and results are WIT values. */
export type HostFunction = (...args: never[]) => unknown;

/** A host function with what its WIT type says of it. */
export interface ImportedFunction {
  /** As in `ns:pkg/iface@1.0.0#fn`. */
  readonly qualifiedName: string;
  readonly returnsResult: boolean;
  readonly checkResult: ValueCheck;
}

/**
 * Watches the host functions of one instance. The first failure is kept: a guest that catches exceptions may swallow what a host
 * function threw, and must not live on with it.
 */
export class HostCalls {
  #failure: EngineError | undefined;
  #lastFunction: ImportedFunction | undefined;
  #lastValue: unknown;

  /** The first failure of a host function. */
  get failure(): EngineError | undefined {
    return this.#failure;
  }

  /** The function as generated code calls it. A plain value it throws is the WIT error; an Error is a failure. */
  wrap(imported: ImportedFunction, implementation: HostFunction, owner: object): (...args: never[]) => unknown {
    if (!imported.returnsResult) return (...args) => this.#run(imported, implementation, owner, args);
    return (...args) => {
      try {
        return { tag: "ok", val: this.#run(imported, implementation, owner, args) };
      } catch (thrown) {
        if (thrown instanceof Error) throw thrown;
        return { tag: "err", val: thrown };
      }
    };
  }

  #run(imported: ImportedFunction, implementation: HostFunction, owner: object, args: never[]): unknown {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      const value = implementation.apply(owner, args);
      this.#lastFunction = imported;
      this.#lastValue = value;
      return value;
    } catch (thrown) {
      if (isStackOverflow(thrown) || (imported.returnsResult && !(thrown instanceof Error))) throw thrown;
      throw this.#fail(new HostFunctionError(imported.qualifiedName, "threw an error", { cause: thrown }));
    }
  }

  /** What generated code is to throw in place of what a host function, or a method of a host's resource, threw. */
  readonly onThrow = (thrown: unknown): unknown => {
    if (thrown === this.#failure || isStackOverflow(thrown) || !(thrown instanceof Error)) return thrown;
    if (thrown instanceof EngineError) return this.#fail(thrown);
    return this.#fail(new HostFunctionError("of a resource", "threw an error", { cause: thrown }));
  };

  /**
   * Whether generated code failed on what a host function returned. Checked only after a failure: right values cost nothing.
   */
  blameLastResult(cause: unknown): EngineError | undefined {
    const problem = this.#lastFunction?.checkResult(this.#lastValue);
    if (this.#lastFunction === undefined || problem === undefined) return undefined;
    return this.#fail(
      new HostFunctionError(this.#lastFunction.qualifiedName, `returned a wrong value: ${problem}`, { cause }),
    );
  }

  /** Lets go of the last value. */
  forget(): void {
    this.#lastFunction = undefined;
    this.#lastValue = undefined;
  }

  #fail(error: EngineError): EngineError {
    this.#failure ??= error;
    return this.#failure;
  }
}
