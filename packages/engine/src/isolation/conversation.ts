import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../clock.ts";
import type { CallUsage } from "../confinement.ts";
import { CallAbortedError, EngineError, HostFunctionError } from "../errors.ts";
import { DeadlineExceededError } from "../limit-errors.ts";
import { CallSignal } from "../host-call-signal.ts";
import type { FromThread, HostCall, Outcome, Reply, Request } from "./border-messages.ts";
import { CallWatch } from "./call-watch.ts";
import { unpackError } from "./error-passage.ts";
import { WorkerLostError } from "./errors.ts";
import type { HostCallScope, HostDesk } from "./host-desk.ts";
import type { PooledWorker, WorkerOwner } from "./pooled-worker.ts";

/** An outcome after which the instance lives. */
export type LivingOutcome = Exclude<Outcome, { readonly kind: "died" }>;

export interface ConversationParts {
  readonly worker: PooledWorker;
  readonly desk: HostDesk;
  readonly clock: Clock;
  readonly deadlineMs: number | undefined;
  /** The most that the thread may hold, the memories of its instance included. */
  readonly memoryBytes: number;
  /** The instance is over, for this reason. Told once. */
  readonly ended: (reason: EngineError) => void;
}

/** A request under way. */
class Exchange implements HostCallScope {
  readonly name: string;
  readonly watch: CallWatch;
  readonly outcome: PromiseWithResolvers<LivingOutcome> = Promise.withResolvers<LivingOutcome>();
  readonly inCallersContext: <T>(run: () => T) => T = AsyncLocalStorage.snapshot();
  /** The function of the host that the guest waits for. */
  waitsFor: string | undefined;
  usage: CallUsage | undefined;
  readonly signal: CallSignal = new CallSignal();

  constructor(name: string, watch: (exchange: Exchange) => CallWatch) {
    this.name = name;
    this.watch = watch(this);
  }

  fail(reason: EngineError): void {
    this.watch.end();
    this.signal.fire(reason);
    this.outcome.reject(reason);
  }
}

/**
 * The host's side of all that is said with an instance on another thread: one request at a time, and the calls of the guest served until
 * its outcome. Whatever goes wrong ends the thread; what arrives after that is dropped.
 */
export class Conversation implements WorkerOwner {
  readonly #parts: ConversationParts;
  #exchange: Exchange | undefined;
  #usage: CallUsage = { fuel: 0, wallMs: 0, idleMs: 0, peakMemoryBytes: 0, unfinishedHostCalls: 0 };
  /** Why it is over. */
  #reason: EngineError | undefined;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
    parts.worker.belongTo(this);
  }

  /** What the last request used. */
  get usage(): CallUsage {
    return this.#usage;
  }

  /** Resolves when the request under way has ended. */
  get underWay(): Promise<void> | undefined {
    return this.#exchange?.outcome.promise.then(nothing, nothing);
  }

  /**
   * Resolves to the outcome; rejects with the error that ended the instance. Throws what structured clone throws when the request cannot be
   * cloned; then nothing was done.
   */
  ask(name: string, request: Request, signal?: AbortSignal): Promise<LivingOutcome> {
    const { worker, clock, deadlineMs, memoryBytes } = this.#parts;
    if (this.#reason !== undefined) return Promise.reject(this.#reason);
    if (this.#exchange !== undefined)
      throw new TypeError(`${name} is asked for while ${this.#exchange.name} is under way`);
    worker.post(request);
    const exchange = new Exchange(
      name,
      (of) =>
        new CallWatch({
          name,
          kind: request.kind === "launch" ? "launch" : "call",
          clock,
          deadlineMs,
          memoryBytes,
          heldBytes: () => worker.heldBytes(),
          waitsFor: () => of.waitsFor,
          exceeded: (error) => this.end(error),
        }),
    );
    this.#exchange = exchange;
    // A launch begins with loading, which is no work of the guest.
    if (request.kind !== "launch") exchange.watch.begin();
    worker.hold();
    const abort = (): void => this.end(new CallAbortedError(name, "while it ran", { cause: signal?.reason }));
    signal?.addEventListener("abort", abort, { once: true });
    return exchange.outcome.promise.finally(() => signal?.removeEventListener("abort", abort));
  }

  received(message: FromThread): void {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#reason !== undefined) return;
    switch (message.kind) {
      case "ready":
        return;
      case "entering":
        exchange.watch.begin();
        return;
      case "launched":
      case "dropped":
      case "answered":
      case "refused":
        this.#finish(exchange, message);
        return;
      case "died":
        this.end(unpackError(message.error), message.usage);
        return;
      case "host-function":
      case "wasi-function":
      case "clock-function":
      case "host-resource-dropped":
        this.#serve(exchange, message);
    }
  }

  lost(error: EngineError): void {
    this.end(error);
  }

  /** Ends the instance, and the request under way with this reason. Without its usage, that of its last call of the host has to do. */
  end(reason: EngineError, usage?: CallUsage): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange !== undefined) {
      const { fuel, idleMs, peakMemoryBytes } = exchange.usage ?? { ...this.#usage, fuel: 0, idleMs: 0 };
      const unfinishedHostCalls = exchange.waitsFor === undefined ? 0 : 1;
      const wallMs = exchange.watch.elapsedMs;
      this.#usage = usage ?? { fuel, peakMemoryBytes, wallMs, idleMs, unfinishedHostCalls };
      this.#parts.worker.release();
    }
    this.#parts.ended(reason);
    exchange?.fail(reason);
  }

  #finish(exchange: Exchange, outcome: LivingOutcome): void {
    exchange.watch.end();
    if (outcome.kind !== "refused") this.#usage = outcome.usage;
    this.#exchange = undefined;
    this.#parts.worker.release();
    exchange.outcome.resolve(outcome);
  }

  #serve(exchange: Exchange, call: HostCall): void {
    exchange.usage = call.usage;
    if (exchange.watch.isLate) {
      this.end(new DeadlineExceededError(exchange.name, exchange.watch.elapsedMs, this.#parts.deadlineMs ?? 0));
      return;
    }
    exchange.waitsFor = nameOf(call);
    try {
      const reply = this.#parts.desk.serve(call, exchange);
      if (reply instanceof Promise) {
        reply.then(
          (later) => this.#reply(exchange, call, later),
          (error: unknown) => this.#failed(exchange, error),
        );
      } else this.#reply(exchange, call, reply);
    } catch (error) {
      this.#failed(exchange, error);
    }
  }

  /** A reply that comes after the end is dropped. */
  #reply(exchange: Exchange, call: HostCall, reply: Reply): void {
    if (this.#exchange !== exchange) return;
    exchange.waitsFor = undefined;
    try {
      this.#parts.worker.reply(reply);
    } catch (cause) {
      this.end(new HostFunctionError(nameOf(call), "returned what cannot be copied to another thread", { cause }));
    }
  }

  #failed(exchange: Exchange, error: unknown): void {
    if (this.#exchange !== exchange) return;
    this.end(error instanceof EngineError ? error : new WorkerLostError("the host cannot serve it", { cause: error }));
  }
}

function nameOf(call: HostCall): string {
  return call.kind === "host-resource-dropped" ? call.name : call.function;
}

function nothing(): void {}
