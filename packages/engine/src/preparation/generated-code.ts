import { PreparationFailedError } from "../errors.ts";

/*
 * jco writes an ES module. The engine runs it as a script: that can be compiled from V8's code cache, and no URL or file belongs
 * to it. Each change names the text it relies on; when a new jco writes something else, preparing fails, and so does a test.
 */

/** A change to generated code. */
export interface Patch {
  readonly purpose: string;
  readonly anchor: RegExp;
  readonly replacement: string;
  /** How often the anchor must occur. */
  readonly occurs: "once" | "any";
}

/** What generated code is given to ask the engine for; see `GeneratedHooks`. */
const HOOKS =
  "hostCall, passingOut, handleAdded, hostResources, guestResources, methodsOf, disposal, destroy, importThrew";

/**
 * A list as a guest says it is: one that is not all within its memory would be cut short without a word. The engine is told how large a
 * value is before it is made.
 */
const LIFTING = `const listEnd = (memory, at, count, size) => {
  const end = (at >>> 0) + (count >>> 0) * size;
  if (end > memory.buffer.byteLength) throw new RangeError("a list is invalid: it ends beyond the memory");
  return end;
};
const liftedBytes = (memory, at, count, size) => {
  const end = listEnd(memory, at, count, size);
  passingOut.numbers((count >>> 0) * size);
  return memory.buffer.slice(at >>> 0, end);
};
const liftedLength = (memory, at, count, size) => {
  listEnd(memory, at, count, size);
  passingOut.list(count >>> 0, size);
  return count >>> 0;
};
const liftedText = (Units, memory, at, count) => {
  const units = new Units(memory.buffer, at, count);
  passingOut.text(count);
  return units;
};`;

/** Text that is no text is not to be mended, and what is in front of it not to be taken off. */
const STRICT = "{ fatal: true, ignoreBOM: true }";

const PATCHES: readonly Patch[] = [
  {
    purpose: "begin a script instead of a module, and take what the engine does for it",
    anchor:
      /^"use components";\s*export function instantiate\(getCoreModule, imports, instantiateCore = WebAssembly\.instantiate\) \{/,
    replacement: `(() => {\n"use strict";\nfunction instantiate(getCoreModule, imports, instantiateCore, hooks) {\nconst { ${HOOKS} } = hooks;\n${LIFTING}`,
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
    purpose: "say which function of the host is called",
    anchor:
      /(\[iface="([^"]*)", function="([^"]*)"\] \[Instruction::CallInterface\](?:(?!\[Instruction::CallInterface\] \()[\s\S])*?_trackHostOperation\()\(\) =>/g,
    replacement: '$1"$2#$3", () =>',
    occurs: "any",
  },
  {
    purpose: "leave calls of the host to the engine",
    anchor: /function _trackHostOperation\(operation\) \{[\s\S]*?_checkForDeadlock\(\);\s*\}\);\s*\}/g,
    replacement: "const _trackHostOperation = hostCall;",
    occurs: "any",
  },
  {
    purpose: "report what importing a function comes to otherwise, before a guest can catch it",
    anchor: /const res = importFn\(\.\.\.params\);/g,
    replacement: "let res;\ntry { res = importFn(...params); } catch (err) { throw importThrew(err); }",
    occurs: "any",
  },
  {
    purpose: "report what a guest does wrong with a handle, before it can catch it",
    anchor: /(_checkMayLeave\(componentIdx\);\s*)return fn\.apply\(this, args\);/g,
    replacement: "$1try { return fn.apply(this, args); } catch (err) { throw importThrew(err); }",
    occurs: "any",
  },
  {
    purpose: "count the handles of an instance",
    anchor: /(function rscTableCreate(?:Own|Borrow)\([^)]*\) \{[^{}]*(?:\{[^{}]*\}[^{}]*)?if \(free === 0\) \{)/g,
    replacement: "$1\nhandleAdded();",
    occurs: "any",
  },
  {
    purpose: "find nothing where the table of handles ends",
    anchor: /const val = table\[\(handle << 1\) \+ 1\];/g,
    replacement: "const val = handle >>> 0 < table.length >> 1 ? table[(handle << 1) + 1] : 0;",
    occurs: "any",
  },
  {
    purpose: "know the host's resources that a guest holds",
    anchor: /const (captureTable\d+) ?= new Map\(\);/g,
    replacement: "const $1 = hostResources();",
    occurs: "any",
  },
  {
    purpose: "know which of them it was only lent",
    anchor: /(captureTable\d+)\.set(\(rep, \w+\);\s*\w+ = rscTableCreateBorrow\()/g,
    replacement: "$1.lend$2",
    occurs: "any",
  },
  {
    purpose: "dispose of a resource of the host once, whatever it throws",
    anchor:
      /(const rsc = (captureTable\d+)\.get\(handleEntry\.rep\);\s*if \(rsc\) \{\s*)if \(rsc\[symbolDispose\]\) rsc\[symbolDispose\]\(\);\s*captureTable\d+\.delete\(handleEntry\.rep\);/g,
    replacement: "$1$2.drop(handleEntry.rep);",
    occurs: "any",
  },
  {
    purpose: "make nothing up for a handle that is none",
    anchor:
      /if \(!(\w+)\) \{\s*\1 = Object\.create\(\w+\.prototype\);(?:\s*Object\.defineProperty\(\1, symbolRsc(?:Handle|Rep), [^\n]*\n)*\s*\}/g,
    replacement: 'if (!$1) { throw new WebAssembly.RuntimeError("unknown handle index"); }',
    occurs: "any",
  },
  {
    purpose: "know the guest's resources that the host holds",
    anchor:
      /function finalizationRegistryCreate \(unregister\) \{[\s\S]*?return new FinalizationRegistry\(unregister\);\s*\}/g,
    replacement: "const finalizationRegistryCreate = guestResources;",
    occurs: "any",
  },
  {
    purpose: "keep the methods of the guest's resources from those who hold one",
    anchor: /^(\s*)(\w+)\.prototype(\.\w+ = function)/gm,
    replacement: "$1methodsOf($2)$3",
    occurs: "any",
  },
  {
    purpose: "enter the guest for a resource that is disposed of as for a call",
    anchor: /(Object\.defineProperty\(\w+, symbolDispose, \{ writable: true, value: )(function \(\) \{[^{}]*\})\}\);/g,
    replacement: "$1disposal($2)});",
    occurs: "any",
  },
  {
    purpose: "run destructors where the engine knows of it",
    anchor: /(exports\d+(?:\.\w+|\['[^']*'\]))\(((?:handleEntry\.)?rep)\);/g,
    replacement: "destroy($1, $2);",
    occurs: "any",
  },
  {
    purpose: "take no list that is partly outside of the memory",
    anchor: /(\w+)\.buffer\.slice\((ptr\d+), \2 \+ (len\d+) \* (\d+)\)/g,
    replacement: "liftedBytes($1, $2, $3, $4)",
    occurs: "any",
  },
  {
    purpose: "take no other list that is, and none that is too large",
    anchor:
      /for \(let i = 0; i < (len\d+); i\+\+\) \{(\s*const base = (base\d+) \+ i \* (\d+);[\s\S]*?dataView\((memory\d+)\))/g,
    replacement: "for (let i = 0, length = liftedLength($5, $3, $1, $4); i < length; i++) {$2",
    occurs: "any",
  },
  {
    purpose: "take no text that is too large",
    anchor: /\.decode\(new (Uint8Array|Uint16Array)\((memory\d+)\.buffer, (ptr\d+), (len\d+)\)\)/g,
    replacement: ".decode(liftedText($1, $2, $3, $4))",
    occurs: "any",
  },
  {
    purpose: "take no text that is not in its encoding",
    anchor: /new TextDecoder\((?:\)|'(utf-16)'\))/g,
    replacement: `new TextDecoder("$1" || "utf-8", ${STRICT})`,
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

/** Text that must not survive: it would reach for the host's environment, break a script, or do behind the engine's back what is its own. */
const FORBIDDEN: readonly RegExp[] = [
  /JCO_DEBUG/,
  /import\.meta/,
  /^export /m,
  // A table of handles that grows uncounted.
  /if \(free === 0\) \{\s*table\.push/,
  // A handle that is looked for beyond their end: what is dropped there makes room in a table that nobody counted.
  /const val = table\[/,
  // What a guest could catch unseen.
  /const res = importFn\(/,
  /return fn\.apply\(this, args\);\s*\};/,
  // Values that are not weighed before they are made.
  /\.decode\(new \w+\(memory/,
  /memory\d+\.buffer\.slice/,
  /i < len\d+; i\+\+/,
  // A call of the host without a name.
  /_trackHostOperation\(\(\)/,
  // Resources that the engine does not know of, or is not asked about.
  /new FinalizationRegistry/,
  /captureTable\d+ ?= new Map/,
  /\brsc\[symbolDispose\]\(\)/,
  /Object\.create\(\w+\.prototype\);\s*Object\.defineProperty\(\w+, symbolRscRep/,
  /symbolDispose, \{ writable: true, value: function/,
  /exports\d+\S*\((?:handleEntry\.)?rep\)/,
];

/** Remembers every resource there ever was; asked only where components in a component hand resources to each other. */
const REMEMBERED = /table\._createdReps\.add\(rep\);/g;

/** The script of a generated module: its value is the function `instantiate(getCoreModule, imports, instantiateCore, hooks)`. */
export function asScript(digest: string, generated: string): string {
  let code = PATCHES.reduce((text, patch) => patched(digest, text, patch), generated);
  if (!code.includes("_createdReps.has(")) code = code.replace(REMEMBERED, "");
  refuseAny(digest, code, FORBIDDEN);
  return code;
}

/** The code after a change. Throws PreparationFailedError when its place is not there. */
export function patched(digest: string, code: string, { purpose, anchor, replacement, occurs }: Patch): string {
  const everywhere = new RegExp(anchor, anchor.flags.includes("g") ? anchor.flags : `${anchor.flags}g`);
  const found = code.match(everywhere)?.length ?? 0;
  if (occurs === "once" && found !== 1) throw unexpected(digest, `expected one place to ${purpose}, found ${found}`);
  return code.replace(anchor, replacement);
}

/** Throws PreparationFailedError when any of the patterns is in the code. */
export function refuseAny(digest: string, code: string, patterns: readonly RegExp[]): void {
  for (const pattern of patterns) {
    if (pattern.test(code)) throw unexpected(digest, `${pattern.source} is left in it`);
  }
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

export function unexpected(digest: string, problem: string): PreparationFailedError {
  return new PreparationFailedError(digest, "rejected", `the generated code is not as known: ${problem}`);
}
