import { type Clock, systemClock } from "../../src/clock.ts";
import { Confinement } from "../../src/confinement.ts";
import { MemoryPlan } from "../../src/instance-memory.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { PROVIDED_GLOBALS, RESERVED_NAMESPACE } from "../../src/instrument/provided-imports.ts";
import { completeLimits, type InstanceLimits } from "../../src/limits.ts";
import { wasm, type WasmGlobal, type WasmImports, type WasmInstance } from "../../src/webassembly.ts";

/** A core module that runs under limits, as the core modules of a component do. */
export interface ConfinedModule {
  readonly exports: WasmInstance["exports"];
  readonly confinement: Confinement;
  /** The words of stack that are left. */
  readonly stack: WasmGlobal<number>;
}

/** Instruments a core module and instantiates it. */
export function confine(
  module: Uint8Array,
  imports: WasmImports = {},
  limits: InstanceLimits = {},
  clock: Clock = systemClock,
): ConfinedModule {
  const { bytes, memories, tableElements } = instrument(module);
  const compiled = new wasm.Module(bytes);
  const plan = new MemoryPlan([{ fileName: "module", memories, tableElements, instantiations: 1, compiled }]);
  const confinement = new Confinement("sha256:test", plan, completeLimits(limits), clock);
  confinement.begin();
  const provided = confinement.provide(compiled, imports);
  const { exports } = new wasm.Instance(compiled, provided);
  confinement.end();
  return {
    exports,
    confinement,
    stack: Reflect.get(provided[RESERVED_NAMESPACE] ?? {}, PROVIDED_GLOBALS.stack.importName),
  };
}

export function call(exports: object, name: string, ...args: readonly unknown[]): unknown {
  const fn: (...args: readonly unknown[]) => unknown = Reflect.get(exports, name);
  return fn(...args);
}
