import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { UnsupportedComponentError } from "../../src/index.ts";
import { exportGrowth, GROWTH_EXPORT } from "../../src/instrument/growth.ts";
import { importMemories, RESERVED_NAMESPACE } from "../../src/instrument/memory-import.ts";
import { thrownBy } from "../fixtures.ts";
import { wasm, type WasmImports, type WasmInstance } from "../../src/webassembly.ts";

const run = (bytes: Uint8Array, imports: WasmImports = {}): WasmInstance["exports"] =>
  new wasm.Instance(new wasm.Module(bytes), imports).exports;

const call = (exports: object, name: string, ...args: readonly unknown[]): unknown => {
  const fn: (...args: readonly unknown[]) => unknown = Reflect.get(exports, name);
  return fn(...args);
};

describe("a rewritten module", () => {
  it("takes its memories from the host, with every index as it was", async () => {
    const module = await parse(`(module
      (import "host" "memory" (memory 1))
      (memory $own 2 5)
      (data (memory $own) (i32.const 8) "\\2a")
      (func (export "read") (result i32) (i32.load8_u $own (i32.const 8)))
      (func (export "size") (result i32) (memory.size $own)))`);
    const { bytes, memories } = importMemories(module);
    expect(memories).toEqual([{ importName: "memory0", initialPages: 2, maximumPages: 5 }]);
    const given = new wasm.Memory({ initial: 2, maximum: 3 });
    const exports = run(bytes, {
      host: { memory: new wasm.Memory({ initial: 1 }) },
      [RESERVED_NAMESPACE]: { memory0: given },
    });
    expect(call(exports, "read")).toBe(42);
    expect(call(exports, "size")).toBe(2);
    expect(new Uint8Array(given.buffer)[8]).toBe(42);
  });

  it("is the same module when it has no memory and never grows one", async () => {
    const module = await parse('(module (func (export "f") (result i32) (i32.const 64)))');
    expect(importMemories(module).bytes).toBe(module);
    expect(exportGrowth(module)).toBe(module);
  });

  it("exports how its last request for memory ended, and behaves as before", async () => {
    const module = await parse(`(module
      (import "host" "offset" (global $offset i32))
      (global $calls (mut i32) (i32.const 0))
      (memory 1 4)
      (func (export "grow") (param i32) (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.add (memory.grow (local.get 0)) (global.get $offset)))
      (func (export "calls") (result i32) (global.get $calls)))`);
    const exports = run(exportGrowth(module), { host: { offset: 0 } });
    expect(call(exports, "grow", 2)).toBe(1);
    expect(exports[GROWTH_EXPORT]?.value).toBe(1);
    expect(call(exports, "grow", 2)).toBe(-1);
    expect(exports[GROWTH_EXPORT]?.value).toBe(-1);
    expect(call(exports, "grow", 1)).toBe(3);
    expect(exports[GROWTH_EXPORT]?.value).toBe(3);
    expect(call(exports, "calls")).toBe(3);
  });

  it("is found beside every operator that may stand before it", async () => {
    // The byte of memory.grow (0x40) also as an immediate of others, where it is none.
    const module = await parse(`(module
      (memory 1 10) (table 2 funcref) (tag $t (param i32)) (type $s (struct (field (mut i32)))) (elem declare func $f) (data $d "abc")
      (type $binary (func (param i32 i32) (result i32)))
      (func $f (export "f") (param i32 i32) (result i32) (local v128 i64 f32 f64 (ref null $s))
        (local.set 3 (i64.const 64)) (local.set 4 (f32.const 2)) (local.set 5 (f64.const 2))
        (local.set 2 (v128.const i32x4 64 64 64 64)) (local.set 2 (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 2) (local.get 2)))
        (drop (i32x4.extract_lane 1 (local.get 2))) (drop (v128.load32_lane offset=64 1 (i32.const 0) (local.get 2)))
        (i32.store offset=64 (i32.const 64) (i32.const 64))
        (memory.fill (i32.const 0) (i32.const 64) (i32.const 64)) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $d)
        (drop (i32.trunc_sat_f32_s (local.get 4))) (drop (table.size 0)) (table.set 0 (i32.const 0) (ref.func $f))
        (local.set 6 (struct.new $s (i32.const 64))) (drop (struct.get $s 0 (local.get 6))) (drop (ref.is_null (local.get 6)))
        (block $b (br_table $b $b $b (i32.const 64)))
        (block $caught (result i32) (try_table (catch $t $caught) (throw $t (i32.const 64))) (i32.const 0)) drop
        (drop (select (result i32) (i32.const 64) (i32.const 0) (i32.const 1)))
        (drop (call_indirect (type $binary) (i32.const 1) (i32.const 0) (i32.const 0) ))
        (drop (memory.grow (local.get 0)))
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (memory.grow (local.get 1)))
        (loop $again (result i32) (i32.const 64))))`).catch((error: Error) => error);
    if (module instanceof Error) throw module;
    const rewritten = exportGrowth(module);
    // Two requests, each followed by one global.set and one global.get; one more global, one more export.
    expect(rewritten.length).toBeGreaterThanOrEqual(module.length + 8);
    expect(wasm.validate(module)).toBe(true);
    expect(wasm.validate(rewritten)).toBe(true);
  });

  it("is refused when it uses the engine's own namespace", async () => {
    const module = await parse(`(module (import "${RESERVED_NAMESPACE}" "memory0" (memory 1)))`);
    expect(thrownBy(() => importMemories(module))).toBeInstanceOf(UnsupportedComponentError);
  });

  it("is refused by name when it holds an operator that is not known", () => {
    // (func unreachable… with 0xff in place of an operator, beside a memory.grow)
    const body = [0x00, 0x41, 0x01, 0x40, 0x00, 0xff, 0x0b];
    const module = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 10, body.length + 2, 1, body.length, ...body);
    expect(thrownBy(() => exportGrowth(module))).toMatchObject({ feature: "the unknown operator 0xff" });
  });
});
