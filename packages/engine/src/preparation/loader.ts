import { createHash } from "node:crypto";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { type CompiledModule, MemoryPlan } from "../instance-memory.ts";
import type { GeneratedHooks, GeneratedInstantiate } from "../generated-hooks.ts";
import type { LoadedComponent } from "../prepared-component.ts";
import type { Artifact } from "./artifact.ts";
import { readOptional, writeOptional } from "./cache.ts";
import type { FunctionImport } from "./function-imports.ts";
import { Gates } from "../suspension/gates.ts";
import type { SuspensionHooks } from "../suspension/suspension.ts";
import { wasm, type WasmModule } from "../webassembly.ts";

/** Compiles an artifact. The machine code of its scripts is kept beside the artifact, for V8 of this version and these flags. */
export async function loadArtifact(digest: string, artifact: Artifact, file: string): Promise<LoadedComponent> {
  const kept = `${file}.v8-${cachedDataVersionTag().toString(16)}`;
  const [instantiate, ...compiled] = await Promise.all([
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
  let suspendable: Promise<GeneratedInstantiate> | undefined;
  return {
    digest,
    world: artifact.world,
    modules,
    memoryPlan: new MemoryPlan(planned),
    gates: new Gates(functionImports),
    instantiate,
    suspendable: () => (suspendable ??= loadScript(digest, artifact.suspendableCode, `${kept}-suspendable`)),
  };
}

async function loadScript(digest: string, code: string, codeCacheFile: string): Promise<GeneratedInstantiate> {
  const kept = await readOptional(codeCacheFile);
  const cachedData = kept && verified(code, kept);
  const filename = `airssys:component/${digest.slice("sha256:".length, "sha256:".length + 12)}`;
  const script = new Script(code, cachedData === undefined ? { filename } : { filename, cachedData });
  const instantiate: GeneratedInstantiate = script.runInThisContext();
  if (cachedData === undefined || script.cachedDataRejected === true) {
    compileBody(instantiate);
    await writeOptional(codeCacheFile, sealed(code, script.createCachedData()));
  }
  return instantiate;
}

const unused = (): never => {
  throw new TypeError("this code is not meant to run");
};

const NO_HOOKS: GeneratedHooks & SuspensionHooks = {
  hostCall: unused,
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
