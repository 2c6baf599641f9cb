import { BadOptionError } from "./errors.ts";
import { type ExportedFunction, exportTable, type GeneratedExports } from "./export-table.ts";
import { HostCalls } from "./host-calls.ts";
import { failureOf, Instance } from "./instance.ts";
import { InstanceMemory, type MemoryPlan } from "./instance-memory.ts";
import { type HostImports, Linker } from "./linker.ts";
import { DEFAULT_WASI, type WasiOptions } from "./wasi/settings.ts";
import { withoutToolchainExports } from "./wit/toolchain-exports.ts";
import type { WitInterface, WitWorld } from "./wit/wit-type.ts";
import { wasm, type WasmImports, type WasmInstance, type WasmModule } from "./webassembly.ts";

/** An interface by its full WIT name, such as `ns:pkg/iface@1.0.0`; the world's own functions are under "". */
export interface InterfaceListing {
  readonly name: string;
  /** WIT names; those of resources as in `[method]thing.get`. */
  readonly functions: readonly string[];
}

/** What an instance may use. */
export interface InstanceLimits {
  /** The sum of its memories. */
  readonly memoryBytes?: number;
}

export interface InstantiateOptions {
  readonly imports?: HostImports;
  readonly limits?: InstanceLimits;
  readonly wasi?: WasiOptions;
}

export const DEFAULT_LIMITS: Required<InstanceLimits> = { memoryBytes: 64 * 2 ** 20 };

/** The function that jco generates for a component. */
export type GeneratedInstantiate = (
  getCoreModule: (fileName: string) => WasmModule | undefined,
  imports: WasmImports,
  instantiateCore: (module: WasmModule, imports?: WasmImports) => WasmInstance,
  hostThrew: (thrown: unknown) => unknown,
) => GeneratedExports;

/** A component in memory, compiled. */
export interface LoadedComponent {
  readonly digest: string;
  readonly world: WitWorld;
  /** By the name under which generated code asks for it. */
  readonly modules: ReadonlyMap<string, WasmModule>;
  readonly memoryPlan: MemoryPlan;
  readonly instantiate: GeneratedInstantiate;
}

/** A component ready to be instantiated, any number of times, each time from scratch. */
export class PreparedComponent {
  /** `sha256:` and the digest of the component's bytes. */
  readonly digest: string;
  readonly imports: readonly InterfaceListing[];
  readonly exports: readonly InterfaceListing[];
  readonly #loaded: LoadedComponent;
  readonly #linker: Linker;
  readonly #table: ReadonlyMap<string, ExportedFunction>;

  constructor(loaded: LoadedComponent) {
    const { digest, world } = loaded;
    const exports = withoutToolchainExports(world.exports, world.types);
    this.digest = digest;
    this.imports = world.imports.map(listing);
    this.exports = exports.map(listing);
    this.#loaded = loaded;
    this.#linker = new Linker(digest, world);
    this.#table = exportTable(exports, world.types);
  }

  /**
   * A fresh instance; the component's start functions have run.
   * Throws UnknownImportError when an import is provided by nobody, MemoryLimitError when its initial memory exceeds the limit,
   * and what a call throws when a start function fails.
   */
  instantiate(options: InstantiateOptions = {}): Instance {
    const { memoryBytes } = { ...DEFAULT_LIMITS, ...options.limits };
    if (!Number.isSafeInteger(memoryBytes) || memoryBytes < 0) {
      throw new BadOptionError("limits.memoryBytes", "a number of bytes", memoryBytes);
    }
    const { digest, memoryPlan } = this.#loaded;
    const calls = new HostCalls();
    const imports = this.#linker.link(options.imports ?? {}, { ...DEFAULT_WASI, ...options.wasi }, calls);
    const memory = new InstanceMemory(digest, memoryPlan, memoryBytes);
    const exports = this.#run(imports, calls, memory);
    return new Instance({ digest, table: this.#table, exports, calls, memory });
  }

  #run(imports: WasmImports, calls: HostCalls, memory: InstanceMemory): GeneratedExports {
    const moduleNamed = (fileName: string): WasmModule | undefined => this.#loaded.modules.get(fileName);
    const instantiateCore = (module: WasmModule, given: WasmImports = {}): WasmInstance => {
      const instance = new wasm.Instance(module, memory.provide(module, given));
      memory.watch(instance);
      return instance;
    };
    try {
      const exports = this.#loaded.instantiate(moduleNamed, imports, instantiateCore, calls.onThrow);
      if (calls.failure !== undefined) throw calls.failure;
      return exports;
    } catch (thrown) {
      throw failureOf("instantiation", thrown, calls, memory);
    }
  }
}

function listing({ name, functions }: WitInterface): InterfaceListing {
  return { name, functions: functions.map((fn) => fn.name) };
}
