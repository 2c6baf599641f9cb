import { address } from "./memory.ts";
import type { Body, Way } from "./body.ts";

/*
 * SIMD. As with numbers, what floating point lanes compute is only compared or converted, never kept.
 */

const INTEGER_SHAPES = ["i32x4", "i8x16", "i16x8", "i64x2"] as const;

const BINARY: readonly string[] = [
  ...INTEGER_SHAPES.flatMap((shape) => [`${shape}.add`, `${shape}.sub`, `${shape}.eq`, `${shape}.ne`]),
  ...["i8x16", "i16x8"].flatMap((shape) => [`${shape}.add_sat_s`, `${shape}.sub_sat_u`, `${shape}.avgr_u`]),
  ...["i8x16", "i16x8", "i32x4"].flatMap((shape) => [`${shape}.min_s`, `${shape}.max_u`, `${shape}.lt_u`]),
  ...["i16x8", "i32x4", "i64x2"].map((shape) => `${shape}.mul`),
  "i64x2.lt_s",
  "i8x16.swizzle",
  "i8x16.narrow_i16x8_s",
  "i16x8.narrow_i32x4_u",
  "i16x8.q15mulr_sat_s",
  "i16x8.extmul_low_i8x16_s",
  "i32x4.dot_i16x8_s",
  "i64x2.extmul_high_i32x4_u",
  "v128.and",
  "v128.andnot",
  "v128.or",
  "v128.xor",
  "f32x4.lt",
  "f64x2.ge",
  "f32x4.pmin",
  "f64x2.pmax",
];

const UNARY: readonly string[] = [
  ...INTEGER_SHAPES.flatMap((shape) => [`${shape}.abs`, `${shape}.neg`]),
  "v128.not",
  "i8x16.popcnt",
  "i16x8.extend_low_i8x16_s",
  "i32x4.extend_high_i16x8_u",
  "i16x8.extadd_pairwise_i8x16_u",
  "i32x4.trunc_sat_f32x4_s",
  "i32x4.trunc_sat_f64x2_u_zero",
  "f32x4.convert_i32x4_s",
  "f64x2.convert_low_i32x4_u",
];

const FLOAT_BINARY: readonly string[] = ["add", "sub", "mul", "div", "min", "max"];

const LOADS: readonly string[] = ["", "8x8_s", "16x4_u", "32x2_s", "8_splat", "64_splat", "32_zero", "64_zero"];

const LANES = "0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31";

/** The ways to compute a vector. */
export function vectors(body: Body, depth: number): readonly Way[] {
  const { choices } = body;
  const vector = (): string => body.value("v128", depth - 1);
  const i32 = (): string => body.value("i32", depth - 1);
  return [
    () => `(i32x4.splat ${i32()})`,
    () => `(${choices.pick(BINARY)} ${vector()} ${vector()})`,
    () => `(${choices.pick(UNARY)} ${vector()})`,
    () => `(f32x4.le (f32x4.${choices.pick(FLOAT_BINARY)} ${vector()} ${vector()}) ${vector()})`,
    () => `(f64x2.ne (f64x2.${choices.pick(FLOAT_BINARY)} ${vector()} ${vector()}) ${vector()})`,
    () => `(${choices.pick(INTEGER_SHAPES)}.${choices.pick(["shl", "shr_s", "shr_u"])} ${vector()} ${i32()})`,
    () => `(i64x2.splat ${body.value("i64", depth - 1)})`,
    () => `(i8x16.shuffle ${LANES} ${vector()} ${vector()})`,
    () => `(v128.bitselect ${vector()} ${vector()} ${vector()})`,
    () => `(i8x16.replace_lane ${choices.below(16)} ${vector()} ${i32()})`,
    () => `(i64x2.replace_lane 1 ${vector()} ${body.value("i64", depth - 1)})`,
    () => `(v128.load${choices.pick(LOADS)} $m offset=4 ${address(body)})`,
    () => `(v128.load16_lane $n ${choices.below(8)} ${address(body)} ${vector()})`,
  ];
}

/** The ways to get an i32 out of a vector. */
export function lanes(body: Body, depth: number): readonly Way[] {
  const { choices } = body;
  const vector = (): string => body.value("v128", depth - 1);
  return [
    () => `(i32x4.extract_lane ${choices.below(4)} ${vector()})`,
    () => `(i8x16.extract_lane_s ${choices.below(16)} ${vector()})`,
    () => `(${choices.pick(["v128.any_true", "i16x8.all_true", "i8x16.bitmask", "i64x2.bitmask"])} ${vector()})`,
  ];
}

export function plainVector(body: Body): string {
  return body.choices.pick([
    `(v128.const i32x4 1 2 ${body.choices.below(99)} 4)`,
    `(local.get ${body.local("v128")})`,
    "(v128.const i8x16 255 1 0 128 7 9 11 13 0 0 1 2 3 200 254 127)",
  ]);
}
