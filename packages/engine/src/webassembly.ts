/*
 * The part of the WebAssembly JavaScript API that the engine uses. Node has it; its type declarations do not, and those of
 * browsers would bring all of the browser with them.
 */

export type WasmImports = Readonly<Record<string, object>>;

export interface WasmModule {
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** A mutable global. */
export interface WasmGlobal<T> {
  value: T;
}

interface WasmModuleApi {
  new (bytes: Uint8Array): WasmModule;
  imports(module: WasmModule): readonly { readonly module: string; readonly name: string }[];
  exports(module: WasmModule): readonly { readonly name: string; readonly kind: string }[];
}

interface WasmApi {
  readonly Module: WasmModuleApi;
  readonly Instance: new (module: WasmModule, imports?: WasmImports) => WasmInstance;
  readonly Memory: new (pages: { readonly initial: number; readonly maximum?: number }) => WasmMemory;
  readonly Global: new <T extends number | bigint>(
    type: { readonly value: T extends bigint ? "i64" : "i32"; readonly mutable: true },
    initial: T,
  ) => WasmGlobal<T extends bigint ? bigint : number>;
  /** A trap. */
  readonly RuntimeError: new (message: string) => Error;
  /** What a guest throws; not an Error. */
  readonly Exception: new (...never: never[]) => { readonly [Symbol.toStringTag]: "WebAssembly.Exception" };
  /** Makes a function an import during which the guest can be suspended: if it returns a promise, until that is settled. */
  readonly Suspending: new (fn: (...args: readonly unknown[]) => unknown) => object;
  /** Makes a function of a guest one that enters it so that it can be suspended, and returns a promise. */
  readonly promising: (
    fn: (...args: readonly unknown[]) => unknown,
  ) => (...args: readonly unknown[]) => Promise<unknown>;
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
}

export const wasm: WasmApi = Reflect.get(globalThis, "WebAssembly");
