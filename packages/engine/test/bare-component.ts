import { Script } from "node:vm";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { exportTable, type GuestFunction } from "../src/export-table.ts";
import { HostCalls } from "../src/host-calls.ts";
import { type HostImports, Linker } from "../src/linker.ts";
import { asScript } from "../src/preparation/generated-code.ts";
import { TRANSPILE_OPTIONS } from "../src/preparation/transpiler.ts";
import type { GeneratedInstantiate } from "../src/prepared-component.ts";
import { WasiInstance } from "../src/wasi/wasi-instance.ts";
import { decodeComponent } from "../src/wit/component-decoder.ts";
import { wasm, type WasmInstance } from "../src/webassembly.ts";

/** A component run as the engine runs it, except for its core modules. */
export interface BareComponent {
  /** By the name under which the engine would call it. */
  readonly fn: (name: string) => GuestFunction;
  readonly coreInstances: readonly WasmInstance[];
}

const DIGEST = "sha256:test";

/** Instantiates a component with core modules as they came, or as `rewrite` makes them. */
export async function bareComponent(
  bytes: Uint8Array,
  {
    imports = {},
    rewrite = (module) => module,
  }: { imports?: HostImports; rewrite?: (module: Uint8Array) => Uint8Array },
): Promise<BareComponent> {
  const { world } = decodeComponent(bytes);
  const names = world.imports.flatMap(({ name, functions }) => (name === "" ? functions.map((fn) => fn.name) : [name]));
  const map = Object.fromEntries(names.map((name) => [name, name]));
  const { files } = await transpileBytes(bytes, { ...TRANSPILE_OPTIONS, map });
  const script = new Script(asScript(DIGEST, Buffer.from(files["component.js"] ?? []).toString()));
  const instantiate: GeneratedInstantiate = script.runInThisContext();
  const calls = new HostCalls();
  const coreInstances: WasmInstance[] = [];
  const exports = instantiate(
    (file) => new wasm.Module(rewrite(files[file] ?? new Uint8Array())),
    new Linker(DIGEST, world).link(imports, new WasiInstance(), calls),
    (module, given) => {
      const instance = new wasm.Instance(module, given);
      coreInstances.push(instance);
      return instance;
    },
    calls.onThrow,
    () => undefined,
    () => undefined,
  );
  const table = exportTable(world.exports, world.types);
  return { fn: (name) => table.get(name)?.bind(exports).call ?? (() => undefined), coreInstances };
}
