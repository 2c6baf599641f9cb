import type { Capability } from "@airssys/security";
import { attemptedBy } from "./attempted.ts";
import { type Audit, authorizer, type Decide } from "./authorization.ts";
import { checkOperation, checkTimeout } from "./check-operation.ts";
import { type Clock, pause, systemClock } from "./clock.ts";
import { deadline } from "./deadline.ts";
import { describe } from "./describe.ts";
import { AccessClosedError, asOslError, isRefusal, type OslError, QuotaExceededError } from "./errors.ts";
import { type Limits, LONGEST_MS, resolveLimits } from "./limits.ts";
import { type Middleware, throughAll } from "./middleware/middleware.ts";
import { type Resolve, systemResolve } from "./network/resolver.ts";
import { OpenResources } from "./open-resources.ts";
import type { Operation, OperationKind } from "./operation.ts";
import type { OperationResult, OperationResults } from "./operation-result.ts";
import { perform } from "./perform.ts";
import { snapshotOf } from "./snapshot.ts";
import type { Account, Usage } from "./usage.ts";

export interface OsAccessOptions {
  /** Who it is for, as records name it. */
  readonly actor: string;
  readonly decide: Decide;
  readonly audit: Audit;
  /**
   * Told of each operation that was refused without a decision, and why: one that is written so that it can mean nothing or more than one
   * thing, one under which something was changed, and one that is too much. Must not throw.
   */
  readonly onRefusal?: (attempted: Capability, error: OslError) => void;
  /** Told of all that is used; without one, nothing is counted. */
  readonly account?: Account;
  /** The first is the outermost. */
  readonly middleware?: readonly Middleware[];
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  /** Looks names up; the system's resolver unless given. */
  readonly resolve?: Resolve;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for all of it, with what middleware adds. */
  readonly timeoutMs?: number;
}

/** The operating system as far as policy lets one actor reach it. When it is closed, so is all that was opened through it. */
export class OsAccess implements AsyncDisposable {
  readonly #options: OsAccessOptions;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #open: OpenResources;
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  /** @throws InvalidOperationError when a limit is none */
  constructor(options: OsAccessOptions) {
    this.#options = options;
    this.#limits = resolveLimits(options.limits ?? {});
    this.#clock = options.clock ?? systemClock;
    this.#open = new OpenResources(options.actor, this.#limits.open);
  }

  /** Files, connections and processes that are open. */
  get open(): number {
    return this.#open.size;
  }

  /** Describes, decides, audits, performs and accounts for one operation. Throws nothing but errors of this package. */
  async run<const Asked extends Operation>(
    operation: Asked,
    options: RunOptions = {},
  ): Promise<OperationResult<Asked>> {
    const running = this.#run(operation, options);
    this.#running.add(running);
    try {
      return (await running) as OperationResult<Asked>;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Ends what is running, then closes what is open, the last opened first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new AccessClosedError(`the access of ${this.#options.actor}`));
    await Promise.allSettled(this.#running);
    await this.#open[Symbol.asyncDispose]();
  }

  async #run(
    asked: Operation,
    { signal, timeoutMs = this.#limits.timeoutMs }: RunOptions,
  ): Promise<OperationResults[OperationKind]> {
    let attempted: Operation | undefined;
    try {
      const operation = snapshotOf(asked);
      attempted = operation;
      checkOperation(operation, this.#limits);
      checkTimeout(operation.kind, timeoutMs);
      using limit = deadline(operation.kind, timeoutMs, this.#clock, this.#closing.signal, signal);
      const call = { actor: this.#options.actor, operation, signal: limit.signal };
      return await throughAll(this.#options.middleware ?? [], call, () => this.#attempt(operation, limit.signal));
    } catch (error) {
      const reason = asOslError("an operation", error);
      if (isRefusal(reason)) this.#options.onRefusal?.(attemptedBy(attempted), reason);
      throw reason;
    }
  }

  async #attempt(operation: Operation, signal: AbortSignal): Promise<OperationResults[OperationKind]> {
    const { actor, decide, audit, resolve = systemResolve } = this.#options;
    const startedAt = this.#clock.now();
    const authorize = authorizer(actor, operation.kind, decide, audit);
    const charge = (bytesIn: number, bytesOut: number, durationMs: number = 0): Promise<void> =>
      this.#account({ actor, operation: operation.kind, bytesIn, bytesOut, durationMs }, signal);
    try {
      signal.throwIfAborted();
      for (const capability of describe(operation)) authorize(capability);
      const performing = {
        authorize,
        signal,
        limits: this.#limits,
        clock: this.#clock,
        resolve,
        open: this.#open,
        charge,
      };
      const result = await perform(operation, performing);
      await this.#orClose(result, async () => {
        signal.throwIfAborted();
        await charge(0, 0, this.#clock.now() - startedAt);
      });
      return result;
    } catch (error) {
      // Whatever an operation says that was ended: it was ended.
      if (signal.aborted) throw signal.reason;
      throw asOslError(operation.kind, error);
    }
  }

  /** What was opened for somebody who does not get it must not stay open. */
  async #orClose(result: OperationResults[OperationKind], check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      if (typeof result === "object" && Symbol.asyncDispose in result) {
        this.#open.release(result);
        await result[Symbol.asyncDispose]();
      }
      throw error;
    }
  }

  async #account(usage: Usage, signal: AbortSignal): Promise<void> {
    for (;;) {
      const answer = this.#ask(usage);
      if (answer === true) return;
      if (typeof answer !== "number" || !(answer > 0 && answer <= LONGEST_MS))
        throw new QuotaExceededError(usage.actor, usage.operation);
      // What was opened outlives the operation that opened it, and not the access.
      await pause(this.#clock, answer, AbortSignal.any([signal, this.#closing.signal]));
    }
  }

  #ask(usage: Usage): unknown {
    try {
      return this.#options.account?.(usage) ?? true;
    } catch (cause) {
      throw new QuotaExceededError(usage.actor, usage.operation, { cause });
    }
  }
}
