import type { ExceptionStyle, Surroundings } from "./body.ts";
import type { Choices } from "./choices.ts";
import { functionText } from "./function.ts";
import { list, type Reach, SCALARS, type Signature, TYPES } from "./signature.ts";

/*
 * Small valid modules, as text, that use all that the rewriter treats in a way of its own. They end by themselves. They
 * import a memory, a global and functions of `host`.
 */

/** A module, and what of it can be called and looked at. */
export interface GeneratedModule {
  readonly text: string;
  /** The functions that it exports, by their names without `$`; they take and return numbers and bigints. */
  readonly functions: readonly Signature[];
}

/** The names under which every generated module exports its state. */
export const STATE = {
  memories: ["m", "n"],
  globals: ["gi", "gl", "gd", "budget"],
  tables: ["t", "u"],
} as const;

/** How often guarded functions may be called altogether, in one call. */
export const CALL_BUDGET = 60;

const STYLES: readonly ExceptionStyle[] = ["none", "none", "new", "old"];

export function generateModule(choices: Choices): GeneratedModule {
  const exceptions = choices.pick(STYLES);
  const functions = Array.from({ length: 2 + choices.below(5) }, (_, index) => signature(choices, index));
  const surroundings: Surroundings = { exceptions, functions };
  const bodies = functions.map(({ name, reach }, index) =>
    functionText(choices, surroundings, index, reach === "inner" ? "" : `(export "${name.slice(1)}")`),
  );
  const isMemoryGiven = choices.once(3);
  const text = `(module
    ${typeSection(functions)}
    (import "host" "note" (func $note (param i32) (result i32)))
    (import "host" "base" (global $base i32))
    ${isMemoryGiven ? '(import "host" "memory" (memory $n 1 2)) (export "n" (memory $n))' : ""}
    (import "host" "back" (func $back (param i32) (result i32)))
    ${exceptions === "none" ? "" : '(tag $number (export "number") (param i32)) (tag $plain (export "plain"))'}
    ${isMemoryGiven ? "" : '(memory $n (export "n") 1 2)'} (memory $m (export "m") 1 3)
    ${globals(choices)}
    ${tables(choices, functions)}
    ${bodies.join("\n")}
    ${choices.once(4) ? startFunction(functions) : ""})`;
  return { text, functions: functions.filter(isCallable) };
}

const REACHES: readonly Reach[] = ["referenced", "exported", "inner", "inner"];

/** Whether JavaScript can call it. */
function isCallable({ reach, parameters, results }: Signature): boolean {
  return reach !== "inner" && ![...parameters, ...results].includes("v128");
}

/** The first may have vectors, which JavaScript cannot give: others call it. */
function signature(choices: Choices, index: number): Signature {
  const types = index === 0 ? TYPES : SCALARS;
  const some = (most: number): Signature["parameters"] => choices.some(most, () => choices.pick(types));
  // Code puts references to the first two wherever references go.
  const reach = index < 2 ? "referenced" : choices.pick(REACHES);
  return { name: `$f${index}`, reach, parameters: some(3), results: some(2) };
}

function typeSection(functions: readonly Signature[]): string {
  const own = functions.map(
    ({ name, parameters, results }) =>
      `(type ${name}_type (func ${list("param", parameters)} ${list("result", results)}))`,
  );
  return `(type $s (struct (field (mut i32)))) (type $a (array (mut i32))) (type $b (array (mut i8)))
    ${own.join("\n")}`;
}

function globals(choices: Choices): string {
  return `(global $gi (export "gi") (mut i32) (i32.add (global.get $base) (i32.const ${choices.below(100)})))
    (global $gl (export "gl") (mut i64) (i64.const 3)) (global $gd (export "gd") (mut f64) (f64.const 0.5))
    (global $gf (mut funcref) (ref.func $f1)) (global $budget (export "budget") (mut i32) (i32.const ${CALL_BUDGET}))`;
}

function tables(choices: Choices, functions: readonly Signature[]): string {
  const referenced = functions.map(({ name, reach }) => (reach === "referenced" ? name : "$f0"));
  const names = referenced.join(" ");
  const active = choices.pick([
    `(elem (table $t) (i32.const 0) func ${names})`,
    `(elem (table $t) (i32.const 0) funcref ${referenced.map((name) => `(ref.func ${name})`).join(" ")})`,
  ]);
  return `(table $t (export "t") 8 12 funcref) (table $u (export "u") 3 3 funcref (ref.func $f0))
    ${active} (elem $e func $f0 $f1) (elem declare func ${names})
    (data $d "some bytes to copy") (data $d2 "\\01\\02\\ff\\80 for arrays")
    (data (memory $m) (offset (global.get $base)) "put there at the start") (data (memory $n) (i32.const 64) "\\07")`;
}

/** Calls the last function before anyone else does. */
function startFunction(functions: readonly Signature[]): string {
  const callee = functions.at(-1);
  if (callee === undefined) return "";
  const given = callee.parameters.map((type) => `(${type}.const 3)`).join(" ");
  return `(func $start (call ${callee.name} ${given}) ${callee.results.map(() => "drop").join(" ")}) (start $start)`;
}
