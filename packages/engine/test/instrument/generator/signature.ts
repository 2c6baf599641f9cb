/** The types of the values that generated code computes with. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** Those that JavaScript can give and take. */
export const SCALARS: readonly ValueType[] = ["i32", "i64", "f32", "f64"];

export const TYPES: readonly ValueType[] = [...SCALARS, "v128"];

/** Who can call a function: whoever has a reference to it, whoever knows its export, or only functions of its module. */
export type Reach = "referenced" | "exported" | "inner";

/** A function of a generated module. */
export interface Signature {
  readonly reach: Reach;
  /** As in the text: `$f3`. */
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** `(param i32 i64)`, or nothing when there are none. */
export function list(keyword: "param" | "result", types: readonly ValueType[]): string {
  return types.length === 0 ? "" : `(${keyword} ${types.join(" ")})`;
}
