import type { Clock } from "./clock.ts";
import { Confinement } from "./confinement.ts";
import { BadOptionError } from "./errors.ts";
import { type ExportedFunction, exportTable, type GeneratedExports } from "./export-table.ts";
import { HostCalls } from "./host-calls.ts";
import { failureOf, Instance } from "./instance.ts";
import { InstanceHandles } from "./instance-handles.ts";
import type { MemoryPlan } from "./instance-memory.ts";
import type { ComponentCopy } from "./isolation/component-copy.ts";
import { EngineClosedError } from "./isolation/errors.ts";
import { SharedInstance } from "./isolation/shared-instance.ts";
import { launchOnWorker } from "./isolation/worker-instance.ts";
import type { WorkerPool } from "./isolation/worker-pool.ts";
import { completeLimits, type InstanceLimits } from "./limits.ts";
import { type HostImports, Linker } from "./linker.ts";
import type { LaunchOptions, RunningInstance } from "./running-instance.ts";
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

/** The function that jco generates for a component. */
export type GeneratedInstantiate = (
  getCoreModule: (fileName: string) => WasmModule | undefined,
  imports: WasmImports,
  instantiateCore: (module: WasmModule, imports?: WasmImports) => WasmInstance,
  hostThrew: (thrown: unknown) => unknown,
  hostReturned: () => void,
  handleAdded: () => void,
) => GeneratedExports;

/** A component in memory, compiled. */
export interface LoadedComponent {
  readonly digest: string;
  readonly world: WitWorld;
  /** By the name under which generated code asks for it. */
  readonly modules: ReadonlyMap<string, WasmModule>;
  readonly memoryPlan: MemoryPlan;
  readonly instantiate: GeneratedInstantiate;
  /** What another thread needs to run it. */
  readonly copy: () => ComponentCopy;
}

/** A component ready to be instantiated, any number of times, each time from scratch. */
export class PreparedComponent {
  /** `sha256:` and the digest of the component's bytes. */
  readonly digest: string;
  readonly imports: readonly InterfaceListing[];
  readonly exports: readonly InterfaceListing[];
  readonly #loaded: LoadedComponent;
  readonly #clock: Clock;
  readonly #workers: WorkerPool | undefined;
  readonly #linker: Linker;
  readonly #callable: readonly WitInterface[];
  readonly #table: ReadonlyMap<string, ExportedFunction>;

  /** Without workers its instances run on this thread only. */
  constructor(loaded: LoadedComponent, clock: Clock, workers?: WorkerPool) {
    const { digest, world } = loaded;
    const exports = withoutToolchainExports(world.exports, world.types);
    this.#workers = workers;
    this.#callable = exports;
    this.digest = digest;
    this.imports = world.imports.map(listing);
    this.exports = exports.map(listing);
    this.#loaded = loaded;
    this.#clock = clock;
    this.#linker = new Linker(digest, world);
    this.#table = exportTable(exports, world.types);
  }

  /**
   * A fresh instance; the component's start functions have run.
   * Throws UnknownImportError when an import is provided by nobody, MemoryLimitError or TableLimitError when it starts with more
   * than it may have, and what a call throws when a start function fails.
   */
  instantiate(options: InstantiateOptions = {}): Instance {
    const limits = completeLimits(options.limits);
    const { digest, memoryPlan } = this.#loaded;
    const calls = new HostCalls();
    const wasi = new WasiInstance(options.wasi);
    const imports = this.#linker.link(options.imports ?? {}, wasi, calls);
    const confinement = new Confinement(digest, memoryPlan, limits, this.#clock);
    const handles = new InstanceHandles(limits.handles, calls);
    try {
      const exports = this.#run(imports, calls, confinement, handles);
      const instance = new Instance({ digest, table: this.#table, exports, calls, confinement, wasi });
      if (wasi.mayHoldOpen) forgotten.register(instance, wasi);
      return instance;
    } catch (error) {
      wasi[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * A fresh instance behind promises, on this thread or on one of its own. Rejects as `instantiate` throws; on a thread of its own also with
   * UncrossableTypeError, WorkersTakenError, EngineClosedError or WorkerLostError.
   */
  async launch(options: LaunchOptions = {}): Promise<RunningInstance> {
    switch (options.isolation) {
      case "shared":
      case undefined:
        return new SharedInstance(this.digest, this.instantiate(options));
      case "worker": {
        if (this.#workers === undefined) throw new EngineClosedError();
        const component = this.#loaded.copy();
        return launchOnWorker({ pool: this.#workers, component, exports: this.#callable, clock: this.#clock, options });
      }
      default:
        throw new BadOptionError("isolation", "shared or worker", options.isolation);
    }
  }

  #run(imports: WasmImports, calls: HostCalls, confinement: Confinement, handles: InstanceHandles): GeneratedExports {
    const moduleNamed = (fileName: string): WasmModule | undefined => this.#loaded.modules.get(fileName);
    const instantiateCore = (module: WasmModule, given: WasmImports = {}): WasmInstance =>
      new wasm.Instance(module, confinement.provide(module, given));
    // A guest that caught a failure gets nothing more out of the host.
    const hostReturned = (): void => {
      if (calls.failure !== undefined) throw calls.failure;
      confinement.hostReturned();
    };
    confinement.begin();
    try {
      const exports = this.#loaded.instantiate(
        moduleNamed,
        imports,
        instantiateCore,
        calls.onThrow,
        hostReturned,
        handles.added,
      );
      const failure = calls.failure ?? confinement.overspending("instantiation");
      if (failure !== undefined) throw failure;
      return exports;
    } catch (thrown) {
      throw failureOf("instantiation", thrown, calls, confinement);
    } finally {
      confinement.end();
    }
  }
}

/** An instance that nobody can reach any more is as good as disposed: it holds no file open for ever. */
const forgotten = new FinalizationRegistry<WasiInstance>((wasi) => wasi[Symbol.dispose]());

function listing({ name, functions }: WitInterface): InterfaceListing {
  return { name, functions: functions.map((fn) => fn.name) };
}
