/*
 * The part of the WebAssembly JavaScript API that the engine uses. Node has it; its type declarations do not, and those of
 * browsers would bring all of the browser with them.
 */

export type WasmImports = Readonly<Record<string, object>>;

export interface WasmModule {
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, WasmGlobal | undefined>>;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export interface WasmGlobal {
  readonly value: unknown;
}

interface WasmModuleApi {
  new (bytes: Uint8Array): WasmModule;
  imports(module: WasmModule): readonly { readonly module: string; readonly name: string }[];
  exports(module: WasmModule): readonly { readonly name: string }[];
}

interface WasmApi {
  readonly Module: WasmModuleApi;
  readonly Instance: new (module: WasmModule, imports?: WasmImports) => WasmInstance;
  readonly Memory: new (pages: { readonly initial: number; readonly maximum?: number }) => WasmMemory;
  /** A trap. */
  readonly RuntimeError: new (message: string) => Error;
  /** What a guest throws; not an Error. */
  readonly Exception: new (...never: never[]) => { readonly [Symbol.toStringTag]: "WebAssembly.Exception" };
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
}

export const wasm: WasmApi = Reflect.get(globalThis, "WebAssembly");
