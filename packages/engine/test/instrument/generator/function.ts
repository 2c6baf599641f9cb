import { blocks, branches, valueBlock } from "./blocks.ts";
import { type Body, type Label, type Surroundings, values, type Way } from "./body.ts";
import { calls, tailCall } from "./calls.ts";
import type { Choices } from "./choices.ts";
import { handlers, throws } from "./exceptions.ts";
import { reads, writes } from "./memory.ts";
import { arithmetic, plainNumber } from "./numbers.ts";
import { objectNumbers, objectWrites } from "./objects.ts";
import { list, type Signature, TYPES, type ValueType } from "./signature.ts";
import { lanes, plainVector, vectors } from "./vectors.ts";

const LOCALS_OF_EACH_TYPE = 2;
const STATEMENT_DEPTH = 4;

/**
 * Writes a function that ends. It calls only those before it, unless it is guarded: then it may call any function, itself too, and
 * gives up once all of them together were called often enough. Loops count down.
 */
export function functionText(choices: Choices, surroundings: Surroundings, index: number, exported: string): string {
  const signature = surroundings.functions[index];
  if (signature === undefined) throw new RangeError(`there is no function ${index}`);
  const isGuarded = choices.once(3);
  const callable = isGuarded ? surroundings.functions : surroundings.functions.slice(0, index);
  const { name, parameters, results } = signature;
  const writer = new FunctionWriter(choices, surroundings, signature, callable);
  const content = [
    isGuarded ? guard(results) : "",
    ...parameters.map((type, at) => `(local.set $${type}${at % LOCALS_OF_EACH_TYPE} (local.get ${at}))`),
    writer.statements(STATEMENT_DEPTH),
    writer.ending(),
  ];
  return `(func ${name} ${exported} ${list("param", parameters)} ${list("result", results)} ${writer.locals}
    ${content.join("\n")})`;
}

function guard(results: readonly ValueType[]): string {
  const nothing = results.map((type) => (type === "v128" ? "(v128.const i64x2 0 0)" : `(${type}.const 0)`)).join(" ");
  return `(global.set $budget (i32.sub (global.get $budget) (i32.const 1)))
    (if (i32.lt_s (global.get $budget) (i32.const 0)) (then (return ${nothing})))`;
}

class FunctionWriter implements Body {
  readonly choices: Choices;
  readonly surroundings: Surroundings;
  readonly signature: Signature;
  readonly callable: readonly Signature[];
  readonly labels: Label[] = [];
  #counters = 0;
  #names = 0;

  constructor(choices: Choices, surroundings: Surroundings, signature: Signature, callable: readonly Signature[]) {
    this.choices = choices;
    this.surroundings = surroundings;
    this.signature = signature;
    this.callable = callable;
  }

  /** The declarations of the locals that were used. */
  get locals(): string {
    const plain = TYPES.flatMap((type) =>
      Array.from({ length: LOCALS_OF_EACH_TYPE }, (_, index) => `(local $${type}${index} ${type})`),
    );
    const counters = Array.from({ length: this.#counters }, (_, index) => `(local $c${index} i32)`);
    return [...plain, ...counters, "(local $r (ref null $s))"].join(" ");
  }

  readonly fresh = (prefix: string): string => `${prefix}${(this.#names += 1)}`;

  readonly counter = (): string => `$c${(this.#counters += 1) - 1}`;

  readonly local = (type: ValueType): string => `$${type}${this.choices.below(LOCALS_OF_EACH_TYPE)}`;

  readonly within = (label: Label, inside: () => string): string => {
    this.labels.push(label);
    const text = inside();
    this.labels.pop();
    return text;
  };

  readonly statements = (depth: number): string => this.choices.some(4, () => this.#statement(depth)).join("\n");

  readonly value = (type: ValueType, depth: number): string => {
    const { choices } = this;
    if (depth <= 0) return this.#leaf(type);
    const of = (other: ValueType): string => this.value(other, depth - 1);
    const any: readonly Way[] = [
      () => this.#leaf(type),
      () => `(local.tee ${this.local(type)} ${of(type)})`,
      () => `(select (result ${type}) ${of(type)} ${of(type)} ${of("i32")})`,
      () => `(if (result ${type}) ${of("i32")} (then ${of(type)}) (else ${of(type)}))`,
      () => valueBlock(this, type, depth - 1),
    ];
    return choices.pick([...any, ...this.#operators(type, depth)])();
  };

  /** Results, a return of them, or a tail call. */
  ending(): string {
    const tail = this.choices.once(3) ? tailCall(this) : undefined;
    if (tail !== undefined) return tail;
    const results = values(this, this.signature.results, 3);
    return this.choices.once(4) ? `(return ${results})` : results;
  }

  #statement(depth: number): string {
    const { choices } = this;
    if (depth > 0 && choices.once(2)) {
      return choices.pick([...blocks(this, depth - 1), ...handlers(this, depth - 1)])();
    }
    const kinds: readonly (() => readonly Way[])[] = [
      () => this.#assignments(depth),
      () => writes(this, depth),
      () => calls(this, depth),
      () => branches(this, depth),
      () => objectWrites(this, depth),
      () => calls(this, depth),
      () => branches(this, depth),
      () => [() => (choices.once(12) ? "unreachable" : "nop"), ...throws(this, depth)],
    ];
    return choices.pick(choices.pick(kinds)())();
  }

  #assignments(depth: number): readonly Way[] {
    return [
      () => "nop",
      ...TYPES.map((type) => () => `(local.set ${this.local(type)} ${this.value(type, depth)})`),
      () => `(global.set $gi ${this.value("i32", depth - 1)})`,
      () => `(global.set $gl ${this.value("i64", depth - 1)})`,
      () => `(global.set $gd ${this.value("f64", depth - 1)})`,
      () => `(drop ${this.value(this.choices.pick(TYPES), depth)})`,
    ];
  }

  #operators(type: ValueType, depth: number): readonly Way[] {
    if (type === "v128") return vectors(this, depth);
    const numbers = arithmetic(this, type, depth);
    if (type !== "i32") return numbers;
    return [...numbers, ...lanes(this, depth), ...reads(this, depth), ...objectNumbers(this, depth)];
  }

  #leaf(type: ValueType): string {
    return type === "v128" ? plainVector(this) : plainNumber(this, type);
  }
}
