// QuickJS resolves imports by reading files, so the modules are put into a temporary folder with their types stripped
// and under their own names: positions in error messages stay true and nothing needs bundling.
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { transformSync } from "amaro";
import { componentize } from "componentize-qjs";
import type { Compilation } from "./compilation.ts";
import { GuestBuildError } from "./errors.ts";
import { localImports } from "./local-imports.ts";
import { toolMessage } from "./tool-message.ts";
import { camelCase, interfaceWord, readWorld, type WorldFunction, type WorldShape } from "./world-shape.ts";

const entryName = "airssys-entry.js";
const witName = "airssys-guest.wit";

/** Builds a component in which QuickJS runs the module and everything it imports by relative path. */
export async function compileTypeScript(compilation: Compilation): Promise<Uint8Array> {
  const shape = await readWorld(compilation);
  const modules = collectModules(compilation);
  const root = commonFolder([...modules.keys()]);
  const staging = await mkdtemp(join(tmpdir(), "airssys-guest-"));
  try {
    const entry = entryModule(relative(root, compilation.source), shape.required);
    const narrowed = narrowWorld(compilation, shape, [...modules.values()]);
    await place(join(staging, entryName), entry);
    await place(join(staging, witName), narrowed.wit);
    await Promise.all(Array.from(modules, ([path, text]) => place(join(staging, relative(root, path)), text)));
    const { component } = await componentize({
      witPath: join(staging, witName),
      world: narrowed.world,
      jsSource: entry,
      jsPath: join(staging, entryName),
      moduleRoot: staging,
      sync: true,
    });
    return component;
  } catch (cause) {
    throw toBuildError(cause, staging, root, compilation.source);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The source and all it imports, types stripped, by absolute path. */
function collectModules({ source, files }: Compilation): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  const open = [source];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (modules.has(path)) continue;
    const text = path === source ? files.read(path) : files.find(path);
    if (text === undefined) continue;
    const stripped = strip(text, path);
    modules.set(path, stripped);
    open.push(...localImports(stripped).map((specifier) => resolve(dirname(path ?? source), specifier)));
  }
  return modules;
}

function strip(text: string, file: string): string {
  try {
    return transformSync(text, { mode: "strip-only", filename: file }).code;
  } catch (cause) {
    throw new GuestBuildError(toolMessage(cause), { file, ...positionOf(cause) }, { cause });
  }
}

/** Where a syntax error is; the tool counts columns from 0. */
function positionOf(thrown: unknown): { readonly line?: number; readonly column?: number } {
  if (typeof thrown !== "object" || thrown === null || !("startLine" in thrown && "startColumn" in thrown)) return {};
  return { line: Number(thrown.startLine), column: Number(thrown.startColumn) + 1 };
}

/** The tool imports a whole world, used or not; a component should ask only for what its modules import. */
function narrowWorld(
  { wit, world }: Compilation,
  { imports, exports, required, offered }: WorldShape,
  modules: readonly string[],
): { readonly wit: string; readonly world: string } {
  const isOfInterfacesOnly = [...required, ...offered].every((one) => one.interface !== "");
  if (!isOfInterfacesOnly) return { wit, world };
  const isUsed = (name: string): boolean =>
    modules.some((text) => text.includes(`"${name}"`) || text.includes(`'${name}'`));
  const lines = [
    ...imports.filter(isUsed).map((name) => `import ${name};`),
    ...exports.map((name) => `export ${name};`),
  ];
  return { wit: `${wit}\nworld airssys-guest { ${lines.join(" ")} }\n`, world: "airssys-guest" };
}

/** Re-exports what the world requires and fails the build, rather than the first call, when some of it is missing. */
function entryModule(source: string, required: readonly WorldFunction[]): string {
  const names = required.map(javaScriptName);
  const checks = names.map(({ owner, member }) => {
    const found = member === undefined ? `guest.${owner}` : `guest.${owner}?.${member}`;
    const shown = member === undefined ? owner : `${owner}.${member}`;
    return `if (typeof ${found} !== "function") throw new Error("the world requires an exported function ${shown}");`;
  });
  const exports = Array.from(
    Map.groupBy(names, ({ owner }) => owner),
    ([owner, functions]) => `export const ${owner} = ${legibleExport(owner, functions)};`,
  );
  const specifier = JSON.stringify(`./${source.split(sep).join("/")}`);
  return [`import * as guest from ${specifier};`, ...checks, legible, ...exports].join("\n");
}

/**
 * What the host refuses is thrown as an Error that carries the refusal. Uncaught, the runtime would take that for the guest's own
 * answer and trap on a case it does not know; as a plain Error it traps and says what nobody caught.
 */
const legible = `const legible = (fn, self) => (...args) => {
  try {
    return fn.apply(self, args);
  } catch (error) {
    const refusal = error instanceof Error ? error.payload : undefined;
    if (refusal?.tag === undefined) throw error;
    throw new Error("nobody caught " + refusal.tag + (refusal.val === undefined ? "" : ": " + refusal.val));
  }
};`;

function legibleExport(owner: string, functions: readonly JavaScriptName[]): string {
  const members = functions.flatMap(({ member }) => (member === undefined ? [] : [member]));
  if (members.length === 0) return `legible(guest.${owner})`;
  const guarded = members.map((member) => `${member}: legible(guest.${owner}.${member}, guest.${owner})`);
  return `Object.assign(Object.create(guest.${owner}), { ${guarded.join(", ")} })`;
}

interface JavaScriptName {
  readonly owner: string;
  readonly member: string | undefined;
}

/** `some-function` of `ns:package/some-interface@1.0.0` is `someInterface.someFunction` in JavaScript. */
function javaScriptName(required: WorldFunction): JavaScriptName {
  const name = camelCase(required.name);
  if (required.interface === "") return { owner: name, member: undefined };
  return { owner: camelCase(interfaceWord(required.interface)), member: name };
}

function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => dirname(path).split(sep));
  const [first = []] = folders;
  const shared = first.findIndex((segment, index) => folders.some((folder) => folder[index] !== segment));
  return (shared === -1 ? first : first.slice(0, shared)).join(sep) || sep;
}

async function place(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** QuickJS names files by their place below the temporary folder; the author knows them by their own. */
function toBuildError(thrown: unknown, staging: string, root: string, source: string): GuestBuildError {
  const message = toolMessage(thrown).replaceAll(staging, root);
  const at = /\(?(?<path>\/[^\s():]+):(?<line>\d+):(?<column>\d+)\)?\s*$/m.exec(message)?.groups;
  const reason = (/Error: (?<reason>.*)/.exec(message)?.groups?.["reason"] ?? message).trim();
  const isOurs = at?.["path"] === undefined || at["path"] === `/${entryName}`;
  const position = isOurs
    ? { file: source }
    : { file: join(root, at["path"] ?? ""), line: Number(at["line"]), column: Number(at["column"]) };
  return new GuestBuildError(reason, position, { cause: thrown });
}
