import { Random } from "./random.ts";

/*
 * Small valid modules, as text, that use all that the rewriter treats in a way of its own. They end by themselves: a function calls
 * only those before it, and loops count down. Floating point values stay out of memory, where V8's tiers may differ in a NaN.
 */

type ValueType = "i32" | "i64" | "f64" | "v128";

interface Signature {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface Label {
  readonly name: string;
  /** The value that a branch to it brings. */
  readonly type?: ValueType;
}

const SCALARS: readonly ValueType[] = ["i32", "i64", "f64"];
const TYPES: readonly ValueType[] = [...SCALARS, "v128"];
const LOCALS_OF_EACH_TYPE = 2;

/** A module, and the functions it exports; their parameters and results are numbers and bigints. */
export interface GeneratedModule {
  readonly text: string;
  readonly functions: readonly Signature[];
}

export function generateModule(seed: number): GeneratedModule {
  const random = new Random(seed);
  const exceptions = random.pick(["none", "none", "new", "old"] as const);
  const functions: Signature[] = [];
  const bodies: string[] = [];
  const count = 2 + random.below(5);
  for (let index = 0; index < count; index += 1) {
    const isExported = index >= count - 3;
    const types = isExported ? SCALARS : TYPES;
    const some = (most: number): ValueType[] =>
      Array.from({ length: random.below(most + 1) }, () => random.pick(types));
    const signature = { name: `$f${index}`, parameters: some(3), results: some(2) };
    bodies.push(
      new FunctionGenerator(random, signature, functions, exceptions).text(isExported ? `(export "f${index}")` : ""),
    );
    functions.push(signature);
  }
  const types = functions.map(
    ({ name, parameters, results }) =>
      `(type ${name}_type (func ${list("param", parameters)} ${list("result", results)}))`,
  );
  const text = `(module
    (type $s (struct (field (mut i32)))) (type $a (array (mut i32)))
    ${types.join("\n")}
    ${exceptions === "none" ? "" : '(tag $number (export "number") (param i32)) (tag $plain (export "plain"))'}
    (memory $m (export "memory") 1 3) (memory $n 1 2)
    (global $gi (mut i32) (i32.const ${random.below(100)})) (global $gl (mut i64) (i64.const 3))
    (table $t 8 12 funcref) (elem (table $t) (i32.const 0) func ${functions.map(({ name }) => name).join(" ")})
    (data $d "some bytes to copy") (elem $e func $f0 $f1)
    ${bodies.join("\n")})`;
  return {
    text,
    functions: functions.slice(-3).filter(({ parameters, results }) => ![...parameters, ...results].includes("v128")),
  };
}

function list(keyword: "param" | "result", types: readonly ValueType[]): string {
  return types.length === 0 ? "" : `(${keyword} ${types.join(" ")})`;
}

class FunctionGenerator {
  readonly #random: Random;
  readonly #signature: Signature;
  readonly #callable: readonly Signature[];
  readonly #exceptions: "none" | "new" | "old";
  readonly #labels: Label[] = [];
  /** Counters of the loops around; each loop has a local of its own. */
  #counters = 0;
  #names = 0;

  constructor(
    random: Random,
    signature: Signature,
    callable: readonly Signature[],
    exceptions: "none" | "new" | "old",
  ) {
    this.#random = random;
    this.#signature = signature;
    this.#callable = callable;
    this.#exceptions = exceptions;
  }

  text(exported: string): string {
    const { name, parameters, results } = this.#signature;
    const statements = this.#statements(4);
    const ending = this.#ending();
    const locals = TYPES.flatMap((type) =>
      Array.from({ length: LOCALS_OF_EACH_TYPE }, (_, index) => `(local $${type}${index} ${type})`),
    );
    const counters = Array.from({ length: this.#counters }, (_, index) => `(local $c${index} i32)`);
    const taken = parameters.map(
      (type, index) => `(local.set $${type}${index % LOCALS_OF_EACH_TYPE} (local.get ${index}))`,
    );
    const head = `(func ${name} ${exported} ${list("param", parameters)} ${list("result", results)}`;
    return `${head} ${locals.join(" ")} ${counters.join(" ")} (local $r (ref null $s)) ${taken.join(" ")} ${statements} ${ending})`;
  }

  /** Results, a return of them, or a tail call of something with the same results. */
  #ending(): string {
    const { results } = this.#signature;
    const same = this.#callable.filter((callee) => callee.results.join() === results.join());
    if (same.length > 0 && this.#random.once(3)) {
      const callee = this.#random.pick(same);
      return this.#random.once(2)
        ? `(return_call ${callee.name} ${this.#arguments(callee)})`
        : `(return_call_indirect $t (type ${callee.name}_type) ${this.#arguments(callee)} ${this.#indexOf(callee)})`;
    }
    const values = results.map((type) => this.#expression(type, 3)).join(" ");
    return this.#random.once(4) ? `(return ${values})` : values;
  }

  #statements(depth: number): string {
    return Array.from({ length: this.#random.below(5) }, () => this.#statement(depth)).join(" ");
  }

  #statement(depth: number): string {
    const random = this.#random;
    const i32 = (): string => this.#expression("i32", depth - 1);
    if (depth > 0 && random.once(2)) return this.#nested(depth - 1);
    const choices: readonly (() => string)[] = [
      () => this.#set(random.pick(TYPES), depth),
      () => `(global.set $gi ${i32()})`,
      () => `(global.set $gl ${this.#expression("i64", depth - 1)})`,
      () => `(i32.store ${random.pick(["$m", "$n"])} offset=8 ${this.#address()} ${i32()})`,
      () => `(v128.store $m ${this.#address()} ${this.#expression("v128", depth - 1)})`,
      () => `(memory.fill $m ${this.#address()} ${i32()} ${this.#address()})`,
      () => `(memory.copy $n $m ${this.#address()} ${this.#address()} ${this.#address()})`,
      () => `(memory.init $m $d ${this.#address()} (i32.const 2) (i32.const ${random.below(12)}))`,
      () => `(table.copy $t $t (i32.const 6) (i32.const 0) (i32.const ${random.below(3)}))`,
      () => `(table.fill $t (i32.const 7) (ref.null func) (i32.const ${random.below(2)}))`,
      () => `(table.init $t $e (i32.const 6) (i32.const 0) (i32.const ${random.below(3)}))`,
      () => `(local.set $r ${random.pick(["(ref.null $s)", `(struct.new $s ${i32()})`])})`,
      () => this.#call(depth),
      () => this.#call(depth),
      () => this.#branch(depth),
      () => this.#branch(depth),
      () => (random.once(12) ? "unreachable" : "nop"),
      () => (this.#exceptions !== "none" && random.once(2) ? this.#throw(depth) : "nop"),
    ];
    return random.pick(choices)();
  }

  #nested(depth: number): string {
    const random = this.#random;
    const label = { name: `$l${(this.#names += 1)}` };
    const inside = (): string => this.#within(label, () => this.#statements(depth));
    const condition = this.#expression("i32", depth);
    const choices: readonly (() => string)[] = [
      () => `(block ${label.name} ${inside()})`,
      () => `(if ${label.name} ${condition} (then ${inside()}))`,
      () => `(if ${label.name} ${condition} (then ${inside()}) (else ${inside()}))`,
      () => this.#loop(depth),
      () => `(block ${label.name} (local.set $r (br_on_null ${label.name} (local.get $r))) ${inside()})`,
      () => `(block ${label.name} ${this.#switch(label.name, depth)})`,
      () => (this.#exceptions === "none" ? `(block ${label.name} ${inside()})` : this.#try(depth)),
    ];
    return random.pick(choices)();
  }

  /** A loop that runs a few times: its head is passed by fall-through and by branches, and its counter is its own. */
  #loop(depth: number): string {
    const counter = `$c${this.#counters}`;
    this.#counters += 1;
    const exit = { name: `$x${(this.#names += 1)}` };
    const head = `$h${(this.#names += 1)}`;
    const statements = this.#within(exit, () => this.#statements(depth));
    const countDown = `(local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1)))`;
    const again = this.#random.once(2)
      ? `(br_if ${head} ${countDown})`
      : `(br_if ${exit.name} (i32.eqz ${countDown})) (br ${head})`;
    return `(local.set ${counter} (i32.const ${1 + this.#random.below(3)})) (block ${exit.name} (loop ${head} ${statements} ${again}))`;
  }

  #switch(label: string, depth: number): string {
    const inner = `$i${(this.#names += 1)}`;
    const targets = Array.from({ length: 1 + this.#random.below(3) }, () => this.#random.pick([label, inner])).join(
      " ",
    );
    return `(block ${inner} (br_table ${targets} ${this.#expression("i32", depth)})) ${this.#within({ name: label }, () => this.#statements(depth))}`;
  }

  #try(depth: number): string {
    const name = `$t${(this.#names += 1)}`;
    const inside = this.#within({ name }, () => this.#statements(depth));
    const handler = this.#statements(depth);
    if (this.#exceptions === "old") {
      const rethrow = this.#random.once(3) ? `rethrow ${name}` : "";
      const handlers = [`catch $number local.set $i320 ${handler}`, `catch_all ${handler} ${rethrow}`];
      return `try ${name} ${inside} ${this.#random.once(4) ? "delegate 0" : `${handlers.slice(this.#random.below(2)).join(" ")} end`}`;
    }
    const caught = `$k${(this.#names += 1)}`;
    if (this.#random.once(2)) return `(block ${caught} (try_table ${name} (catch_all ${caught}) ${inside})) ${handler}`;
    const number = `(block ${caught} (result i32 exnref) (try_table ${name} (catch_ref $number ${caught}) ${inside}) (i32.const 1) (ref.null exn))`;
    return `${number} ${this.#random.once(3) ? "throw_ref" : "drop local.set $i321"} ${handler}`;
  }

  #throw(depth: number): string {
    return this.#random.once(3) ? "(throw $plain)" : `(throw $number ${this.#expression("i32", depth - 1)})`;
  }

  #branch(depth: number): string {
    const random = this.#random;
    const { results } = this.#signature;
    const condition = this.#expression("i32", depth - 1);
    if (this.#labels.length === 0 || random.once(5)) {
      const values = results.map((type) => this.#expression(type, depth - 1)).join(" ");
      return `(if ${condition} (then (return ${values})))`;
    }
    const { name, type } = random.pick(this.#labels);
    if (type !== undefined) return `(if ${condition} (then (br ${name} ${this.#expression(type, depth - 1)})))`;
    return random.once(4) ? `(br ${name})` : `(br_if ${name} ${condition})`;
  }

  #call(depth: number): string {
    if (this.#callable.length === 0) return "nop";
    const callee = this.#random.pick(this.#callable);
    const results = callee.results
      .toReversed()
      .map((type) => `local.set $${type}${this.#random.below(LOCALS_OF_EACH_TYPE)}`);
    return `${this.#callTo(callee, depth)} ${results.join(" ")}`;
  }

  #callTo(callee: Signature, depth: number): string {
    const given = this.#arguments(callee, depth - 1);
    return this.#random.pick([
      `(call ${callee.name} ${given})`,
      `(call_indirect $t (type ${callee.name}_type) ${given} ${this.#indexOf(callee)})`,
      `(call_ref ${callee.name}_type ${given} (ref.func ${callee.name}))`,
    ]);
  }

  #arguments(callee: Signature, depth = 1): string {
    return callee.parameters.map((type) => this.#expression(type, depth)).join(" ");
  }

  /** Its place in the table, where it was at the start. */
  #indexOf(callee: Signature): string {
    return `(i32.const ${this.#callable.indexOf(callee)})`;
  }

  #set(type: ValueType, depth: number): string {
    return `(local.set $${type}${this.#random.below(LOCALS_OF_EACH_TYPE)} ${this.#expression(type, depth)})`;
  }

  /** Within the first page. */
  #address(): string {
    return `(i32.and ${this.#expression("i32", 1)} (i32.const ${this.#random.once(30) ? 0x7ffff : 0x1fff}))`;
  }

  #expression(type: ValueType, depth: number): string {
    if (depth <= 0) return this.#leaf(type);
    const of = (other: ValueType): string => this.#expression(other, depth - 1);
    const local = `$${type}${this.#random.below(LOCALS_OF_EACH_TYPE)}`;
    const shared: readonly (() => string)[] = [
      () => this.#leaf(type),
      () => `(local.tee ${local} ${of(type)})`,
      () => `(select (result ${type}) ${of(type)} ${of(type)} ${of("i32")})`,
      () => `(if (result ${type}) ${of("i32")} (then ${of(type)}) (else ${of(type)}))`,
      () => this.#valueBlock(type, depth - 1),
    ];
    return this.#random.pick([...shared, ...this.#operations(type, of)])();
  }

  #operations(type: ValueType, of: (type: ValueType) => string): readonly (() => string)[] {
    const random = this.#random;
    switch (type) {
      case "i32":
        return [
          () =>
            `(${random.pick(["i32.add", "i32.mul", "i32.xor", "i32.shr_u", "i32.lt_s"])} ${of("i32")} ${of("i32")})`,
          () => `(i32.div_u ${of("i32")} (i32.or ${of("i32")} (i32.const ${random.once(20) ? 0 : 1})))`,
          () => `(i64.gt_s ${of("i64")} ${of("i64")})`,
          () => `(i32.trunc_sat_f64_s ${of("f64")})`,
          () => `(i32x4.extract_lane 2 ${of("v128")})`,
          () => `(i32.load $m offset=16 ${this.#address()})`,
          () => `(i32.load8_u $n ${this.#address()})`,
          () => `(memory.grow ${random.pick(["$m", "$n"])} (i32.const ${random.below(2)}))`,
          () => `(table.grow $t (ref.null func) (i32.const ${random.below(3)}))`,
          () => `(memory.size $m)`,
          () => `(array.len (array.new $a ${of("i32")} (i32.and ${of("i32")} (i32.const 15))))`,
          () => `(array.get $a (array.new_fixed $a 3 ${of("i32")} ${of("i32")} ${of("i32")}) (i32.const 2))`,
          () => `(struct.get $s 0 (struct.new $s ${of("i32")}))`,
          () => `(ref.is_null (local.get $r))`,
        ];
      case "i64":
        return [
          () => `(${random.pick(["i64.add", "i64.mul", "i64.xor", "i64.rotl"])} ${of("i64")} ${of("i64")})`,
          () => `(i64.extend_i32_s ${of("i32")})`,
        ];
      case "f64":
        return [
          () => `(${random.pick(["f64.add", "f64.mul", "f64.max"])} ${of("f64")} ${of("f64")})`,
          () => `(f64.convert_i32_s ${of("i32")})`,
        ];
      case "v128":
        return [
          () => `(i32x4.add ${of("v128")} ${of("v128")})`,
          () => `(i32x4.splat ${of("i32")})`,
          () => `(i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 ${of("v128")} ${of("v128")})`,
          () => `(v128.load $m ${this.#address()})`,
          () => `(i8x16.replace_lane 5 ${of("v128")} ${of("i32")})`,
        ];
    }
  }

  #valueBlock(type: ValueType, depth: number): string {
    const label = { name: `$v${(this.#names += 1)}`, type };
    const statements = this.#within(label, () => (this.#random.once(2) ? this.#statements(Math.min(depth, 2)) : ""));
    return `(block ${label.name} (result ${type}) ${statements} ${this.#expression(type, depth)})`;
  }

  #leaf(type: ValueType): string {
    const random = this.#random;
    const local = `(local.get $${type}${random.below(LOCALS_OF_EACH_TYPE)})`;
    switch (type) {
      case "i32":
        return random.pick([local, "(global.get $gi)", `(i32.const ${random.below(50) - 10})`]);
      case "i64":
        return random.pick([local, "(global.get $gl)", `(i64.const ${random.next()})`]);
      case "f64":
        return random.pick([local, `(f64.const ${random.below(1000) / 8})`]);
      case "v128":
        return random.pick([local, `(v128.const i32x4 1 2 ${random.below(99)} 4)`]);
    }
  }

  #within(label: Label, inside: () => string): string {
    this.#labels.push(label);
    const text = inside();
    this.#labels.pop();
    return text;
  }
}
