// Runs a built component as plainly as can be: transpiled by jco, instantiated once, its host functions given by the test.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { componentWit } from "@bytecodealliance/jco-transpile/wasm-tools";

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => object;
};

export interface ComponentMessage {
  readonly sender?: { readonly namespace: string; readonly name: string; readonly version: string } | undefined;
  readonly payload: Uint8Array;
  readonly topic?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly timestamp: { readonly seconds: bigint; readonly nanoseconds: number };
  readonly headers: readonly (readonly [string, string])[];
}

/** `airssys:core-component/component-lifecycle` as jco presents it: an error case is thrown, as is a trap. */
export interface Lifecycle {
  init(config: {
    readonly id: { readonly namespace: string; readonly name: string; readonly version: string };
    readonly values: readonly (readonly [string, string])[];
  }): void;
  execute(
    operation: Uint8Array,
    context: { readonly correlationId?: string | undefined; readonly remainingMillis?: bigint | undefined },
  ): Uint8Array;
  handleMessage(message: ComponentMessage): Uint8Array | undefined;
  handleCallback(
    request: string,
    outcome:
      | { readonly tag: "ok"; readonly val: Uint8Array }
      | { readonly tag: "err"; readonly val: { readonly tag: string; readonly val: string } },
  ): void;
  metadata(): {
    readonly name: string;
    readonly version: string;
    readonly description: string;
    readonly operations: readonly string[];
    readonly codecs: Uint32Array;
  };
  health(): { readonly tag: string; readonly val?: string };
  shutdown(): void;
}

/** Functions by WIT interface, without its version: `{ "airssys:core-host/logging": { log() {} } }`. */
export type HostFunctions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `airssys:core-component/component-state`. */
export interface State {
  snapshot(): Uint8Array;
  restore(state: Uint8Array, fromVersion: string): void;
}

export interface RunningComponent {
  readonly lifecycle: Lifecycle;
  /** Undefined for a component that keeps none. */
  readonly state: State | undefined;
  /** Interfaces the component imports, with their versions. */
  readonly imports: readonly string[];
  /** Names the component exports, as jco presents them. */
  readonly exports: readonly string[];
  /** Bytes of all its memories together. */
  readonly memoryBytes: () => number;
}

const lifecycleName = "airssys:core-component/component-lifecycle@1.0.0";
const stateName = "airssys:core-component/component-state@1.0.0";

interface Exports extends Readonly<Record<string, unknown>> {
  readonly [lifecycleName]: Lifecycle;
  readonly [stateName]?: State;
}

interface Transpiled {
  readonly instantiate: (
    getModule: (name: string) => object,
    imports: Readonly<Record<string, object>>,
    instantiate: (module: object, imports: object) => object,
  ) => Exports;
}

/** A fresh instance of the component at `path`. What it imports and `host` lacks refuses every call. */
export async function runComponent(path: string, host: HostFunctions): Promise<RunningComponent> {
  return (await loadComponent(path))(host);
}

/** Prepares the component once; each call of what it returns makes a fresh instance. */
export async function loadComponent(path: string): Promise<(host: HostFunctions) => RunningComponent> {
  const component = await readFile(path);
  const imports = await importedInterfaces(component);
  const { files } = await transpileBytes(component, {
    name: "component",
    instantiation: "async",
    map: Object.fromEntries(imports.map((name) => [name, name])),
    noComponentErrorWrapping: true,
    strict: true,
    wasiShim: false,
  });
  const modules = new Map<string, object>();
  for (const [name, bytes] of Object.entries(files)) {
    if (name.endsWith(".wasm")) modules.set(name, new WebAssembly.Module(bytes));
  }
  const { instantiate } = await importGenerated(files);
  return (host) => {
    const memories = new Set<{ readonly buffer: ArrayBuffer }>();
    const exports = instantiate(
      (name) => modules.get(name) ?? {},
      Object.fromEntries(imports.map((name) => [name, denyingTheRest(host[name.replace(/@.*$/, "")])])),
      (module, coreImports) => {
        const instance = new WebAssembly.Instance(module, coreImports);
        for (const memory of memoriesOf(instance)) memories.add(memory);
        return instance;
      },
    );
    return {
      lifecycle: exports[lifecycleName],
      state: exports[stateName],
      imports,
      exports: Object.keys(exports),
      memoryBytes: () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    };
  };
}

function memoriesOf(instance: object): readonly { readonly buffer: ArrayBuffer }[] {
  const exports: unknown = "exports" in instance ? instance.exports : undefined;
  return Object.values(exports ?? {}).filter(
    (value) => value !== null && typeof value === "object" && "grow" in value && "buffer" in value,
  );
}

export async function importedInterfaces(component: Uint8Array): Promise<readonly string[]> {
  return [...(await componentWit(component)).matchAll(/^ {2}import (\S+);$/gm)].map(([, name = ""]) => name);
}

async function importGenerated(files: Readonly<Record<string, Uint8Array>>): Promise<Transpiled> {
  const folder = await mkdtemp(join(tmpdir(), "airssys-component-"));
  try {
    const written = Object.entries(files).map(async ([name, bytes]) => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    });
    await Promise.all(written);
    return await import(/* @vite-ignore */ pathToFileURL(join(folder, "component.js")).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

class Resource {
  readonly isDenied = true;
}

/** Resource classes exist, so that a component which never uses them links; a function that is not given refuses. */
function denyingTheRest(given: Readonly<Record<string, unknown>> = {}): object {
  return new Proxy(given, {
    get: (functions, name: string) => {
      if (/^[A-Z]/.test(name)) return Resource;
      const deny = (): never => {
        throw new Error(`${name} is denied`);
      };
      return functions[name] ?? deny;
    },
  });
}
