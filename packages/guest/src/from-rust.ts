import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Compilation } from "./compilation.ts";
import { encodeComponent } from "./component-encoder.ts";
import { ToolchainMissingError } from "./errors.ts";
import { answerOf, compileSource, namesInRules, programsOnPath, readDependencies } from "./toolchain.ts";
import { readWorld } from "./world-shape.ts";

const library = fileURLToPath(new URL("../rust/airssys.rs", import.meta.url));
const target = "wasm32-unknown-unknown";
const packages = ["rustc", "libstd-rust-dev-wasm32", "lld"];

// oxfmt-ignore
const compilerOptions: readonly string[] = [
  `--target=${target}`, "--edition=2021", "-Copt-level=2", "-Cpanic=abort", "-Cstrip=debuginfo",
  "--error-format=short", "--color=never",
];

/** A compiler for the target, with the options that name its linker. */
interface Compiler {
  readonly program: string;
  readonly linker: readonly string[];
}

/** Builds one source in Rust, and its modules, with the rustc of this machine. The library is a crate that it may use. */
export async function compileRust(compilation: Compilation): Promise<Uint8Array> {
  const { source, files } = compilation;
  files.read(source);
  files.read(library);
  await readWorld(compilation);
  const { program, linker } = await findRustc();
  const staging = await mkdtemp(join(tmpdir(), "airssys-guest-"));
  try {
    const crate = join(staging, "libairssys.rlib");
    const named = ["--crate-type=rlib", "--crate-name=airssys", "-o", crate];
    await compileSource(program, [...compilerOptions, ...named], library);
    const [output, rule] = [join(staging, "module.wasm"), join(staging, "module.d")];
    const options = ["--crate-type=cdylib", "--crate-name=guest", "--extern", `airssys=${crate}`, ...linker];
    const emitted = `--emit=link=${output},dep-info=${rule}`;
    await compileSource(program, [...compilerOptions, ...options, emitted], source);
    readDependencies(readFileSync(rule, "utf8"), dirname(source), files, namesInRules.rustc);
    return await encodeComponent(await readFile(output), compilation);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The first rustc on PATH that has the standard library for the target. */
async function findRustc(): Promise<Compiler> {
  let missing = "rustc";
  for (const program of programsOnPath("rustc")) {
    missing = `the standard library for ${target}`;
    const folder = await answerOf(program, ["--print=target-libdir", `--target=${target}`]);
    if (folder === undefined || !list(folder).some((name) => /^libstd-.*\.rlib$/.test(name))) continue;
    if (await bringsLinker(program)) return { program, linker: [] };
    const [linker] = programsOnPath("wasm-ld");
    if (linker !== undefined) return { program, linker: [`-Clinker=${linker}`] };
    missing = "wasm-ld";
  }
  throw new ToolchainMissingError("rust", missing, packages);
}

/** Those of rustup do, those of Debian do not. */
async function bringsLinker(program: string): Promise<boolean> {
  const sysroot = await answerOf(program, ["--print=sysroot"]);
  if (sysroot === undefined) return false;
  const targets = join(sysroot, "lib", "rustlib");
  return list(targets).some((name) => list(join(targets, name, "bin")).some((tool) => tool.startsWith("rust-lld")));
}

/** Nothing for a folder that is not there. */
function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
