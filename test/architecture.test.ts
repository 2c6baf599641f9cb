import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The map: which of our packages each may depend on, which libraries, and whether it may use Node. Nothing else is allowed. */
const map: Record<string, { ours: readonly string[]; libraries: readonly string[]; node: boolean }> = {
  rt: { ours: [], libraries: ["eventemitter3"], node: false },
  engine: { ours: [], libraries: ["@bytecodealliance/jco-transpile", "p-queue"], node: true },
  security: { ours: [], libraries: ["smol-toml", "xstate"], node: true },
  storage: { ours: [], libraries: [], node: true },
  osl: { ours: ["security"], libraries: [], node: true },
  guest: {
    ours: [],
    libraries: ["@bytecodealliance/jco-transpile", "amaro", "assemblyscript", "componentize-qjs"],
    node: true,
  },
  testkit: { ours: ["rt"], libraries: ["vitest"], node: false },
  wasm: { ours: ["engine", "osl", "rt", "security", "storage"], libraries: ["xstate"], node: true },
};

interface PackageJson {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

function packageJson(name: string): PackageJson {
  return JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as PackageJson;
}

function sources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const importPattern =
  /(?:^|[;\n])\s*(?:import|export)\s[^;]*?[\s}*]from\s*["']([^"']+)["']|(?:^|[;\n])\s*import\s*["']([^"']+)["']|\bimport\(\s*(?:\w+\.)*["'`]([^"'`]+)["'`]/g;
/** Ways to a module that no pattern of imports sees. */
const backDoors = /\bgetBuiltinModule\b|\bcreateRequire\b|\brequire\(/;

function code(file: string): string {
  return readFileSync(file, "utf8").replaceAll(comments, "");
}

function imports(file: string): string[] {
  return [...code(file).matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** `@scope/name` or `name` of an import such as `@scope/name/sub/path`. */
function packageOf(specifier: string): string {
  const segments = specifier.split("/");
  return specifier.startsWith("@") ? segments.slice(0, 2).join("/") : (segments[0] ?? "");
}

/** Every way around a circle of imports, as the files on it; empty when there is none. */
function cycles(files: readonly string[]): string[] {
  const found: string[] = [];
  const state = new Map<string, "open" | "closed">();
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "closed") return;
    if (state.get(file) === "open") {
      found.push([...path.slice(path.indexOf(file)), file].map((each) => relative(root, each)).join(" → "));
      return;
    }
    state.set(file, "open");
    for (const specifier of imports(file)) {
      if (specifier.startsWith(".")) visit(resolve(dirname(file), specifier), [...path, file]);
    }
    state.set(file, "closed");
  };
  for (const file of files) visit(file, []);
  return found;
}

const packages = readdirSync(join(root, "packages"));

describe("the architecture map", () => {
  it("has every package, and every package is on it", () => {
    expect(packages.toSorted()).toEqual(Object.keys(map).toSorted());
  });

  it("sees imports at all", () => {
    const index = join(root, "packages/rt/src/index.ts");
    expect(imports(index).length).toBeGreaterThan(5);
  });

  it("finds a circle when there is one", () => {
    const fixture = join(root, "test/fixtures/cycle");
    expect(cycles(sources(fixture))).toHaveLength(1);
  });
});

describe.each(packages)("package %s", (name) => {
  const allowed = map[name] ?? { ours: [], libraries: [], node: false };
  const json = packageJson(name);
  const declared = Object.keys({ ...json.dependencies, ...json.peerDependencies, ...json.optionalDependencies });
  const permitted = new Set([...allowed.ours.map((each) => `@airssys/${each}`), ...allowed.libraries]);
  const files = sources(join(root, "packages", name, "src"));

  it("is named after its folder and exports one hand-written barrel", () => {
    expect(json.name).toBe(`@airssys/${name}`);
    expect(existsSync(join(root, "packages", name, "src/index.ts"))).toBe(true);
    for (const file of files) expect(readFileSync(file, "utf8")).not.toMatch(/^export \*|^export default/m);
  });

  it("declares only the dependencies on the map", () => {
    expect(declared.filter((dependency) => !permitted.has(dependency))).toEqual([]);
  });

  it("imports only itself, what it declares, and Node where the map says so", () => {
    const strangers = files.flatMap((file) =>
      imports(file)
        .filter((specifier) => !specifier.startsWith("."))
        .filter((specifier) => (isBuiltin(specifier) ? !allowed.node : !declared.includes(packageOf(specifier))))
        .map((specifier) => `${relative(root, file)}: ${specifier}`),
    );
    expect(strangers).toEqual([]);
  });

  it("takes no back door to a module", () => {
    expect(files.filter((file) => backDoors.test(code(file))).map((file) => relative(root, file))).toEqual([]);
  });

  it("reaches no file outside its own src", () => {
    const source = join(root, "packages", name, "src");
    const escapes = files.flatMap((file) =>
      imports(file)
        .filter((specifier) => specifier.startsWith("."))
        .filter((specifier) => relative(source, resolve(dirname(file), specifier)).startsWith(".."))
        .map((specifier) => `${relative(root, file)}: ${specifier}`),
    );
    expect(escapes).toEqual([]);
  });

  it("has no circle of imports", () => {
    expect(cycles(files)).toEqual([]);
  });

  it("has no file that outgrew its idea", () => {
    const long = files
      .filter((file) => !file.includes("/generated/"))
      .map((file) => ({ file: relative(root, file), lines: readFileSync(file, "utf8").split("\n").length }))
      .filter(({ lines }) => lines > 420);
    expect(long).toEqual([]);
  });
});
