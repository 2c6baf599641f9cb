import type { CallUsage } from "../confinement.ts";
import { BadArgumentError, CallAbortedError, type EngineError, UnknownExportError } from "../errors.ts";
import { DeadlineExceededError } from "../limit-errors.ts";
import type { BoundFunction, ExportedFunction, GeneratedExports } from "../export-table.ts";
import type { Answer, InstanceParts } from "../instance.ts";
import { type InstanceLife, isWitError } from "../instance-life.ts";
import type { CallOptions, RunningInstance } from "../running-instance.ts";
import type { Suspension } from "../suspension/suspension.ts";
import type { Timers } from "../timers.ts";

/** What an instance on the thread of its callers is made of. */
export interface SharedInstanceParts extends InstanceParts {
  /** Undefined for one that runs to the end of each call. */
  readonly suspension: Suspension | undefined;
}

/** A call that is under way. */
interface RunningCall {
  readonly name: string;
  readonly reject: (reason: EngineError) => void;
  /** Takes back what was arranged for the time of the call. */
  readonly cleanUp: () => void;
}

/** A running component on the thread of its callers. */
export class SharedInstance implements RunningInstance {
  readonly digest: string;
  readonly isolation = "shared";
  readonly #table: ReadonlyMap<string, ExportedFunction>;
  readonly #life: InstanceLife;
  readonly #timers: Timers;
  readonly #suspension: Suspension | undefined;
  readonly #bound = new Map<string, BoundFunction>();
  #exports: GeneratedExports | undefined;
  #call: RunningCall | undefined;
  #disarm: (() => void) | undefined;
  /** Settles when no code of the guest is left on any stack. */
  #guestLeft: Promise<unknown> = Promise.resolve();

  constructor({ digest, table, exports, life, suspension }: SharedInstanceParts, timers: Timers) {
    this.digest = digest;
    this.#table = table;
    this.#life = life;
    this.#timers = timers;
    this.#suspension = suspension;
    this.#exports = exports;
    life.whenOver((reason) => this.#over(reason));
    suspension?.report({
      began: () => this.#arm(),
      failed: (thrown) => void life.failed(this.#call?.name ?? "", thrown),
    });
  }

  get isAlive(): boolean {
    return this.#life.isAlive;
  }

  get lastCall(): CallUsage {
    return { ...this.#life.usage, unfinishedHostCalls: this.#suspension?.waitsFor === undefined ? 0 : 1 };
  }

  async call(name: string, args: readonly unknown[] = [], { signal }: CallOptions = {}): Promise<Answer> {
    const fn = this.#table.get(name);
    if (fn === undefined) throw new UnknownExportError(this.digest, name);
    this.#life.admit(name);
    const guest = this.#bind(fn);
    const problem = fn.check(args) ?? guest.checkResources?.(args);
    if (problem !== undefined) throw new BadArgumentError(name, problem);
    if (signal?.aborted === true) throw new CallAbortedError(name, "before it began", { cause: signal.reason });
    return this.#enter(fn, guest, args, signal);
  }

  /** Ends it, and disposes of the resources of the host that it owns. Resolves when nothing of the guest runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.dispose();
    await this.#guestLeft;
  }

  #bind(fn: ExportedFunction): BoundFunction {
    const known = this.#bound.get(fn.qualifiedName);
    if (known !== undefined) return known;
    const bound = fn.bind(this.#exports ?? {}, this.#life.guestResources);
    this.#bound.set(fn.qualifiedName, bound);
    return bound;
  }

  #enter(
    fn: ExportedFunction,
    guest: BoundFunction,
    args: readonly unknown[],
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const { qualifiedName: name, returnsResult } = fn;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const giveUp = (): void => {
      this.#life.kill(new CallAbortedError(name, "while it was under way", { cause: signal?.reason }));
    };
    const call: RunningCall = { name, reject, cleanUp: () => signal?.removeEventListener("abort", giveUp) };
    const answer = (given: Answer): void => {
      if (this.#call !== call) return;
      this.#life.end();
      if (this.#life.answered(name) !== undefined) return;
      this.#leave();
      resolve(given);
    };
    const fail = (thrown: unknown): void => {
      if (this.#call !== call) return;
      if (returnsResult && isWitError(thrown)) answer({ ok: false, error: thrown });
      else this.#life.failed(name, thrown);
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    this.#call = call;
    this.#life.begin(name);
    try {
      const value = guest.call(...args);
      if (this.#suspension === undefined || !(value instanceof Promise)) answer({ ok: true, value });
      else this.#guestLeft = value.then((answered) => answer({ ok: true, value: answered }), fail);
    } catch (thrown) {
      fail(thrown);
    }
    return promise;
  }

  /** Has the deadline of the call come, for the rest of it, also when no code of the guest runs that would look at the clock. */
  #arm(): void {
    const { remainingMs, deadlineMs } = this.#life.confinement.meter;
    if (this.#disarm !== undefined || remainingMs === undefined || deadlineMs === undefined) return;
    this.#disarm = this.#timers.after(Math.max(remainingMs, 0), () => {
      this.#disarm = undefined;
      const { remainingMs: left = 0 } = this.#life.confinement.meter;
      if (left > 0) this.#arm();
      else this.#life.kill(this.#tooLate(deadlineMs, deadlineMs - left));
    });
  }

  #tooLate(deadlineMs: number, elapsedMs: number): DeadlineExceededError {
    return new DeadlineExceededError(this.#call?.name ?? "", elapsedMs, deadlineMs, this.#suspension?.waitsFor);
  }

  /** The call is over. */
  #leave(): RunningCall | undefined {
    const call = this.#call;
    this.#call = undefined;
    this.#disarm?.();
    this.#disarm = undefined;
    call?.cleanUp();
    return call;
  }

  /** The instance is over, and its callers need not wait until the guest has noticed. */
  #over(reason: EngineError): void {
    this.#exports = undefined;
    this.#bound.clear();
    this.#suspension?.end();
    const call = this.#leave();
    if (call === undefined) return;
    this.#life.end();
    call.reject(reason);
  }
}
