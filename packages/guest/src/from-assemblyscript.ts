import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { main as compile, type Range } from "assemblyscript/asc";
import type { Compilation } from "./compilation.ts";
import { encodeComponent } from "./component-encoder.ts";
import { rename, type Renaming } from "./core-module.ts";
import { GuestBuildError, type SourcePosition } from "./errors.ts";
import type { SourceFiles } from "./source-files.ts";
import { camelCase, interfaceWord, readWorld, type WorldShape } from "./world-shape.ts";

const libraryName = "@airssys/guest/assemblyscript";
const library = fileURLToPath(new URL("../assemblyscript/", import.meta.url));
const exportsEntry = "airssys-exports.ts";
const output = "module.wasm";
/** Of the categories of a diagnostic, the one that stops the compiler. */
const errorCategory = 3;

/** Builds an actor written with the library of `../assemblyscript`, which the source imports by its package name. */
export async function compileAssemblyScript(compilation: Compilation): Promise<Uint8Array> {
  const shape = await readWorld(compilation);
  const module = await compileModule(compilation);
  return encodeComponent(rename(module, canonicalNames(shape)), compilation);
}

async function compileModule({ source, files }: Compilation): Promise<Uint8Array> {
  const folder = dirname(source);
  files.read(source);
  let module: Uint8Array | undefined;
  let problem: { readonly reason: string; readonly position: SourcePosition } | undefined;
  const entries = [join(folder, exportsEntry), source];
  const { error } = await compile([...entries, "--baseDir", folder, ...compilerOptions], {
    readFile: (name, baseDirectory) => files.find(locate(name, baseDirectory)) ?? null,
    writeFile: (name, contents) => {
      if (basename(name) === output && typeof contents !== "string") module = contents;
    },
    listFiles: () => [],
    reportDiagnostic: ({ category, message, range }) => {
      if (category === errorCategory)
        problem ??= { reason: message, position: positionOf(range, folder, files) ?? { file: source } };
    },
  });
  if (module !== undefined) return module;
  if (problem !== undefined) throw new GuestBuildError(problem.reason, problem.position, { cause: error });
  throw new GuestBuildError(
    error?.message ?? "the compiler wrote nothing and gave no reason",
    { file: source },
    { cause: error },
  );
}

/** `abort` says why before it traps; `_initialize` runs the top level once the host's functions are there. */
// oxfmt-ignore
const compilerOptions: readonly string[] = [
  "--outFile", output,
  "--runtime", "incremental",
  "--exportStart", "_initialize",
  "--use", `abort=~lib/${libraryName}/logging/abort`,
  "-O3",
  "--noColors",
];

/** The library is found wherever the source is, installed beside it or not. */
function locate(name: string, baseDirectory: string): string {
  const path = resolve(baseDirectory, name);
  if (basename(path) === exportsEntry) return join(library, "exports.ts");
  const inLibrary = path.lastIndexOf(`/node_modules/${libraryName}`);
  if (inLibrary === -1) return path;
  return join(library, path.slice(inLibrary + `/node_modules/${libraryName}`.length));
}

/**
 * `handle-message` of `…/component-lifecycle@1` is exported as `componentLifecycle_handleMessage`; `self-id` of
 * `…/messaging@1` is imported as `selfId` of `messaging`. A name that the language reserves has an underscore behind it.
 */
function canonicalNames({ required, offered }: WorldShape): Renaming {
  const exports = new Map([
    ["memory", "cm32p2_memory"],
    ["cabi_realloc", "cm32p2_realloc"],
    ["_initialize", "cm32p2_initialize"],
  ]);
  for (const { interface: interfaceName, name } of required) {
    const exported = `${camelCase(interfaceWord(interfaceName))}_${camelCase(name)}`;
    exports.set(exported, `cm32p2|${interfaceName}|${name}`);
    exports.set(`${exported}_post`, `cm32p2|${interfaceName}|${name}_post`);
  }
  return {
    exportName: (exported) => exports.get(exported),
    importName: ({ module, name }) => {
      const wanted = name.replace(/_$/, "");
      const found = offered.find((one) => interfaceWord(one.interface) === module && camelCase(one.name) === wanted);
      return found && { module: `cm32p2|${found.interface}`, name: found.name };
    },
  };
}

/** `undefined` when the compiler names no place. */
function positionOf(range: Range | null, folder: string, files: SourceFiles): SourcePosition | undefined {
  if (range === null) return undefined;
  const path = range.source.normalizedPath;
  const file = resolve(folder, path);
  const text = files.find(file);
  if (text === undefined) return { file: path };
  const before = text.slice(0, range.start).split("\n");
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
