import type { FunctionImport } from "../preparation/function-imports.ts";
import { wasm, type WasmGlobal, type WasmImports, type WasmModule } from "../webassembly.ts";
import { GATE_IMPORTS, gateModule } from "./gate-module.ts";

/** The two functions that a gate stands before: imports of a core module, both. */
export interface Ways {
  readonly suspending: object;
  readonly plain: object;
}

/** The gates that the core modules of one component need, compiled once for all its instances. */
export class Gates {
  readonly #imports: ReadonlyMap<WasmModule, readonly FunctionImport[]>;
  readonly #gated = new WeakMap<WasmModule, WasmModule>();

  constructor(imports: ReadonlyMap<WasmModule, readonly FunctionImport[]>) {
    this.#imports = imports;
  }

  /** The imports of a core module with a gate in place of each for which there are two ways, the same ones for each instance. */
  before(
    module: WasmModule,
    imports: WasmImports,
    state: WasmGlobal<number>,
    waysTo: (entry: FunctionImport, imported: unknown) => Ways | undefined,
  ): WasmImports {
    const ways: Ways[] = [];
    const entries: FunctionImport[] = [];
    for (const entry of this.#imports.get(module) ?? []) {
      const both = waysTo(entry, Reflect.get(Object(imports[entry.module]), entry.name));
      if (both === undefined) continue;
      ways.push(both);
      entries.push(entry);
    }
    if (entries.length === 0) return imports;
    const { exports } = new wasm.Instance(this.#compiled(module, entries), {
      "": { [GATE_IMPORTS.state]: state },
      [GATE_IMPORTS.suspending]: ways.map(({ suspending }) => suspending),
      [GATE_IMPORTS.plain]: ways.map(({ plain }) => plain),
    });
    const gated: Record<string, object> = { ...imports };
    entries.forEach((entry, index) => {
      gated[entry.module] = { ...gated[entry.module], [entry.name]: exports[index] };
    });
    return gated;
  }

  #compiled(module: WasmModule, entries: readonly FunctionImport[]): WasmModule {
    const known = this.#gated.get(module);
    if (known !== undefined) return known;
    const compiled = new wasm.Module(gateModule(entries.map(({ type }) => type)));
    this.#gated.set(module, compiled);
    return compiled;
  }
}
