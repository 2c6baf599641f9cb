import { type Patch, patched, refuseAny, unexpected } from "./generated-code.ts";

/*
 * A second script of the same generated module, in which a guest can be suspended: while it waits for what a function of the host
 * promised, and when it has run for a while. jco has a mode for that too. It makes every call of a listed function wait, if only for
 * itself, leaves a rejected call hanging, and cannot be told at the call whether a promise will come. What it generates without
 * that mode needs few changes: what calls the guest awaits it, and what the guest calls is done in steps, at once until one of them
 * meets a promise.
 */

/** What this script is given besides; see `SuspensionHooks`. */
const HOOKS = "enterGuest, guestLeft, hostImport, resumable";

const META = String.raw`\{\s*taskID: task\.id\(\),\s*componentIdx: task\.componentIdx\(\),\s*`;
const HOST_META = String.raw`\{\s*componentIdx: task\.componentIdx\(\),\s*taskID: task\.id\(\),\s*`;

const PATCHES: readonly Patch[] = [
  {
    purpose: "take what the engine does for a guest that is suspended",
    anchor: /const \{ hostCall, [^}]*\} = hooks;/g,
    replacement: `$&\nconst { ${HOOKS} } = hooks;`,
    occurs: "once",
  },
  {
    purpose: "keep the current task until what was begun for it has ended",
    anchor:
      /const previous = CURRENT_TASK_META\[componentIdx\] \?\? null;[\s\S]*?CURRENT_TASK_META\.current = previousCurrent;\s*\}/g,
    replacement: `const previous = CURRENT_TASK_META[componentIdx] ?? null;
const previousCurrent = CURRENT_TASK_META.current ?? null;
const restore = () => { CURRENT_TASK_META[componentIdx] = previous; CURRENT_TASK_META.current = previousCurrent; guestLeft(); };
let result;
try {
  CURRENT_TASK_META.current = CURRENT_TASK_META[componentIdx] = { taskID, componentIdx };
  result = fn();
} catch (err) { restore(); throw err; }
if (result instanceof Promise) {
  return result.then((value) => { restore(); return value; }, (err) => { restore(); throw err; });
}
restore();
return result;`,
    occurs: "any",
  },
  {
    purpose: "await what an exported function does",
    anchor: new RegExp(String.raw`(return _withGlobalCurrentTaskMeta\(${META}fn: )(\(\) => \{\s*try \{)`, "g"),
    replacement: "$1async $2",
    occurs: "any",
  },
  {
    purpose: "enter the guest in the way that lets it be suspended",
    anchor: new RegExp(String.raw`(_withGlobalCurrentTaskMeta\(${META}fn: \(\) => )(\w+)(?=\()`, "g"),
    replacement: "await $1enterGuest($2)",
    occurs: "any",
  },
  {
    purpose: "do in steps what the guest has the host do",
    anchor: /const (_trampoline\d+) = function\(([^)]*)\) \{([\s\S]*?)\n(\s*)\}\n(\s*\1\.fnName = )/g,
    replacement: "const $1 = resumable(function* ($2) {$3\n$4});\n$5",
    occurs: "any",
  },
  {
    purpose: "make a call of the host such a step",
    anchor: new RegExp(String.raw`_withGlobalCurrentTaskMeta\(${HOST_META}fn: \(\) => _trackHostOperation\(`, "g"),
    replacement: "yield $&",
    occurs: "any",
  },
  {
    purpose: "return to the guest when all steps are done",
    anchor: /(let res;\s*try \{ res = importFn\(\.\.\.params\); \}[^\n]*)([\s\S]*?return syncRes;)/g,
    replacement: "const finish = () => {$2};\n$1\nreturn res instanceof Promise ? res.then(finish) : finish();",
    occurs: "any",
  },
  {
    purpose: "know what the guest imports of the host",
    anchor: /_lowerImportBackwardsCompat\.bind\(/g,
    replacement: "_lowerImport(",
    occurs: "any",
  },
  {
    purpose: "hand it to the engine",
    anchor: /function _lowerImportBackwardsCompat\(args\) \{/g,
    replacement:
      "const _lowerImport = (receiver, lowering) => hostImport((...params) => _lowerImportBackwardsCompat(lowering, ...params));\n$&",
    occurs: "any",
  },
];

/** The log, which is never read, tells what there is to change: each of these has to be matched by as many changes. */
const COUNTED: readonly { readonly told: RegExp; readonly changed: RegExp }[] = [
  { told: /\[Instruction::CallWasm\] enter/g, changed: /=> enterGuest\(/g },
  { told: /\[Instruction::CallWasm\] enter/g, changed: /fn: async \(\) => \{/g },
  { told: /\[Instruction::CallInterface\] \(/g, changed: /= resumable\(function\* \(/g },
  { told: /\[Instruction::CallInterface\] \(/g, changed: /yield _withGlobalCurrentTaskMeta\(/g },
  { told: /\[Instruction::CallInterface\] \(/g, changed: /_trackHostOperation\("/g },
];

const FORBIDDEN: readonly RegExp[] = [
  /_lowerImportBackwardsCompat\.bind/,
  /(?<!const finish = \(\) => \{[\s\S]{0,600})return syncRes;/,
  /\[Instruction::CallInterface\] \(async/,
  // The task that is put back before what was begun for it has ended.
  /finally \{[^}]*CURRENT_TASK_META\.current = previousCurrent/,
];

/** The script in which guests can be suspended, made of the one in which they cannot. */
export function asSuspendable(digest: string, script: string): string {
  const code = PATCHES.reduce((text, patch) => patched(digest, text, patch), script);
  for (const { told, changed } of COUNTED) {
    const [expected, found] = [count(code, told), count(code, changed)];
    if (found !== expected) {
      throw unexpected(digest, `expected ${expected} places to change to ${changed.source}, found ${found}`);
    }
  }
  refuseAny(digest, code, FORBIDDEN);
  return code;
}

function count(code: string, pattern: RegExp): number {
  return code.match(pattern)?.length ?? 0;
}
