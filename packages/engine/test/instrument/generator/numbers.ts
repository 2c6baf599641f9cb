import type { Body, Way } from "./body.ts";
import type { ValueType } from "./signature.ts";

/*
 * Operators over numbers. Nothing that shows the bits of a NaN: V8's compilers may differ in them.
 */

const INTEGER = {
  binary: ["add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr"],
  unary: ["clz", "ctz", "popcnt", "extend8_s", "extend16_s"],
  compare: ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"],
  divide: ["div_s", "div_u", "rem_s", "rem_u"],
} as const;

const FLOAT = {
  binary: ["add", "sub", "mul", "div", "min", "max"],
  unary: ["abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"],
  compare: ["eq", "ne", "lt", "gt", "le", "ge"],
} as const;

/** Operators that yield the type from others, each with what it takes. */
const CONVERSIONS: Readonly<Record<Exclude<ValueType, "v128">, readonly (readonly [string, ValueType])[]>> = {
  i32: [
    ["i32.wrap_i64", "i64"],
    ["i32.trunc_sat_f32_s", "f32"],
    ["i32.trunc_sat_f64_u", "f64"],
    ["i64.eqz", "i64"],
  ],
  i64: [
    ["i64.extend_i32_s", "i32"],
    ["i64.extend_i32_u", "i32"],
    ["i64.trunc_sat_f32_u", "f32"],
    ["i64.trunc_sat_f64_s", "f64"],
    ["i64.extend32_s", "i64"],
  ],
  f32: [
    ["f32.convert_i32_s", "i32"],
    ["f32.convert_i64_u", "i64"],
    ["f32.demote_f64", "f64"],
  ],
  f64: [
    ["f64.convert_i32_u", "i32"],
    ["f64.convert_i64_s", "i64"],
    ["f64.promote_f32", "f32"],
  ],
};

/** The ways to compute a number of that type from others. */
export function arithmetic(body: Body, type: Exclude<ValueType, "v128">, depth: number): readonly Way[] {
  const { choices } = body;
  const of = (other: ValueType): string => body.value(other, depth - 1);
  const isInteger = type === "i32" || type === "i64";
  const kinds = isInteger ? INTEGER : FLOAT;
  const ways: Way[] = [
    () => `(${type}.${choices.pick(kinds.binary)} ${of(type)} ${of(type)})`,
    () => `(${type}.${choices.pick(kinds.unary)} ${of(type)})`,
    () => {
      const [operator, operand] = choices.pick(CONVERSIONS[type]);
      return `(${operator} ${of(operand)})`;
    },
  ];
  if (isInteger) ways.push(() => division(body, type, depth));
  if (type !== "i32") return ways;
  return [
    ...ways,
    () => `(i32.eqz ${of("i32")})`,
    () => comparison(body, depth),
    // These trap on what no integer is.
    () => (choices.once(20) ? `(i32.trunc_f64_s ${of("f64")})` : `(i32.trunc_f64_s (f64.const 7.5))`),
  ];
}

function comparison(body: Body, depth: number): string {
  const type = body.choices.pick<ValueType>(["i32", "i64", "f32", "f64"]);
  const { compare } = type === "i32" || type === "i64" ? INTEGER : FLOAT;
  return `(${type}.${body.choices.pick<string>(compare)} ${body.value(type, depth - 1)} ${body.value(type, depth - 1)})`;
}

/** By something that is hardly ever zero. */
function division(body: Body, type: "i32" | "i64", depth: number): string {
  const divisor = `(${type}.or ${body.value(type, depth - 1)} (${type}.const ${body.choices.once(20) ? 0 : 1}))`;
  return `(${type}.${body.choices.pick(INTEGER.divide)} ${body.value(type, depth - 1)} ${divisor})`;
}

/** A number without operands other than locals and globals. */
export function plainNumber(body: Body, type: Exclude<ValueType, "v128">): string {
  const { choices } = body;
  const local = `(local.get ${body.local(type)})`;
  switch (type) {
    case "i32":
      return choices.pick([`(i32.const ${choices.below(50) - 10})`, local, "(global.get $gi)", "(global.get $base)"]);
    case "i64":
      return choices.pick([`(i64.const ${choices.below(2 ** 31)})`, local, "(global.get $gl)"]);
    case "f32":
      return choices.pick([`(f32.const ${choices.below(1000) / 8})`, local]);
    case "f64":
      return choices.pick([`(f64.const ${choices.below(1000) / 8})`, local, "(global.get $gd)"]);
  }
}
