import type { BareMessage } from "./bare-message.ts";
import { LIFECYCLE } from "./counter-guest.ts";

/** What of the guest's exports is used here. */
export interface CounterExports {
  readonly handleMessage: (message: BareMessage) => Uint8Array | undefined;
}

/** A compiled core module. */
export type CoreModule = object;

/** Without the DOM's types there are none for it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => CoreModule;
  readonly Instance: new (module: CoreModule, imports: object) => object;
};

/** The module that jco writes for a component. */
export interface GeneratedModule {
  readonly instantiate: (
    getCoreModule: (fileName: string) => CoreModule | undefined,
    imports: object,
    instantiateCore: (module: CoreModule, imports: object) => object,
  ) => Readonly<Record<string, CounterExports>>;
}

export function compiled(bytes: Uint8Array): CoreModule {
  return new WebAssembly.Module(bytes);
}

/** An instance of core modules by the names under which generated code asks for them. */
export function instantiated(
  { instantiate }: GeneratedModule,
  modules: ReadonlyMap<string, CoreModule>,
): CounterExports {
  const instantiateCore = (module: CoreModule, imports: object): object => new WebAssembly.Instance(module, imports);
  const exports = instantiate((fileName) => modules.get(fileName), {}, instantiateCore)[LIFECYCLE];
  if (exports === undefined) throw new Error(`the generated module exports no ${LIFECYCLE}`);
  return exports;
}
