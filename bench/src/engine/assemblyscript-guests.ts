import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { loadCompiler } from "./assemblyscript-compiler.ts";
import { builtOnce } from "./built-once.ts";

const guests = new URL("../../guests/", import.meta.url);
const module = "module.wasm";

/** Optimized for speed; nothing is freed, and what goes wrong is a trap. */
const options = ["--outFile", module, "--runtime", "stub", "--use", "abort=", "-O3", "--noColors"];

/** The twelve kernels, each a function of the world. */
export function kernelsGuest(): Promise<Uint8Array> {
  return component("kernels", "kernels/kernels.as.ts", "kernels/kernels.wit");
}

/** The digest as a component. */
export function digestGuest(): Promise<Uint8Array> {
  return component("digest", "digest/component.as.ts", "digest/digest.wit");
}

/** The digest as a plug-in for Extism: the same code behind another way to pass bytes. */
export function digestPlugin(): Promise<Uint8Array> {
  return builtOnce("digest-plugin", sources(), () => coreModule("digest/extism.as.ts"));
}

/** A component of the world that has its name, which is in a WIT file of its own. */
function component(world: string, entry: string, wit: string): Promise<Uint8Array> {
  const witFile = new URL(wit, guests);
  return builtOnce(world, [...sources(), witFile], async () => {
    const [binary, witSource] = await Promise.all([coreModule(entry), readFile(witFile, "utf8")]);
    return componentNew(await componentEmbed({ binary, witSource, world }));
  });
}

async function coreModule(entry: string): Promise<Uint8Array> {
  let compiled: Uint8Array | undefined;
  const { createMemoryStream, main: compile } = await loadCompiler();
  const stderr = createMemoryStream();
  const { error } = await compile([entry, "--baseDir", fileURLToPath(guests), ...options], {
    stderr,
    writeFile: (name, contents) => {
      if (basename(name) === module && typeof contents !== "string") compiled = contents;
    },
  });
  if (compiled === undefined) throw new Error(`${entry} was not compiled: ${stderr.toString()}`, { cause: error });
  return compiled;
}

/** All of them: they import from each other. */
function sources(): readonly URL[] {
  return ["kernels/", "digest/"].flatMap((folder) => {
    const names = readdirSync(new URL(folder, guests)).filter((name) => name.endsWith(".as.ts"));
    return names.toSorted().map((name) => new URL(folder + name, guests));
  });
}
