import { PreparationFailedError } from "../errors.ts";

/*
 * jco writes an ES module. The engine runs it as a script: that can be compiled from V8's code cache, and no URL or file belongs
 * to it. Each change names the text it relies on; when a new jco writes something else, preparing fails, and so does a test.
 */

interface Patch {
  readonly purpose: string;
  readonly anchor: RegExp;
  readonly replacement: string;
  /** How often the anchor must occur. */
  readonly occurs: "once" | "any";
}

const PATCHES: readonly Patch[] = [
  {
    purpose: "begin a script instead of a module, and take the observers of host calls",
    anchor:
      /^"use components";\s*export function instantiate\(getCoreModule, imports, instantiateCore = WebAssembly\.instantiate\) \{/,
    replacement:
      '(() => {\n"use strict";\nfunction instantiate(getCoreModule, imports, instantiateCore, hostThrew, hostReturned, handleAdded) {',
    occurs: "once",
  },
  {
    purpose: "end a script instead of a module",
    anchor: /export const _util = \{\s*\}\s*$/,
    replacement: "return instantiate;\n})()\n",
    occurs: "once",
  },
  {
    purpose: "load core modules only through the engine",
    anchor: /if \(!getCoreModule\) getCoreModule = .*import\.meta\.url\)\);/g,
    replacement: "",
    occurs: "once",
  },
  {
    purpose: "report what a host call throws before a guest can catch it, and that it took time",
    anchor: /function _trackHostOperation\(operation\) \{\s*const result = operation\(\);/g,
    replacement:
      "function _trackHostOperation(operation) {\nlet result;\ntry { result = operation(); } catch (thrown) { throw hostThrew(thrown); }\nhostReturned();",
    occurs: "any",
  },
  {
    purpose: "count the handles of an instance",
    anchor: /(function rscTableCreate(?:Own|Borrow)\([^)]*\) \{[^{}]*(?:\{[^{}]*\}[^{}]*)?if \(free === 0\) \{)/g,
    replacement: "$1\nhandleAdded();",
    occurs: "any",
  },
  {
    purpose: "read no environment variable on every call",
    anchor:
      /const _debugLog = \(\.\.\.args\) => \{\s*if \(!globalThis\?\.process\?\.env\?\.JCO_DEBUG\) \{ return; \}\s*console\.debug\(\.\.\.args\);\s*\};/g,
    replacement: "const _debugLog = () => {};",
    occurs: "any",
  },
  {
    purpose: "build no arguments for the log that nobody reads",
    anchor: /(?<![\w$])_debugLog\((?=['"`])/g,
    replacement: "false && _debugLog(",
    occurs: "any",
  },
];

/** Text that must not survive: it would reach for the host's environment or break a script. */
const FORBIDDEN: readonly RegExp[] = [
  /JCO_DEBUG/,
  /import\.meta/,
  /^export /m,
  // A table of handles that grows uncounted.
  /if \(free === 0\) \{\s*table\.push/,
];

/** Remembers every resource there ever was; asked only where components in a component hand resources to each other. */
const REMEMBERED = /table\._createdReps\.add\(rep\);/g;

/** The script of a generated module: its value is the function `instantiate(getCoreModule, imports, instantiateCore, hostThrew, hostReturned, handleAdded)`. */
export function asScript(digest: string, generated: string): string {
  let code = generated;
  for (const { purpose, anchor, replacement, occurs } of PATCHES) {
    const found =
      code.match(new RegExp(anchor, anchor.flags.includes("g") ? anchor.flags : `${anchor.flags}g`))?.length ?? 0;
    if (occurs === "once" && found !== 1) throw unexpected(digest, `expected one place to ${purpose}, found ${found}`);
    code = code.replace(anchor, replacement);
  }
  if (!code.includes("_createdReps.has(")) code = code.replace(REMEMBERED, "");
  for (const pattern of FORBIDDEN) {
    if (pattern.test(code)) throw unexpected(digest, `${pattern.source} is left in it`);
  }
  return code;
}

/** How often one instance of the component instantiates each core module, by the file name the code asks for. */
export function countInstantiations(digest: string, generated: string): ReadonlyMap<string, number> {
  const fileOf = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const [, variable = "", file = ""] of generated.matchAll(/const (module\d+) = getCoreModule\('([^']+)'\);/g)) {
    fileOf.set(variable, file);
    counts.set(file, 0);
  }
  for (const [, variable = ""] of generated.matchAll(/\binstantiateCore\((?:yield (module\d+))?/g)) {
    const file = fileOf.get(variable);
    if (file === undefined) throw unexpected(digest, "it instantiates something else than its core modules");
    counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return counts;
}

function unexpected(digest: string, problem: string): PreparationFailedError {
  return new PreparationFailedError(digest, "rejected", `the generated code is not as known: ${problem}`);
}
