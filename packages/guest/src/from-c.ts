import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Compilation } from "./compilation.ts";
import { encodeComponent } from "./component-encoder.ts";
import { functionNames } from "./core-module.ts";
import { GuestBuildError, ToolchainMissingError } from "./errors.ts";
import { answerOf, compileSource, namesInRules, programsOnPath, readDependencies } from "./toolchain.ts";
import { readWorld } from "./world-shape.ts";

/** Where `airssys.h` is. */
const headers = fileURLToPath(new URL("../c/", import.meta.url));
const target = "--target=wasm32-wasi";
const wasi = "wasi_snapshot_preview1";

/** The stack lies below the data, where running out of it traps instead of overwriting. */
// oxfmt-ignore
const compilerOptions: readonly string[] = [
  target, "-mexec-model=reactor", "-O2", "-Wl,--stack-first", "-Wl,--strip-debug", "-fno-color-diagnostics", "-I", headers,
];

/** Builds one source in C, and what it includes, with the clang of this machine. */
export async function compileC(compilation: Compilation): Promise<Uint8Array> {
  const { source, files } = compilation;
  files.read(source);
  await readWorld(compilation);
  const clang = await findClang();
  const staging = await mkdtemp(join(tmpdir(), "airssys-guest-"));
  try {
    const [output, rule] = [join(staging, "module.wasm"), join(staging, "module.d")];
    await compileSource(clang, [...compilerOptions, "-MMD", "-MF", rule, "-o", output], source);
    readDependencies(readFileSync(rule, "utf8"), dirname(source), files, namesInRules.clang);
    const module = await readFile(output);
    refuseWasi(module, source);
    return await encodeComponent(module, compilation);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The first clang on PATH that has all it needs: the linker, the C library and the runtime for WebAssembly. */
async function findClang(): Promise<string> {
  let missing = "clang";
  for (const clang of programsOnPath("clang")) {
    const lacking = await lackingOf(clang);
    if (lacking === undefined) return clang;
    missing = lacking;
  }
  throw new ToolchainMissingError("c", missing, ["clang", "lld", "wasi-libc", "libclang-rt-dev-wasm32"]);
}

/** What a clang does not have; undefined when it has everything. It gives a path for what it has, and else the bare name. */
async function lackingOf(clang: string): Promise<string | undefined> {
  const linker = await answerOf(clang, [target, "-print-prog-name=wasm-ld"]);
  if (linker === undefined) return "a clang that compiles for WebAssembly";
  if (!isAbsolute(linker)) return "wasm-ld";
  const library = await answerOf(clang, [target, "-print-file-name=libc.a"]);
  if (library === undefined || !isAbsolute(library)) return "wasi-libc";
  return undefined;
}

/** What `airssys.h` has no answer for would be an import that no host of actors gives. */
function refuseWasi(module: Uint8Array, source: string): void {
  const left = functionNames(module).imports.filter((one) => one.module === wasi);
  if (left.length === 0) return;
  const names = left.map(({ name }) => name).join(", ");
  throw new GuestBuildError(`it uses what an actor has not: ${names} of WASI`, { file: source });
}
