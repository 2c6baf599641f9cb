import type { Body, Way } from "./body.ts";

/*
 * Memories, tables and segments. `$m` is a memory of the module, `$n` one that the host gave or a second of its own; `$t` is a table
 * of functions, `$u` one with an initial value for each element.
 */

const MEMORIES = ["$m", "$n"] as const;

/** Mostly within the first page. */
export function address(body: Body): string {
  const mask = body.choices.once(30) ? 0x7_ffff : 0x1fff;
  return `(i32.and ${body.value("i32", 1)} (i32.const ${mask}))`;
}

/** The ways to read a number. */
export function reads(body: Body, depth: number): readonly Way[] {
  const { choices } = body;
  const memory = (): string => choices.pick(MEMORIES);
  return [
    () => `(i32.load ${memory()} offset=16 ${address(body)})`,
    () => `(i32.load${choices.pick(["8_u", "8_s", "16_u", "16_s"])} ${memory()} ${address(body)})`,
    () => `(memory.size ${memory()})`,
    () => `(memory.grow ${memory()} (i32.const ${choices.below(2)}))`,
    () => `(memory.grow $m ${body.value("i32", depth - 1)})`,
    () => `(table.size ${choices.pick(["$t", "$u"])})`,
    () => `(table.grow $t (ref.null func) (i32.const ${choices.below(3)}))`,
    () => `(table.grow $t (ref.func $f0) ${body.value("i32", depth - 1)})`,
    () => `(ref.is_null (table.get $t (i32.const ${choices.below(10)})))`,
    () => `(i32.atomic.rmw.add $m (i32.and ${address(body)} (i32.const 0x1ffc)) ${body.value("i32", depth - 1)})`,
  ];
}

/** The ways to change memories and tables. */
export function writes(body: Body, depth: number): readonly Way[] {
  const { choices } = body;
  const i32 = (): string => body.value("i32", depth - 1);
  const memory = (): string => choices.pick(MEMORIES);
  return [
    () => `(i32.store ${memory()} offset=8 ${address(body)} ${i32()})`,
    () =>
      `(i64.store${choices.pick(["", "8", "16", "32"])} ${memory()} ${address(body)} ${body.value("i64", depth - 1)})`,
    () => `(v128.store $m ${address(body)} ${body.value("v128", depth - 1)})`,
    () => `(v128.store8_lane $n ${choices.below(16)} ${address(body)} ${body.value("v128", depth - 1)})`,
    () => `(memory.fill ${memory()} ${address(body)} ${i32()} ${address(body)})`,
    () => `(memory.copy ${memory()} ${memory()} ${address(body)} ${address(body)} ${address(body)})`,
    () => `(memory.init ${memory()} $d ${address(body)} (i32.const 2) (i32.const ${choices.below(12)}))`,
    () => (choices.once(4) ? "(data.drop $d)" : "(elem.drop $e)"),
    () => `(table.copy $t $t (i32.const 6) (i32.const 0) (i32.const ${choices.below(3)}))`,
    () => `(table.copy $t $u (i32.const 5) (i32.const 0) (i32.const ${choices.below(3)}))`,
    () => `(table.fill $t (i32.const 7) (ref.null func) (i32.const ${choices.below(2)}))`,
    () => `(table.fill $t ${i32()} (ref.func $f0) (i32.const 1))`,
    () => `(table.init $t $e (i32.const 6) (i32.const 0) (i32.const ${choices.below(3)}))`,
    () => `(table.set $t (i32.and ${i32()} (i32.const 7)) (ref.func $f1))`,
    () => `(global.set $gf (select (result funcref) (ref.func $f0) (ref.null func) ${i32()}))`,
  ];
}
