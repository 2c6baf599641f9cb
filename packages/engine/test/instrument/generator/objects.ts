import type { Body, Way } from "./body.ts";

/*
 * Structs, arrays and references. No component may use the first two; the rewriter knows them all the same.
 */

/** The ways to get a number out of an object. */
export function objectNumbers(body: Body, depth: number): readonly Way[] {
  const { choices } = body;
  const i32 = (): string => body.value("i32", depth - 1);
  const length = (): string => `(i32.and ${i32()} (i32.const 15))`;
  return [
    () => "(ref.is_null (local.get $r))",
    () => `(struct.get $s 0 (struct.new $s ${i32()}))`,
    () => `(array.len (array.new $a ${i32()} ${length()}))`,
    () => `(array.get $a (array.new_fixed $a 3 ${i32()} ${i32()} ${i32()}) (i32.const ${choices.below(3)}))`,
    () => `(array.len (array.new_default $a ${length()}))`,
    () => `(array.get_u $b (array.new_data $b $d2 (i32.const 1) (i32.const ${1 + choices.below(5)})) (i32.const 0))`,
    () => `(i31.get_s (ref.i31 ${i32()}))`,
    () => "(ref.eq (local.get $r) (local.get $r))",
    () => "(ref.test (ref $s) (local.get $r))",
  ];
}

/** The ways to change objects. */
export function objectWrites(body: Body, depth: number): readonly Way[] {
  const { choices } = body;
  const i32 = (): string => body.value("i32", depth - 1);
  const made = `(array.new_default $a (i32.const 9))`;
  return [
    () => `(local.set $r ${choices.pick(["(ref.null $s)", `(struct.new $s ${i32()})`])})`,
    () => `(array.fill $a ${made} (i32.const 2) ${i32()} (i32.const ${choices.below(8)}))`,
    () => `(array.copy $a $a ${made} (i32.const 0) ${made} (i32.const 1) (i32.const ${choices.below(9)}))`,
  ];
}
