import { EXHAUSTED_IMPORT, PROVIDED_GLOBALS, RESERVED_NAMESPACE } from "../../src/instrument/provided-imports.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import type { MemoryDeclaration } from "../../src/instrument/memory-import.ts";
import { concatenate, encodeName, SECTION, unsigned } from "../../src/instrument/sections.ts";
import { ADDRESSABLE_PAGES } from "../../src/memory-shares.ts";
import {
  wasm,
  type WasmGlobal,
  type WasmImports,
  type WasmInstance,
  type WasmMemory,
  type WasmModule,
} from "../../src/webassembly.ts";
import { addNaiveMeter, SPENT_EXPORT } from "./naive-meter.ts";

/** A way to run the core modules of a guest, all of them together. */
export interface CoreWay {
  readonly rewrite: (module: Uint8Array) => Uint8Array;
  readonly provide: (module: WasmModule, given: WasmImports | undefined) => WasmImports | undefined;
  /** The fuel that was spent so far; undefined where nothing meters. */
  readonly spent: (instances: readonly WasmInstance[]) => number | undefined;
  /** Whether it was stopped, and may have done otherwise without. */
  readonly isStopped: () => boolean;
}

const asGiven: CoreWay["provide"] = (_, given) => given;
const never = (): boolean => false;

/** As they came. */
export function plainCore(): CoreWay {
  return { rewrite: (module) => module, provide: asGiven, spent: () => undefined, isStopped: never };
}

/** With a charge before every operator. */
export function naiveCore(): CoreWay {
  return { rewrite: addNaiveMeter, provide: asGiven, spent: naivelySpent, isStopped: never };
}

function naivelySpent(instances: readonly WasmInstance[]): number {
  return instances.reduce((sum, { exports }) => {
    const total: WasmGlobal<bigint> | undefined = Reflect.get(Object(exports), SPENT_EXPORT);
    return sum + Number(total?.value ?? 0n);
  }, 0);
}

function counter(value: number): WasmGlobal<number> {
  return new wasm.Global({ value: "i32", mutable: true }, value);
}

/** Instrumented, with so much fuel, as much stack as there is, and all the memory that the modules ask for. */
export function instrumentedCore(fuel: number): CoreWay {
  const left = new wasm.Global({ value: "i64", mutable: true }, BigInt(fuel));
  let isStopped = false;
  const provided = {
    [PROVIDED_GLOBALS.fuel.importName]: left,
    [PROVIDED_GLOBALS.stack.importName]: counter(2 ** 31 - 1),
    [PROVIDED_GLOBALS.memoryGrowth.importName]: counter(0),
    [PROVIDED_GLOBALS.tableRoom.importName]: counter(10_000_000),
    [PROVIDED_GLOBALS.tableRequest.importName]: counter(0),
    [EXHAUSTED_IMPORT]: (): void => {
      isStopped = true;
    },
  };
  return {
    rewrite: (module) => {
      const { bytes, memories } = instrument(module);
      return noting(bytes, memories);
    },
    provide: (module, given) => ({ ...given, [RESERVED_NAMESPACE]: { ...provided, ...memoriesOf(module) } }),
    spent: () => fuel - Number(left.value),
    isStopped: () => isStopped,
  };
}

const MEMORIES = "memories";

/** The module with a note of the memories it needs: a compiled module tells the names of its imports only. */
function noting(module: Uint8Array, memories: readonly MemoryDeclaration[]): Uint8Array {
  const body = concatenate([encodeName(MEMORIES), new TextEncoder().encode(JSON.stringify(memories))]);
  return concatenate([module, Uint8Array.of(SECTION.custom, ...unsigned(body.length)), body]);
}

function memoriesOf(module: WasmModule): Readonly<Record<string, WasmMemory>> {
  const customSections: (of: WasmModule, name: string) => readonly ArrayBuffer[] = Reflect.get(
    wasm.Module,
    "customSections",
  );
  const [note = new ArrayBuffer()] = customSections(module, MEMORIES);
  const memories: readonly MemoryDeclaration[] = JSON.parse(new TextDecoder().decode(note));
  return Object.fromEntries(
    memories.map(({ importName, initialPages, maximumPages = ADDRESSABLE_PAGES }) => [
      importName,
      new wasm.Memory({ initial: initialPages, maximum: maximumPages }),
    ]),
  );
}
