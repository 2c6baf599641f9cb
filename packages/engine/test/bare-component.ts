import { Script } from "node:vm";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { exportTable, type GuestFunction } from "../src/export-table.ts";
import type { GeneratedInstantiate } from "../src/generated-hooks.ts";
import { GuestResources } from "../src/guest-resources.ts";
import { HostCalls } from "../src/host-calls.ts";
import { HostResources } from "../src/host-resources.ts";
import { type HostImports, Linker } from "../src/linker.ts";
import { asScript } from "../src/preparation/generated-code.ts";
import { TRANSPILE_OPTIONS } from "../src/preparation/transpiler.ts";
import { ValueBudget } from "../src/value-budget.ts";
import { WasiInstance } from "../src/wasi/wasi-instance.ts";
import { decodeComponent } from "../src/wit/component-decoder.ts";
import type { WasiOptions } from "../src/wasi/settings.ts";
import { wasm, type WasmImports, type WasmInstance, type WasmModule } from "../src/webassembly.ts";

/** A component run as the engine runs it, except for its core modules. */
export interface BareComponent {
  /** By the name under which the engine would call it. */
  readonly fn: (name: string) => GuestFunction;
  readonly coreInstances: readonly WasmInstance[];
}

const DIGEST = "sha256:test";

/** What jco makes of each component, once. */
const made = new WeakMap<Uint8Array, Promise<Record<string, Uint8Array>>>();

function transpiled(bytes: Uint8Array, map: Record<string, string>): Promise<Record<string, Uint8Array>> {
  const known = made.get(bytes) ?? transpileBytes(bytes, { ...TRANSPILE_OPTIONS, map }).then(({ files }) => files);
  made.set(bytes, known);
  return known;
}

export interface BareOptions {
  readonly imports?: HostImports;
  readonly wasi?: WasiOptions;
  /** What is run in place of a core module. */
  readonly rewrite?: (module: Uint8Array) => Uint8Array;
  /** What a core module, rewritten, is given as imports. */
  readonly provide?: (module: WasmModule, given: WasmImports | undefined) => WasmImports | undefined;
}

/** Instantiates a component with core modules as they came, or as `rewrite` makes them. */
export async function bareComponent(
  bytes: Uint8Array,
  { imports = {}, wasi = {}, rewrite = (module) => module, provide = (_, given) => given }: BareOptions,
): Promise<BareComponent> {
  const { world } = decodeComponent(bytes);
  const names = world.imports.flatMap(({ name, functions }) => (name === "" ? functions.map((fn) => fn.name) : [name]));
  const map = Object.fromEntries(names.map((name) => [name, name]));
  const files = await transpiled(bytes, map);
  const script = new Script(asScript(DIGEST, Buffer.from(files["component.js"] ?? []).toString()));
  const instantiate: GeneratedInstantiate = script.runInThisContext();
  const linker = new Linker(DIGEST, world);
  const { members, fromEngine } = linker.link(imports, new WasiInstance(wasi));
  const calls = new HostCalls({
    functions: linker.functions,
    fromEngine,
    returned: () => undefined,
    lost: () => undefined,
  });
  const hostResources = new HostResources(calls.drop, calls.arrived);
  const guestResources = new GuestResources((drop) => {
    drop();
    return undefined;
  });
  const coreInstances: WasmInstance[] = [];
  const exports = instantiate(
    (file) => new wasm.Module(rewrite(files[file] ?? new Uint8Array())),
    members,
    (module, given) => {
      const instance = new wasm.Instance(module, provide(module, given));
      coreInstances.push(instance);
      return instance;
    },
    {
      hostCall: calls.call,
      passingOut: new ValueBudget(Number.MAX_SAFE_INTEGER, calls),
      importThrew: calls.importThrew,
      handleAdded: () => undefined,
      hostResources: hostResources.table,
      guestResources: guestResources.table,
      methodsOf: guestResources.methodsOf,
      disposal: guestResources.disposal,
      destroy: (destructor, representation) => destructor(representation),
    },
  );
  const table = exportTable(world.exports, world.types);
  return { fn: (name) => table.get(name)?.bind(exports, guestResources).call ?? (() => undefined), coreInstances };
}
