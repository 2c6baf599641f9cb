import { type Clock, systemClock } from "../clock.ts";
import type { CallUsage } from "../confinement.ts";
import {
  BadArgumentError,
  BadOptionError,
  CallAbortedError,
  EngineError,
  InstanceDeadError,
  ReentrantCallError,
  UnknownExportError,
} from "../errors.ts";
import { type ExportedFunction, exportTable } from "../export-table.ts";
import type { Answer } from "../instance.ts";
import { completeLimits } from "../limits.ts";
import { rethrow } from "../host-resources.ts";
import { type HostImports, memberOf } from "../linker.ts";
import type { CallOptions, LaunchOptions, RunningInstance } from "../running-instance.ts";
import { upperCamelCase } from "../wit/wit-name.ts";
import type { WitFunction, WitInterface, WitType } from "../wit/wit-type.ts";
import type { DropRequest, LaunchRequest } from "./border-messages.ts";
import type { ComponentCopy } from "./component-copy.ts";
import { Conversation, type LivingOutcome } from "./conversation.ts";
import { unpackError } from "./error-passage.ts";
import { HostDesk } from "./host-desk.ts";
import { HostPassage } from "./host-passage.ts";
import { checkCrossing, hostedInterfaces } from "./hosted-interfaces.ts";
import type { PooledWorker } from "./pooled-worker.ts";
import { serveWasi, type ServedWasi } from "./served-wasi.ts";
import { functionsByName, signatureOf } from "./signature.ts";
import { carryWasi, wasiFunctions } from "./wasi-passage.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** What is launched, and where. */
export interface WorkerLaunch {
  readonly pool: WorkerPool;
  readonly component: ComponentCopy;
  /** Those that may be called. */
  readonly exports: readonly WitInterface[];
  readonly clock: Clock;
  readonly options: LaunchOptions;
}

/**
 * An instance on a thread of its own. Rejects as `instantiate` throws, and with UncrossableTypeError, WorkersTakenError, EngineClosedError or
 * WorkerLostError.
 */
export async function launchOnWorker(launch: WorkerLaunch): Promise<RunningInstance> {
  const { pool, component, exports, clock, options } = launch;
  const { wasi = {} } = options;
  const limits = completeLimits(options.limits);
  const served = serveWasi(component.world, options.imports ?? {}, wasi);
  const imports = { ...options.imports, ...served?.imports };
  const hosted = hostedInterfaces(component.world, imports);
  checkCrossing(component.digest, component.world, exports, hosted);
  const request: LaunchRequest = {
    kind: "launch",
    component,
    limits,
    hosted,
    wasi: carryWasi(wasi, wasiFunctions(wasi)),
    hasHostClock: clock !== systemClock,
    messageBytes: pool.options.messageBytes,
  };
  const instance = new WorkerInstance({ ...launch, imports, served, worker: await pool.take() }, request);
  await instance.begin(request);
  return instance;
}

interface WorkerInstanceParts extends WorkerLaunch {
  readonly worker: PooledWorker;
  /** All that is served on the host's thread: what was given, and what the engine adds. */
  readonly imports: HostImports;
  readonly served: ServedWasi | undefined;
}

class WorkerInstance implements RunningInstance {
  readonly digest: string;
  readonly isolation = "worker";
  readonly #pool: WorkerPool;
  readonly #worker: PooledWorker;
  readonly #served: ServedWasi | undefined;
  readonly #types: readonly WitType[];
  readonly #table: ReadonlyMap<string, ExportedFunction>;
  readonly #functions: ReadonlyMap<string, WitFunction>;
  readonly #passage: HostPassage;
  readonly #conversation: Conversation;
  /** Resources being dropped, one after the other. */
  #drops: Promise<void> | undefined;
  #running: string | undefined;
  #isAlive = true;
  #failure: EngineError | undefined;

  constructor(
    { pool, component, exports, clock, options, worker, imports, served }: WorkerInstanceParts,
    request: LaunchRequest,
  ) {
    const { wasi = {} } = options;
    const { world, digest } = component;
    this.digest = digest;
    this.#pool = pool;
    this.#worker = worker;
    this.#served = served;
    this.#types = world.types;
    const classOf = (interfaceName: string, resource: string): unknown =>
      memberOf(Object(imports[interfaceName]), resource, upperCamelCase(resource));
    this.#passage = new HostPassage(world.types, classOf, (resource) => this.#drop({ kind: "drop", resource }));
    this.#table = exportTable(exports, world.types, this.#passage.checks);
    this.#functions = functionsByName(exports);
    const { hosted, limits } = request;
    this.#conversation = new Conversation({
      worker,
      desk: new HostDesk({ world, imports, hosted, wasi: wasiFunctions(wasi), clock, passage: this.#passage }),
      clock,
      deadlineMs: limits.deadlineMs,
      memoryBytes: pool.options.memoryBytes + limits.memoryBytes,
      ended: (reason) => this.#ended(reason),
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get lastCall(): CallUsage {
    return this.#conversation.usage;
  }

  /** Instantiates the component. */
  async begin(request: LaunchRequest): Promise<void> {
    try {
      await this.#conversation.ask("instantiation", request);
    } catch (error) {
      await this.#pool.end(this.#worker);
      if (error instanceof EngineError) throw error;
      throw new BadOptionError("wasi", "data that can be cloned", error, { cause: error });
    }
  }

  async call(name: string, args: readonly unknown[] = [], { signal }: CallOptions = {}): Promise<Answer> {
    const exported = this.#table.get(name);
    const fn = this.#functions.get(name);
    if (exported === undefined || fn === undefined) throw new UnknownExportError(this.digest, name);
    if (!this.#isAlive) throw this.#deadError(name);
    if (this.#running !== undefined) throw new ReentrantCallError(name, this.#running);
    const problem = exported.check(args);
    if (problem !== undefined) throw new BadArgumentError(name, problem);
    this.#running = name;
    try {
      while (this.#drops !== undefined) await this.#drops;
      if (!this.#isAlive) throw this.#deadError(name);
      if (signal?.aborted === true) throw new CallAbortedError(name, "before it began", { cause: signal.reason });
      const { parameters, returned, thrown } = signatureOf(fn, this.#types);
      const carried = this.#leave(name, parameters, args);
      const outcome = await this.#conversation.ask(name, { kind: "call", name, args: carried }, signal);
      const answer = answerOf(outcome);
      if (answer.ok) return { ok: true, value: this.#passage.arriving(returned)(answer.value) };
      return { ok: false, error: this.#passage.arriving(thrown ?? null)(answer.error) };
    } finally {
      this.#passage.ledger.endLoans();
      this.#running = undefined;
    }
  }

  /** Ends the thread; resolves when it is gone. Rejects with HostFunctionError when a resource of the host failed to be disposed. */
  async [Symbol.asyncDispose](): Promise<void> {
    let problems: readonly unknown[] = [];
    if (this.#isAlive) {
      const reason = this.#deadError(this.#running);
      this.#conversation.end(reason);
      this.#failure = undefined;
      problems = reason.suppressed;
    }
    await this.#pool.end(this.#worker);
    rethrow(problems);
  }

  #leave(
    name: string,
    parameters: ReturnType<typeof signatureOf>["parameters"],
    args: readonly unknown[],
  ): readonly unknown[] {
    try {
      const carried = args.map((arg, index) => this.#passage.leaving(parameters[index] ?? null)(arg));
      this.#passage.settle();
      return carried;
    } catch (error) {
      this.#passage.reclaim();
      throw new BadArgumentError(name, error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  /** Drops a resource of the guest, when nothing else is under way. */
  #drop(request: DropRequest): void {
    const dropped = this.#dropInTurn(request, this.#drops).finally(() => {
      if (this.#drops === dropped) this.#drops = undefined;
    });
    this.#drops = dropped;
  }

  async #dropInTurn(request: DropRequest, before: Promise<void> | undefined): Promise<void> {
    await before;
    while (this.#conversation.underWay !== undefined) await this.#conversation.underWay;
    if (!this.#isAlive) return;
    try {
      await this.#conversation.ask("a destructor", request);
    } catch (error) {
      // It ended the instance: the next call says why.
      if (this.#isAlive) throw error;
    }
  }

  #ended(reason: EngineError): void {
    this.#isAlive = false;
    this.#failure = reason;
    this.#passage.remoteResources.clear();
    this.#served?.wasi[Symbol.dispose]();
    reason.suppressed.push(...this.#passage.ledger.disposeAll());
    void this.#pool.end(this.#worker);
  }

  #deadError(name = "a function"): InstanceDeadError {
    if (this.#failure === undefined) return new InstanceDeadError(name, "was disposed");
    return new InstanceDeadError(name, `died: ${this.#failure.message}`, { cause: this.#failure });
  }
}

function answerOf(outcome: LivingOutcome): Answer {
  switch (outcome.kind) {
    case "answered":
      return outcome.answer;
    case "refused":
      throw unpackError(outcome.error);
    case "launched":
    case "dropped":
      throw new TypeError(`${outcome.kind} is no answer to a call`);
  }
}
