import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { CorruptComponentError } from "../../src/index.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { wasm } from "../../src/webassembly.ts";
import { thrownBy } from "../fixtures.ts";
import { call, confine } from "./confined.ts";

const PREAMBLE = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

describe("an instrumented module", () => {
  it("takes its memories from the host, with every index as it was", async () => {
    const module = await parse(`(module
      (import "host" "memory" (memory 1))
      (memory $own 2 5)
      (data (memory $own) (i32.const 8) "\\2a")
      (func (export "read") (result i32) (i32.load8_u $own (i32.const 8)))
      (func (export "size") (result i32) (memory.size $own)))`);
    expect(instrument(module).memories).toEqual([{ importName: "memory0", initialPages: 2, maximumPages: 5 }]);
    const { exports, confinement } = confine(module, { host: { memory: new wasm.Memory({ initial: 1 }) } });
    expect(call(exports, "read")).toBe(42);
    expect(call(exports, "size")).toBe(2);
    expect(confinement.memory.bytes).toBe(2 * 65_536);
  });

  it("is as it was when it has no code", async () => {
    const module = await parse('(module (import "host" "f" (func)) (table 1 funcref) (elem (i32.const 0) func 0))');
    expect(instrument(module).bytes).toEqual(module);
  });

  it("finds its functions and globals wherever they are mentioned", async () => {
    const module = await parse(`(module
      (import "host" "base" (global $base i32)) (import "host" "note" (func $note (param i32)))
      (global $first i32 (i32.add (global.get $base) (i32.const 1))) (global $second (mut funcref) (ref.func $seven))
      (global $third (mut i32) (i32.const 5)) (export "third" (global $third))
      (table $t 4 funcref (ref.func $eight))
      (elem (table $t) (i32.const 0) func $seven $eight) (elem (table $t) (i32.const 2) funcref (ref.func $seven))
      (elem $passive func $eight) (elem declare func $seven)
      (type $number (func (result i32)))
      (start $start)
      (func $start (call $note (global.get $first)))
      (func $seven (result i32) (i32.const 7)) (func $eight (result i32) (i32.const 8))
      (func (export "at") (param i32) (result i32) (call_indirect $t (type $number) (local.get 0)))
      (func (export "third-up") (global.set $third (i32.add (global.get $third) (call $seven))))
      (func (export "second") (table.set $t (i32.const 0) (global.get $second)))
      (func (export "tail") (result i32) (return_call $eight))
      (func (export "pair") (result i32 i64) (if (call $seven) (then (return (i32.const 1) (i64.const 2)))) (i32.const 3) (i64.const 4)))`);
    const notes: unknown[] = [];
    const { exports } = confine(module, { host: { base: 10, note: (value: number) => notes.push(value) } });
    expect(notes).toEqual([11]);
    expect([0, 1, 2, 3].map((index) => call(exports, "at", index))).toEqual([7, 8, 7, 8]);
    call(exports, "third-up");
    expect(exports["third"]).toMatchObject({ value: 12 });
    call(exports, "second");
    expect(call(exports, "at", 0)).toBe(7);
    expect(call(exports, "tail")).toBe(8);
    expect(call(exports, "pair")).toEqual([1, 2n]);
  });

  it("keeps the names of its functions, for the stack of a trap", async () => {
    const module = await parse('(module (func $inner unreachable) (func $outer (export "go") (call $inner)))');
    const { exports } = confine(module);
    expect(thrownBy(() => call(exports, "go"))).toMatchObject({ stack: expect.stringMatching(/inner[^]*outer/) });
  });

  it("knows every operator that may stand in its code", async () => {
    // The byte of memory.grow (0x40) also as an immediate of others, where it is none.
    const module = await parse(`(module
      (memory 1 10) (table 2 funcref) (tag $t (param i32)) (type $s (struct (field (mut i32)))) (type $a (array (mut i8)))
      (elem declare func $f) (data $d "abc")
      (type $binary (func (param i32 i32) (result i32)))
      (func $f (export "f") (param i32 i32) (result i32) (local v128 i64 f32 f64 (ref null $s) (ref null $a))
        (local.set 3 (i64.const 64)) (local.set 4 (f32.const 2)) (local.set 5 (f64.const 2))
        (local.set 2 (v128.const i32x4 64 64 64 64)) (local.set 2 (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 2) (local.get 2)))
        (drop (i32x4.extract_lane 1 (local.get 2))) (drop (v128.load32_lane offset=64 1 (i32.const 0) (local.get 2)))
        (drop (i8x16.relaxed_swizzle (local.get 2) (local.get 2)))
        (i32.store offset=64 (i32.const 64) (i32.const 64))
        (memory.fill (i32.const 0) (i32.const 64) (i32.const 64)) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $d)
        (drop (i32.trunc_sat_f32_s (local.get 4))) (drop (table.size 0)) (table.set 0 (i32.const 0) (ref.func $f))
        (local.set 6 (struct.new $s (i32.const 64))) (drop (struct.get $s 0 (local.get 6))) (drop (ref.is_null (local.get 6)))
        (local.set 7 (array.new $a (i32.const 1) (i32.const 64))) (array.fill $a (local.get 7) (i32.const 0) (i32.const 2) (i32.const 3))
        (drop (array.len (array.new_fixed $a 2 (i32.const 1) (i32.const 2))))
        (drop (ref.test (ref $s) (local.get 6))) (drop (i31.get_s (ref.i31 (i32.const 64))))
        (drop (block $null (result (ref null $s)) (br_on_cast $null (ref null $s) (ref $s) (local.get 6))))
        (block $b (br_table $b $b $b (i32.const 64)))
        (block $caught (result i32) (try_table (catch $t $caught) (throw $t (i32.const 64))) (i32.const 0)) drop
        (drop (select (result i32) (i32.const 64) (i32.const 0) (i32.const 1)))
        (drop (memory.grow (local.get 0)))
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (memory.grow (local.get 1)))
        (loop $again (result i32) (i32.const 64))))`);
    const { exports, confinement } = confine(module);
    expect(call(exports, "f", 2, 100)).toBe(64);
    expect(confinement.memory.bytes).toBe(3 * 65_536);
    expect(confinement.memory.growth.value).toBe(-1);
  });

  it("calls functions that are called from inside and outside, also where code never runs or takes references", async () => {
    const locals = "(local f64) ".repeat(200);
    const module = await parse(`(module
      (type $unary (func (param f64) (result f64)))
      (func $half (param f64) (result f64) ${locals} (local.set 150 (f64.mul (local.get 0) (f64.const 0.5))) (local.get 150))
      (func $both (export "both") (param f64) (result f64 f64) (call $half (local.get 0)) (call $half (call $half (local.get 0))))
      (func $taken (export "taken") (param f64) (result f64) (f64.add (local.get 0) (f64.const 1)))
      (func (export "sum") (param f64) (result f64) (call $both (local.get 0)) f64.add)
      (func (export "by-reference") (param f64) (result f64)
        (f64.add (call $taken (local.get 0)) (call_ref $unary (local.get 0) (ref.func $taken))))
      (func (export "dead") (param f64) (result f64)
        (return (call $half (local.get 0))) f64.const 3 call $half f64.const 4 call $half drop drop unreachable call $both drop))`);
    const { exports, confinement, stack } = confine(module);
    confinement.begin();
    const before = stack.value;
    expect(call(exports, "both", 8)).toEqual([4, 2]);
    expect(call(exports, "taken", 8)).toBe(9);
    expect(call(exports, "sum", 8)).toBe(6);
    expect(call(exports, "by-reference", 8)).toBe(18);
    expect(call(exports, "dead", 8)).toBe(4);
    expect(stack.value).toBe(before);
  });

  it("may have as many parameters, results and locals in its functions as V8 takes", async () => {
    const module = await parse(`(module
      (func $locals (param i32) (result i32) (local ${"i64 ".repeat(49_999)}) (local.get 0))
      (func $parameters (param ${"i32 ".repeat(1_000)}) (result i32) (local.get 999))
      (func $results (result ${"i32 ".repeat(1_000)}) ${"(i32.const 7) ".repeat(1_000)})
      (func (export "locals") (result i32) (call $locals (i32.const 5)))
      (func (export "parameters") (result i32) (call $parameters ${"(i32.const 6) ".repeat(1_000)}))
      (func (export "results") (result i32) (call $results) ${"drop ".repeat(999)}))`);
    const { exports } = confine(module);
    expect(["locals", "parameters", "results"].map((name) => call(exports, name))).toEqual([5, 6, 7]);
  });

  it("runs the older kind of exception handling as before", async () => {
    const module = await parse(`(module (tag $t (param i32)) (tag $u)
      (func $throw (param i32) (if (local.get 0) (then (throw $t (local.get 0))) (else (throw $u))))
      (func (export "f") (param i32) (result i32)
        try (result i32) try local.get 0 call $throw delegate 0 i32.const 1 catch $t catch_all i32.const 5 end)
      (func (export "g") (param i32) (result i32)
        try (result i32)
          try (result i32) local.get 0 call $throw i32.const 1 catch_all rethrow 0 end
        catch $t catch_all i32.const 5 end))`);
    const { exports } = confine(module);
    for (const name of ["f", "g"]) expect([9, 0].map((value) => call(exports, name, value))).toEqual([9, 5]);
  });

  it("says how its last request for memory ended", async () => {
    const module = await parse(
      `(module (memory 1 4) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`,
    );
    const { exports, confinement } = confine(module);
    expect([2, 2, 1].map((pages) => [call(exports, "grow", pages), confinement.memory.growth.value])).toEqual([
      [1, 1],
      [-1, -1],
      [3, 3],
    ]);
  });
});

describe("a module that cannot be instrumented", () => {
  it("is refused when it is not valid, before anything in it is looked at", () => {
    const body = [0x00, 0x41, 0x01, 0x40, 0x00, 0xff, 0x0b];
    const module = Uint8Array.of(...PREAMBLE, 10, body.length + 2, 1, body.length, ...body);
    expect(thrownBy(() => instrument(module))).toBeInstanceOf(CorruptComponentError);
  });

  const unsupported: readonly (readonly [string, string])[] = [
    ["a shared or 64-bit memory", "(module (memory 1 2 shared) (func))"],
    ["a shared or 64-bit memory", "(module (memory i64 1 2) (func))"],
    ["a shared or 64-bit memory", '(module (import "a" "b" (memory i64 1 2)))'],
    ["a shared or 64-bit table", "(module (table i64 1 2 funcref) (func))"],
  ];
  for (const [feature, text] of unsupported) {
    it(`is refused by the name of what it uses: ${text}`, async () => {
      const module = await parse(text);
      expect(thrownBy(() => instrument(module))).toMatchObject({ feature });
    });
  }
});
