import { createHash } from "node:crypto";
import { cachedDataVersionTag } from "node:v8";
import type { Script } from "node:vm";
import { type CompiledModule, MemoryPlan } from "../instance-memory.ts";
import type { GeneratedHooks, GeneratedInstantiate } from "../generated-hooks.ts";
import type { ComponentCopy } from "../isolation/component-copy.ts";
import type { LoadedComponent } from "../prepared-component.ts";
import { Gates } from "../suspension/gates.ts";
import type { SuspensionHooks } from "../suspension/suspension.ts";
import type { Artifact } from "./artifact.ts";
import { readOptional, writeOptional } from "./cache.ts";
import type { FunctionImport } from "./function-imports.ts";
import { generatedScript } from "./generated-script.ts";
import { wasm, type WasmModule } from "../webassembly.ts";

/** Compiles an artifact. The machine code of its scripts is kept beside the artifact, for V8 of this version and these flags. */
export async function loadArtifact(digest: string, artifact: Artifact, file: string): Promise<LoadedComponent> {
  const kept = `${file}.v8-${cachedDataVersionTag().toString(16)}`;
  const [{ script, instantiate }, ...compiled] = await Promise.all([
    loadScript(digest, artifact.code, kept),
    ...artifact.moduleBytes.map((bytes) => wasm.compile(bytes)),
  ]);
  const modules = new Map<string, WasmModule>();
  const planned: CompiledModule[] = [];
  const functionImports = new Map<WasmModule, readonly FunctionImport[]>();
  artifact.modules.forEach((module, index) => {
    const of = compiled[index];
    if (of === undefined) return;
    modules.set(module.fileName, of);
    planned.push({ ...module, compiled: of });
    functionImports.set(of, module.functionImports);
  });
  const { world, code, suspendableCode } = artifact;
  let codeCache: Buffer | undefined;
  const copy = (): ComponentCopy => {
    codeCache ??= script.createCachedData();
    return { digest, world, modules: planned, code, codeCache };
  };
  let suspendable: Promise<LoadedScript> | undefined;
  return {
    digest,
    world,
    modules,
    memoryPlan: new MemoryPlan(planned),
    gates: new Gates(functionImports),
    instantiate,
    suspendable: async () => {
      suspendable ??= loadScript(digest, suspendableCode, `${kept}-suspendable`);
      return (await suspendable).instantiate;
    },
    copy,
  };
}

interface LoadedScript {
  readonly script: Script;
  readonly instantiate: GeneratedInstantiate;
}

async function loadScript(digest: string, code: string, codeCacheFile: string): Promise<LoadedScript> {
  const kept = await readOptional(codeCacheFile);
  const cachedData = kept && verified(code, kept);
  const script = generatedScript(digest, code, cachedData);
  const instantiate: GeneratedInstantiate = script.runInThisContext();
  if (cachedData === undefined || script.cachedDataRejected === true) {
    compileBody(instantiate);
    await writeOptional(codeCacheFile, sealed(code, script.createCachedData()));
  }
  return { script, instantiate };
}

const unused = (): never => {
  throw new TypeError("this code is not meant to run");
};

const NO_HOOKS: GeneratedHooks & SuspensionHooks = {
  hostCall: unused,
  passingOut: { text: unused, numbers: unused, list: unused },
  importThrew: unused,
  handleAdded: unused,
  hostResources: unused,
  guestResources: unused,
  methodsOf: unused,
  disposal: unused,
  destroy: unused,
  enterGuest: unused,
  guestLeft: unused,
  hostImport: unused,
  resumable: unused,
};

/** Has V8 compile the one huge function, by a call that ends at its first step. */
function compileBody(instantiate: GeneratedInstantiate): void {
  const end = {};
  const stop = (): never => {
    throw end;
  };
  try {
    instantiate(stop, {}, stop, NO_HOOKS);
  } catch (thrown) {
    // Without core modules its first step is to look for an import, and none is there.
    if (thrown !== end && !(thrown instanceof TypeError)) throw thrown;
  }
}

/** V8 notices neither damage in its own code cache nor that it is of another script of the same length, and runs it. */
function sealed(code: string, data: Buffer): Buffer {
  return Buffer.concat([seal(code, data), data]);
}

function verified(code: string, file: Buffer): Buffer | undefined {
  const data = file.subarray(SEAL_BYTES);
  return seal(code, data).equals(file.subarray(0, SEAL_BYTES)) ? data : undefined;
}

const SEAL_BYTES = 32;

function seal(code: string, data: Buffer): Buffer {
  return createHash("sha256")
    .update(`${Buffer.byteLength(code)} `)
    .update(code)
    .update(data)
    .digest();
}
