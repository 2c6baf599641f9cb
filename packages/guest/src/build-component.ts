import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Compilation } from "./compilation.ts";
import { digest, SourceFiles } from "./source-files.ts";
import { isUpToDate, stampPath, toolsFingerprint, type Stamp } from "./stamp.ts";
import { programsFingerprint } from "./toolchain.ts";
import { witSource } from "./wit-source.ts";

export type GuestLanguage = "typescript" | "assemblyscript" | "c" | "rust" | "wat";

export interface BuildOptions {
  readonly language: GuestLanguage;
  /** The entry file; files it imports by relative path belong to it. */
  readonly source: URL | string;
  /** A directory with the root package and, in `deps/`, the packages it uses; the WIT of airssys unless given. */
  readonly wit?: URL | string;
  /** `actor` unless given. */
  readonly world?: string;
  /** Where the component goes; its stamp is written beside it, and missing folders are made. */
  readonly output: URL | string;
}

export interface BuiltComponent {
  /** Absolute path of the component. */
  readonly output: string;
  /** False when the output was up to date and nothing was done. */
  readonly built: boolean;
  /** Size of the component in bytes. */
  readonly bytes: number;
}

interface Tools {
  /** Of npm. */
  readonly packages: readonly string[];
  /** Of this machine. */
  readonly programs: readonly string[];
}

const encoder = "@bytecodealliance/jco-transpile";

const tools: Readonly<Record<GuestLanguage, Tools>> = {
  typescript: { packages: ["componentize-qjs", encoder], programs: [] },
  assemblyscript: { packages: ["assemblyscript", encoder], programs: [] },
  c: { packages: [encoder], programs: ["clang", "wasm-ld"] },
  rust: { packages: [encoder], programs: ["rustc", "wasm-ld"] },
  wat: { packages: [encoder], programs: [] },
};

/** What `wit/` says, as one text. */
const ownWit = fileURLToPath(new URL("../src/generated/airssys.wit", import.meta.url));

/**
 * Builds a component from one source, without network access, unless the output is already what that would give. TypeScript,
 * AssemblyScript and WAT need nothing besides this package; C and Rust need the compilers of the machine.
 * The output is replaced in one step: killed at any point, it leaves the old component or the new one.
 *
 * @throws {GuestBuildError} the compiler refused the source
 * @throws {SourceNotFoundError} the source or a file it imports is missing
 * @throws {WitInvalidError} the WIT directory or the world cannot be used
 * @throws {ToolchainMissingError} C or Rust: the compiler is not there, or lacks something
 */
export async function buildComponent(options: BuildOptions): Promise<BuiltComponent> {
  const { language, world = "actor" } = options;
  const source = toPath(options.source);
  const output = toPath(options.output);
  const witDirectory = options.wit === undefined ? ownWit : toPath(options.wit);
  const wit = options.wit === undefined ? readFileSync(ownWit, "utf8") : witSource(witDirectory);
  const { packages, programs } = tools[language];
  const found = `${toolsFingerprint(packages)} ${programsFingerprint(programs)}`;
  const recipe = { language, world, witDigest: digest(wit), tools: found };
  if (isUpToDate(output, source, recipe)) return { output, built: false, bytes: (await stat(output)).size };

  const files = new SourceFiles();
  const component = await compile(language, { source, witDirectory, wit, world, files });
  const stamp: Stamp = { recipe, sources: files.digests, outputDigest: digest(component) };
  await mkdir(dirname(output), { recursive: true });
  await replaceFile(output, component);
  await replaceFile(stampPath(output), JSON.stringify(stamp, undefined, 2));
  return { output, built: true, bytes: component.byteLength };
}

/** The compilers are large and slow to load: each is imported when something is really to be built. */
async function compile(language: GuestLanguage, compilation: Compilation): Promise<Uint8Array> {
  switch (language) {
    case "typescript":
      return (await import("./from-typescript.ts")).compileTypeScript(compilation);
    case "assemblyscript":
      return (await import("./from-assemblyscript.ts")).compileAssemblyScript(compilation);
    case "c":
      return (await import("./from-c.ts")).compileC(compilation);
    case "rust":
      return (await import("./from-rust.ts")).compileRust(compilation);
    case "wat":
      return (await import("./from-wat.ts")).compileWat(compilation);
  }
}

async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function toPath(location: URL | string): string {
  return typeof location === "string" ? resolve(location) : fileURLToPath(location);
}
