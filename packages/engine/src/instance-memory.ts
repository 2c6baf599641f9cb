import { MemoryUnavailableError } from "./errors.ts";
import { MemoryLimitError } from "./limit-errors.ts";
import type { MemoryDeclaration } from "./instrument/memory-import.ts";
import { ADDRESSABLE_PAGES, initialBytes, memoryShares } from "./memory-shares.ts";
import type { CoreModule } from "./preparation/artifact.ts";
import { wasm, type WasmGlobal, type WasmMemory, type WasmModule } from "./webassembly.ts";

/** What `memory.grow` returns when it does not grow. */
const REFUSED = -1;

/** A core module, as far as it has memories and tables, and its compiled form. */
export interface CompiledModule extends Omit<CoreModule, "functionImports"> {
  readonly compiled: WasmModule;
}

/** The memories that one instance of a component needs, in a fixed order, and its tables; worked out once per component. */
export class MemoryPlan {
  readonly declarations: readonly MemoryDeclaration[];
  /** The elements that all tables have from the start. */
  readonly tableElements: number;
  readonly #firstOf = new Map<
    WasmModule,
    { readonly first: number; readonly memories: readonly MemoryDeclaration[] }
  >();

  constructor(modules: readonly CompiledModule[]) {
    const declarations: MemoryDeclaration[] = [];
    for (const { compiled, memories, instantiations } of modules) {
      if (memories.length > 0) this.#firstOf.set(compiled, { first: declarations.length, memories });
      for (let count = 0; count < instantiations; count += 1) declarations.push(...memories);
    }
    this.declarations = declarations;
    this.tableElements = modules.reduce(
      (sum, { tableElements, instantiations }) => sum + tableElements * instantiations,
      0,
    );
  }

  /** The memories of a module, and the place of the first of them; undefined when it has none. */
  of(module: WasmModule): { readonly first: number; readonly memories: readonly MemoryDeclaration[] } | undefined {
    return this.#firstOf.get(module);
  }
}

/** The memories of one instance; their sum stays within its limit. */
export class InstanceMemory {
  readonly limitBytes: number;
  /** What the last `memory.grow` returned. */
  readonly growth: WasmGlobal<number> = new wasm.Global({ value: "i32", mutable: true }, 0);
  readonly #digest: string;
  readonly #plan: MemoryPlan;
  readonly #maximumPages: readonly number[];
  readonly #used = new Map<WasmModule, number>();
  #memories: WasmMemory[] = [];
  #releasedBytes = 0;

  /** Throws MemoryLimitError when the memories exceed the limit from the start. */
  constructor(digest: string, plan: MemoryPlan, limitBytes: number) {
    const shares = memoryShares(plan.declarations, limitBytes);
    if (shares === undefined) {
      throw new MemoryLimitError(
        `component ${digest} starts with more than it may have`,
        initialBytes(plan.declarations),
        limitBytes,
      );
    }
    this.#digest = digest;
    this.#plan = plan;
    this.#maximumPages = shares;
    this.limitBytes = limitBytes;
  }

  /** What the memories hold now. */
  get bytes(): number {
    return this.#memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  }

  /** What the memories hold now, or held when they were released. */
  get peakBytes(): number {
    return this.#memories.length === 0 ? this.#releasedBytes : this.bytes;
  }

  /** The memories that a core module imports, fresh for each time it is instantiated. */
  provide(module: WasmModule): Readonly<Record<string, WasmMemory>> {
    const needed = this.#plan.of(module);
    if (needed === undefined) return {};
    const used = this.#used.get(module) ?? 0;
    this.#used.set(module, used + needed.memories.length);
    const memories: Record<string, WasmMemory> = {};
    needed.memories.forEach((declaration, index) => {
      memories[declaration.importName] = this.#create(
        declaration,
        this.#maximumPages[needed.first + used + index] ?? 0,
      );
    });
    return memories;
  }

  /** Whether the last request for memory was refused, and this limit can be the reason. */
  get wasRefused(): boolean {
    const isBinding = this.#plan.declarations.some(
      ({ maximumPages = ADDRESSABLE_PAGES }, index) => (this.#maximumPages[index] ?? 0) < maximumPages,
    );
    return isBinding && this.growth.value === REFUSED;
  }

  /** Lets go of the memories, so that they can be collected while someone still holds the dead instance. */
  release(): void {
    this.#releasedBytes = this.peakBytes;
    this.#memories = [];
  }

  #create({ initialPages }: MemoryDeclaration, maximumPages: number): WasmMemory {
    try {
      const memory = new wasm.Memory({ initial: initialPages, maximum: maximumPages });
      this.#memories.push(memory);
      return memory;
    } catch (cause) {
      throw new MemoryUnavailableError(this.#digest, { cause });
    }
  }
}
