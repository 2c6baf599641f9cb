import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { componentWit } from "@bytecodealliance/jco-transpile/wasm-tools";
import { CorruptComponentError, PreparationFailedError, TooManyFunctionsError } from "../errors.ts";
import { instrument, type InstrumentedModule } from "../instrument/instrument.ts";
import { decodeComponent } from "../wit/component-decoder.ts";
import type { WitWorld } from "../wit/wit-type.ts";
import type { Artifact } from "./artifact.ts";
import { checkCode, checkGenerated, checkInstances } from "./component-bounds.ts";
import { checkCoreModule } from "./core-module-check.ts";
import { countFunctions } from "./function-count.ts";
import { asScript, countInstantiations } from "./generated-code.ts";
import { wasm } from "../webassembly.ts";

/** What decides the generated code, besides the tool's version; part of the cache key. */
export const TRANSPILE_OPTIONS = {
  name: "component",
  instantiation: "async",
  noComponentErrorWrapping: true,
  strict: true,
  bindgenEnableWasmExnref: true,
  nodejsCompat: false,
  emitTypescriptDeclarations: false,
} as const;

/**
 * Makes a component runnable. Only for a disposable process: an odd component can break jco for good, and its memory stays.
 * One with too many functions is refused before any tool sees it.
 */
export async function transpileComponent(digest: string, bytes: Uint8Array, maxFunctions: number): Promise<Artifact> {
  const { world, coreModules } = decodeComponent(bytes);
  const functions = countFunctions(coreModules);
  if (functions > maxFunctions) throw new TooManyFunctionsError(functions, maxFunctions);
  coreModules.forEach((module, index) => checkCoreModule(module, `its core module ${index}`, "core"));
  checkCode(coreModules);
  await validate(bytes);
  const { files } = await transpileBytes(bytes, { ...TRANSPILE_OPTIONS, map: identityMap(world) });
  // Once more, as jco found them: the names in its code are those of the modules it wrote.
  for (const [fileName, file] of Object.entries(files)) {
    if (fileName.endsWith(".wasm")) checkCoreModule(file, `core module ${fileName}`, "written");
  }
  const generated = Buffer.from(files["component.js"] ?? []).toString();
  checkGenerated(generated);
  const modules = [...countInstantiations(digest, generated)].map(([fileName, instantiations]) => {
    const { bytes: rewritten, ...bounded } = rewrite(digest, fileName, files[fileName] ?? new Uint8Array());
    return { description: { fileName, ...bounded, instantiations }, bytes: rewritten };
  });
  const descriptions = modules.map(({ description }) => description);
  checkInstances(descriptions);
  return {
    world,
    functions,
    modules: descriptions,
    code: asScript(digest, generated),
    moduleBytes: modules.map((module) => module.bytes),
  };
}

async function validate(bytes: Uint8Array): Promise<void> {
  try {
    await componentWit(bytes);
  } catch (cause) {
    // A panic of the tool is not the component's own fault, and says nothing of it.
    if (cause instanceof wasm.RuntimeError) throw cause;
    throw new CorruptComponentError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Without it, imports lose their versions, and two versions of one interface become one. */
function identityMap({ imports }: WitWorld): Record<string, string> {
  const names = imports.flatMap((entry) =>
    entry.name === "" ? entry.functions.map(({ name }) => name) : [entry.name],
  );
  return Object.fromEntries(names.map((name) => [name, name]));
}

function rewrite(digest: string, fileName: string, module: Uint8Array): InstrumentedModule {
  const rewritten = instrument(module);
  if (!wasm.validate(rewritten.bytes)) {
    throw new PreparationFailedError(digest, "rejected", `core module ${fileName} is not valid after rewriting`);
  }
  return rewritten;
}
