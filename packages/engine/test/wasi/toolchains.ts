import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { findPackageJSON, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { componentize } from "componentize-qjs";
import { temporaryDirectory } from "../fixtures.ts";

/* Builds guests with other people's toolchains, from the sources in `test/guests`, as their users would. */

const sources = fileURLToPath(new URL("../guests/", import.meta.url));

/** The adapter and the interfaces that come with jco; nothing else of it is used. */
const jco = dirname(packageFileOf("@bytecodealliance/jco"));

const keptGuests = fileURLToPath(new URL("../../../../node_modules/.cache/airssys/guests/", import.meta.url));

function packageFileOf(name: string): string {
  return findPackageJSON(name, import.meta.url) ?? "";
}

/**
 * A JavaScript engine around a guest in TypeScript: `<name>.ts` and its world, `<name>.wit`. While it builds, the toolchain runs the guest
 * with a WASI of its own, which knows nothing of HTTP and does not let its streams be mixed with those it knows. So the guest is built for
 * interfaces of another name and release, and gets the real ones, which are as long, when it is done.
 */
export async function fromTypeScript(name: string): Promise<Uint8Array> {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const tool of ["componentize-qjs", "@bytecodealliance/jco"]) hash.update(readFileSync(packageFileOf(tool)));
  for (const ending of ["ts", "wit"]) hash.update(readFileSync(join(sources, `${name}.${ending}`)));
  const kept = join(keptGuests, `${name}-${hash.digest("hex")}.wasm`);
  // It takes both cores for some seconds, and several files of tests want the same.
  if (existsSync(kept)) return readFileSync(kept);
  const component = await componentized(name);
  mkdirSync(keptGuests, { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, component);
  renameSync(`${kept}.${process.pid}`, kept);
  return component;
}

async function componentized(name: string): Promise<Uint8Array> {
  const witPath = temporaryDirectory();
  const source = (ending: string): string => disguised(readFileSync(join(sources, `${name}.${ending}`), "utf8"));
  writeFileSync(join(witPath, "world.wit"), source("wit"));
  const interfaces = join(jco, "lib/wit/builtin/0.2.12");
  for (const folder of readdirSync(interfaces)) {
    const directory = join(witPath, "deps", folder);
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, "package.wit"),
      disguised(readFileSync(join(interfaces, folder, "package.wit"), "utf8")),
    );
  }
  const { component } = await componentize({ witPath, jsSource: stripTypeScriptTypes(source("ts")), sync: true });
  return Buffer.from(component.toString("latin1").replaceAll("wosi:", "wasi:"), "latin1");
}

function disguised(text: string): string {
  return text.replaceAll("wasi:", "wosi:").replaceAll("@0.2.12", "@0.2.11");
}

type Adapter = "command" | "reactor";

/** A component of a core module that knows only preview 1, by the adapter that all toolchains use for it. */
async function adapted(core: Uint8Array, adapter: Adapter): Promise<Uint8Array> {
  const bytes = readFileSync(join(jco, `lib/wasi_snapshot_preview1.${adapter}.wasm`));
  return componentNew(core, [["wasi_snapshot_preview1", bytes]]);
}

export async function fromAssemblyScript(name: string): Promise<Uint8Array> {
  const output = join(temporaryDirectory(), "module.wasm");
  const options = ["--outFile", output, "--baseDir", sources, "--exportStart", "_start", "--runtime", "stub", "-O2"];
  const compiler = join(dirname(packageFileOf("assemblyscript")), "bin/asc.js");
  const files = [join(sources, `${name}.as.ts`), "--use", `abort=${name}.as/abort`];
  execFileSync(process.execPath, [compiler, ...files, ...options], { stdio: ["ignore", "ignore", "pipe"] });
  return adapted(readFileSync(output), "command");
}

/** Whether a compiler is there, for the target that is needed here. */
function compiles(command: string, options: readonly string[], program: string): boolean {
  const output = join(temporaryDirectory(), "probe.wasm");
  try {
    execFileSync(command, [...options, "-o", output, "-"], { input: program, stdio: ["pipe", "ignore", "ignore"] });
    return true;
  } catch {
    // Without one, what it would have compiled is left out of the tests.
    return false;
  }
}

const CLANG = ["--target=wasm32-wasi", "-O2"];
export const hasClang: boolean = compiles(
  "clang",
  [...CLANG, "-x", "c"],
  "#include <stdio.h>\nint main(void) { return 0; }",
);

/** Debian's own compiler has the target; one that was installed beside it often has not. */
const RUSTC = ["--target=wasm32-wasi", "-Clinker=wasm-ld", "-O", "--crate-name=guest"];
const rustc = ["/usr/bin/rustc", "rustc"].find((command) => compiles(command, RUSTC, "fn main() {}"));
export const hasRust: boolean = rustc !== undefined;

function compileC(name: string, options: readonly string[]): Buffer {
  const output = join(temporaryDirectory(), "module.wasm");
  execFileSync("clang", [...CLANG, ...options, join(sources, `${name}.c`), "-o", output]);
  return readFileSync(output);
}

/** A program in C, linked with wasi-libc. */
export async function fromC(name: string): Promise<Uint8Array> {
  return adapted(compileC(name, []), "command");
}

/** A library in C, whose exports are those of the world in `<name>.wit`. */
export async function reactorFromC(name: string): Promise<Uint8Array> {
  const core = compileC(name, ["-mexec-model=reactor"]);
  const witSource = readFileSync(join(sources, `${name}.wit`), "utf8");
  return adapted(await componentEmbed({ binary: core, witSource }), "reactor");
}

/** A program in Rust, with all of its standard library. */
export async function fromRust(name: string): Promise<Uint8Array> {
  const output = join(temporaryDirectory(), "module.wasm");
  execFileSync(rustc ?? "rustc", [...RUSTC, "-Cstrip=symbols", join(sources, `${name}.rs`), "-o", output]);
  return adapted(readFileSync(output), "command");
}
