import { types } from "node:util";
import { EngineError, HostFunctionError } from "./errors.ts";
import { CallSignal, onBehalfOf } from "./host-call-signal.ts";
import { disposeOf, disposeOfEach, rethrow } from "./host-resources.ts";
import { isStackOverflow } from "./trap.ts";
import type { ValueCheck } from "./wit/value-check.ts";

/** A function of the host, as a component may call it. Arguments and results are WIT values. */
export type HostFunction = (...args: never[]) => unknown;

/** A function that a component imports, with what its WIT type says of it. */
export interface ImportedFunction {
  /** As in `ns:pkg/iface@1.0.0#fn`. */
  readonly qualifiedName: string;
  readonly interfaceName: string;
  readonly returnsResult: boolean;
  /** Check what it returns, and what it throws as a WIT error. */
  readonly checkResult: ValueCheck;
  readonly checkError: ValueCheck;
  /** The resources that the guest is to own by what it returned, or threw as a WIT error. */
  readonly ownedByResult: (value: unknown) => readonly object[];
  readonly ownedByError: (value: unknown) => readonly object[];
}

/** What the calls of one instance are made to. */
export interface HostSide {
  /** By the name that generated code uses. */
  readonly functions: ReadonlyMap<string, ImportedFunction>;
  /** The interfaces that the engine itself implements: its errors say all there is to say. */
  readonly fromEngine: ReadonlySet<string>;
  /** A function of the host has returned to the guest. */
  readonly returned: () => void;
  /** Nothing that the guest still does can save it: it is to come to its end. */
  readonly lost: () => void;
}

/** What waits for promises. */
export interface Waiting {
  /** Whether the guest can be suspended just now. */
  readonly canWait: boolean;
  /** The value of `promise`; never settles once the instance is dead. */
  wait(promise: Promise<unknown>, name: string, settled: Settled): Promise<unknown>;
}

/**
 * What generated code is to get for what a promise was settled with. Both throw when the instance is dead, and then nothing of it is left
 * with anybody.
 */
export interface Settled {
  readonly fulfilled: (value: unknown) => unknown;
  readonly rejected: (thrown: unknown) => unknown;
}

/** Instances that run to the end of each call cannot wait for anything. */
export const NO_WAITING: Waiting = {
  canWait: false,
  wait: () => Promise.reject(new TypeError("this instance cannot wait")),
};

/**
 * Performs the calls that one instance makes to the host. The first failure is kept: a guest that catches exceptions may swallow what a
 * host function threw, and must not live on with it.
 */
export class HostCalls {
  readonly signal: CallSignal = new CallSignal();
  readonly #side: HostSide;
  readonly #waiting: Waiting;
  #failure: EngineError | undefined;
  #trap: Error | undefined;
  #lastFunction: ImportedFunction | undefined;
  #lastValue: unknown;
  #didLastThrow = false;
  /** What arrived with the guest since. */
  readonly #arrived = new Set<object>();

  constructor(side: HostSide, waiting: Waiting = NO_WAITING) {
    this.#side = side;
    this.#waiting = waiting;
  }

  /** The first failure of a host function, or what else ended the instance while it was entered. */
  get failure(): EngineError | undefined {
    return this.#failure;
  }

  /** Keeps a failure, unless there was one before, and returns the one that is kept. */
  fail(failure: EngineError): EngineError {
    if (this.#failure === undefined) {
      this.#failure = failure;
      this.#side.lost();
    }
    return this.#failure;
  }

  /** What went wrong when something was handed to the guest or taken from it: its end, even if it caught that. */
  get trap(): Error | undefined {
    return this.#trap;
  }

  /** Takes notice of what an import of generated code throws. A recursion that is too deep may well be the guest's own to catch. */
  readonly importThrew = (thrown: unknown): unknown => {
    const isFirst = this.#failure === undefined && this.#trap === undefined;
    if (isFirst && thrown instanceof Error && !isStackOverflow(thrown)) {
      this.#trap = thrown;
      this.#side.lost();
    }
    return thrown;
  };

  /** Calls a function of the host, for generated code: what a plain value thrown is for its WIT type, and an Error always is a failure. */
  readonly call = (name: string, operation: () => unknown): unknown => {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#trap !== undefined) throw this.#trap;
    const imported = this.#side.functions.get(name);
    let value: unknown;
    try {
      value = onBehalfOf(this.signal, operation);
    } catch (thrown) {
      return this.#threw(imported, name, thrown);
    }
    return types.isPromise(value) ? this.#promised(imported, name, value) : this.#returned(imported, value);
  };

  /** Drops a resource of the host, because the guest did. */
  readonly drop = (resource: object): void => {
    try {
      this.dispose(resource);
    } catch (failure) {
      throw failure instanceof EngineError ? this.fail(failure) : failure;
    }
  };

  /** Disposes of a resource of the host. Throws HostFunctionError when that throws. */
  readonly dispose = (resource: object): void => onBehalfOf(this.signal, () => disposeOf(resource));

  /**
   * Whether generated code failed on what a host function returned. Checked only after a failure: right values cost nothing.
   */
  blameLastResult(cause: unknown): EngineError | undefined {
    const last = this.#lastFunction;
    const problem = this.#didLastThrow ? last?.checkError(this.#lastValue) : last?.checkResult(this.#lastValue);
    if (last === undefined || problem === undefined) return undefined;
    const what = this.#didLastThrow ? "threw a wrong error" : "returned a wrong value";
    return this.fail(new HostFunctionError(last.qualifiedName, `${what}: ${problem}`, { cause }));
  }

  /** The guest owns a resource from now on. */
  readonly arrived = (resource: object): void => void this.#arrived.add(resource);

  /** The resources of the last value that never arrived with the guest: handing it over failed before they did. */
  get stranded(): readonly object[] {
    const owned = ownedBy(this.#lastFunction, this.#lastValue, this.#didLastThrow);
    return owned.filter((resource) => !this.#arrived.has(resource));
  }

  /** Lets go of the last value. */
  forget(): void {
    this.#lastFunction = undefined;
    this.#lastValue = undefined;
    this.#arrived.clear();
  }

  #returned(imported: ImportedFunction | undefined, value: unknown): unknown {
    this.#hasGiven(imported, value, false);
    return imported?.returnsResult === true ? { tag: "ok", val: value } : value;
  }

  #threw(imported: ImportedFunction | undefined, name: string, thrown: unknown): unknown {
    if (isStackOverflow(thrown)) throw thrown;
    if (imported?.returnsResult === true && !(thrown instanceof Error)) {
      this.#hasGiven(imported, thrown, true);
      return { tag: "err", val: thrown };
    }
    const isOwn = thrown instanceof EngineError && this.#side.fromEngine.has(imported?.interfaceName ?? "");
    const subject = imported?.qualifiedName ?? name;
    throw this.fail(isOwn ? thrown : new HostFunctionError(subject, "threw an error", { cause: thrown }));
  }

  #promised(imported: ImportedFunction | undefined, name: string, promise: Promise<unknown>): unknown {
    const subject = imported?.qualifiedName ?? name;
    if (!this.#waiting.canWait) {
      // Whatever becomes of it, the failure that follows is what the caller is told.
      promise.catch(() => undefined);
      throw this.fail(new HostFunctionError(subject, "returned a promise where the guest cannot wait for it"));
    }
    return this.#waiting.wait(promise, subject, {
      fulfilled: (value) => this.#returned(imported, value),
      rejected: (thrown) => this.#threw(imported, name, thrown),
    });
  }

  /** A guest that caught a failure gets nothing more out of the host, and one whose instance ended meanwhile nothing at all. */
  #hasGiven(imported: ImportedFunction | undefined, value: unknown, didThrow: boolean): void {
    if (this.#failure !== undefined) {
      // It came too late to be the guest's.
      rethrow(disposeOfEach(ownedBy(imported, value, didThrow), this.dispose));
      throw this.#failure;
    }
    if (this.#arrived.size > 0) this.#arrived.clear();
    this.#lastFunction = imported;
    this.#didLastThrow = didThrow;
    this.#lastValue = value;
    this.#side.returned();
  }
}

/** The resources that a guest is to own by a value. Of one that is not of its type nothing is known. */
function ownedBy(imported: ImportedFunction | undefined, value: unknown, didThrow: boolean): readonly object[] {
  const problem = didThrow ? imported?.checkError(value) : imported?.checkResult(value);
  if (imported === undefined || problem !== undefined) return [];
  return didThrow ? imported.ownedByError(value) : imported.ownedByResult(value);
}
