import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import {
  compiled,
  type CoreModule,
  type CounterExports,
  type GeneratedModule,
  instantiated,
} from "./generated-module.ts";

/** A component as jco's users run it: its generated module as it is, loaded as a module, core modules compiled beforehand. */
export interface BareComponent {
  readonly instantiate: () => CounterExports;
}

export async function bareComponent(bytes: Uint8Array): Promise<BareComponent> {
  const { files } = await transpileBytes(bytes, { name: "counter", instantiation: "async" });
  const modules = new Map<string, CoreModule>();
  for (const [fileName, content] of Object.entries(files)) {
    if (fileName.endsWith(".wasm")) modules.set(fileName, compiled(content));
  }
  const generated = await loadModule(files["counter.js"] ?? new Uint8Array());
  return { instantiate: () => instantiated(generated, modules) };
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
