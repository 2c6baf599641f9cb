import type { Clock } from "./clock.ts";
import { Confinement } from "./confinement.ts";
import { BadOptionError } from "./errors.ts";
import { type ExportedFunction, exportTable, type GeneratedExports } from "./export-table.ts";
import { type GeneratedHooks, generatedHooks, type GeneratedInstantiate } from "./generated-hooks.ts";
import { HostCalls } from "./host-calls.ts";
import { HostResources } from "./host-resources.ts";
import { Instance } from "./instance.ts";
import { InstanceHandles } from "./instance-handles.ts";
import { InstanceLife } from "./instance-life.ts";
import type { MemoryPlan } from "./instance-memory.ts";
import type { ComponentCopy } from "./isolation/component-copy.ts";
import { EngineClosedError } from "./isolation/errors.ts";
import { SharedInstance, type SharedInstanceParts } from "./isolation/shared-instance.ts";
import { launchOnWorker } from "./isolation/worker-instance.ts";
import type { WorkerPool } from "./isolation/worker-pool.ts";
import { completeLimits, type InstanceLimits } from "./limits.ts";
import { type HostImports, Linker } from "./linker.ts";
import type { Meter } from "./meter.ts";
import type { LaunchOptions, RunningInstance } from "./running-instance.ts";
import type { Gates } from "./suspension/gates.ts";
import { Suspension } from "./suspension/suspension.ts";
import { systemTimers, type Timers } from "./timers.ts";
import { ValueBudget } from "./value-budget.ts";
import type { WasiOptions } from "./wasi/settings.ts";
import { WasiInstance } from "./wasi/wasi-instance.ts";
import { withoutToolchainExports } from "./wit/toolchain-exports.ts";
import type { WitInterface, WitWorld } from "./wit/wit-type.ts";
import { wasm, type WasmImports, type WasmInstance, type WasmModule } from "./webassembly.ts";

/** An interface by its full WIT name, such as `ns:pkg/iface@1.0.0`; the world's own functions are under "". */
export interface InterfaceListing {
  readonly name: string;
  /** WIT names; those of resources as in `[method]thing.get`. */
  readonly functions: readonly string[];
}

export interface InstantiateOptions {
  readonly imports?: HostImports;
  readonly limits?: InstanceLimits;
  readonly wasi?: WasiOptions;
}

/** A component in memory, compiled. */
export interface LoadedComponent {
  readonly digest: string;
  readonly world: WitWorld;
  /** By the name under which generated code asks for it. */
  readonly modules: ReadonlyMap<string, WasmModule>;
  readonly memoryPlan: MemoryPlan;
  readonly instantiate: GeneratedInstantiate;
  /** The same for guests that can be suspended. Compiled when it is first asked for. */
  readonly suspendable: () => Promise<GeneratedInstantiate>;
  readonly gates: Gates;
  /** What another thread needs to run it. */
  readonly copy: () => ComponentCopy;
}

/** An instance that has started, with what it has of the world outside. */
interface StartedParts extends SharedInstanceParts {
  readonly wasi: WasiInstance;
}

/** How starting is called in errors: as if it were a function. */
const INSTANTIATION = "instantiation";

/** A component ready to be instantiated, any number of times, each time from scratch. */
export class PreparedComponent {
  /** `sha256:` and the digest of the component's bytes. */
  readonly digest: string;
  readonly imports: readonly InterfaceListing[];
  readonly exports: readonly InterfaceListing[];
  readonly #loaded: LoadedComponent;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #workers: WorkerPool | undefined;
  readonly #linker: Linker;
  readonly #callable: readonly WitInterface[];
  readonly #table: ReadonlyMap<string, ExportedFunction>;

  /** Without workers its instances run on this thread only. */
  constructor(loaded: LoadedComponent, clock: Clock, timers: Timers = systemTimers, workers?: WorkerPool) {
    const { digest, world } = loaded;
    const exports = withoutToolchainExports(world.exports, world.types);
    this.#workers = workers;
    this.#callable = exports;
    this.digest = digest;
    this.imports = world.imports.map(listing);
    this.exports = exports.map(listing);
    this.#loaded = loaded;
    this.#clock = clock;
    this.#timers = timers;
    this.#linker = new Linker(digest, world);
    this.#table = exportTable(exports, world.types);
  }

  /**
   * A fresh instance; the component's start functions have run.
   * Throws UnknownImportError when an import is provided by nobody, MemoryLimitError or TableLimitError when it starts with more
   * than it may have, and what a call throws when a start function fails.
   */
  instantiate(options: InstantiateOptions = {}): Instance {
    const parts = this.#start(options, this.#loaded.instantiate);
    const instance = new Instance(parts);
    if (parts.wasi.mayHoldOpen) forgotten.register(instance, parts.wasi);
    return instance;
  }

  /**
   * A fresh instance behind promises, on this thread or on one of its own. Start functions cannot wait: they have run, to their end, when it
   * resolves. Rejects as `instantiate` throws; on a thread of its own also with UncrossableTypeError, WorkersTakenError,
   * EngineClosedError or WorkerLostError.
   */
  async launch(options: LaunchOptions = {}): Promise<RunningInstance> {
    switch (options.isolation) {
      case "shared":
      case undefined:
        return this.#launchHere(options);
      case "worker": {
        if (this.#workers === undefined) throw new EngineClosedError();
        const component = this.#loaded.copy();
        return launchOnWorker({ pool: this.#workers, component, exports: this.#callable, clock: this.#clock, options });
      }
      default:
        throw new BadOptionError("isolation", "shared or worker", options.isolation);
    }
  }

  async #launchHere(options: LaunchOptions): Promise<RunningInstance> {
    const [timers, { instantiate, suspendable, gates }] = [this.#timers, this.#loaded];
    const parts =
      options.yields === false
        ? this.#start(options, instantiate)
        : this.#start(options, await suspendable(), (meter) => new Suspension(meter, timers, gates));
    return new SharedInstance(parts, timers);
  }

  #start(
    options: InstantiateOptions,
    instantiate: GeneratedInstantiate,
    suspensionOf?: (meter: Meter) => Suspension,
  ): StartedParts {
    const limits = completeLimits(options.limits);
    const { digest, memoryPlan } = this.#loaded;
    const { functions } = this.#linker;
    const isSuspendable = suspensionOf !== undefined;
    const wasi = new WasiInstance(options.wasi, isSuspendable ? "may-wait" : "must-not-wait");
    const { members, fromEngine } = this.#linker.link(options.imports ?? {}, wasi);
    const confinement = new Confinement(digest, memoryPlan, limits, this.#clock, isSuspendable);
    const suspension = suspensionOf?.(confinement.meter);
    const calls = new HostCalls(
      { functions, fromEngine, returned: confinement.hostReturned, lost: () => confinement.cut() },
      suspension,
    );
    const values = new ValueBudget(limits.valueBytes, calls);
    const life = new InstanceLife({
      calls,
      confinement,
      values,
      hostResources: new HostResources(calls.drop, calls.arrived),
    });
    life.whenOver(() => wasi[Symbol.dispose]());
    const hooks = generatedHooks(life, new InstanceHandles(limits.handles, calls), suspension);
    const exports = this.#run(instantiate, members, life, hooks, suspension);
    return { digest, table: this.#table, exports, life, suspension, wasi };
  }

  #run(
    instantiate: GeneratedInstantiate,
    imports: WasmImports,
    life: InstanceLife,
    hooks: GeneratedHooks,
    suspension: Suspension | undefined,
  ): GeneratedExports {
    const { modules } = this.#loaded;
    const instantiateCore = (module: WasmModule, given: WasmImports = {}): WasmInstance => {
      const provided = life.confinement.provide(module, given);
      return new wasm.Instance(module, suspension?.provide(module, provided) ?? provided);
    };
    let exports: GeneratedExports;
    life.begin(INSTANTIATION);
    try {
      exports = instantiate((fileName) => modules.get(fileName), imports, instantiateCore, hooks);
    } catch (thrown) {
      throw life.failed(INSTANTIATION, thrown);
    } finally {
      life.end();
    }
    const failure = life.answered(INSTANTIATION);
    if (failure !== undefined) throw failure;
    return exports;
  }
}

/** An instance that nobody can reach any more is as good as disposed: it holds no file open for ever. */
const forgotten = new FinalizationRegistry<WasiInstance>((wasi) => wasi[Symbol.dispose]());

function listing({ name, functions }: WitInterface): InterfaceListing {
  return { name, functions: functions.map((fn) => fn.name) };
}
