import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { LIFECYCLE, payload } from "./counter-guest.ts";

export interface BareMessage {
  readonly payload: Uint8Array;
  readonly correlationId?: string;
  readonly timestamp: { readonly seconds: bigint; readonly nanoseconds: number };
  readonly headers: readonly (readonly [string, string])[];
}

/** A message as a sender without a host makes it; with a correlation id, it asks for an answer. */
export const bareMessage: BareMessage = {
  payload,
  timestamp: { seconds: 1_000_000_000n, nanoseconds: 0 },
  headers: [],
};
export const bareQuestion: BareMessage = { ...bareMessage, correlationId: "bench-1" };

/** What of the guest's exports is used here. */
export interface CounterExports {
  readonly handleMessage: (message: BareMessage) => Uint8Array | undefined;
}

/** A component as jco's users run it: its generated module as it is, loaded as a module, core modules compiled beforehand. */
export interface BareComponent {
  readonly instantiate: () => CounterExports;
}

/** A compiled core module. */
type CoreModule = object;

/** Without the DOM's types there are none for it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => CoreModule;
  readonly Instance: new (module: CoreModule, imports: object) => object;
};

interface GeneratedModule {
  readonly instantiate: (
    getCoreModule: (fileName: string) => CoreModule | undefined,
    imports: object,
    instantiateCore: (module: CoreModule, imports: object) => object,
  ) => Readonly<Record<string, CounterExports>>;
}

export async function bareComponent(bytes: Uint8Array): Promise<BareComponent> {
  const { files } = await transpileBytes(bytes, { name: "counter", instantiation: "async" });
  const modules = new Map<string, CoreModule>();
  for (const [fileName, content] of Object.entries(files)) {
    if (fileName.endsWith(".wasm")) modules.set(fileName, new WebAssembly.Module(content));
  }
  const { instantiate } = await loadModule(files["counter.js"] ?? new Uint8Array());
  const instantiateCore = (module: CoreModule, imports: object): object => new WebAssembly.Instance(module, imports);
  return {
    instantiate: () => {
      const exports = instantiate((fileName) => modules.get(fileName), {}, instantiateCore)[LIFECYCLE];
      if (exports === undefined) throw new Error(`the generated module exports no ${LIFECYCLE}`);
      return exports;
    },
  };
}

async function loadModule(code: Uint8Array): Promise<GeneratedModule> {
  const folder = await mkdtemp(join(tmpdir(), "airssys-bench-"));
  try {
    const file = join(folder, "counter.mjs");
    await writeFile(file, code);
    const loaded: GeneratedModule = await import(pathToFileURL(file).href);
    return loaded;
  } finally {
    await rm(folder, { recursive: true });
  }
}
