import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { RESERVED_NAMESPACE } from "../../src/instrument/provided-imports.ts";
import { checkCoreModule } from "../../src/preparation/core-module-check.ts";
import { wasm } from "../../src/webassembly.ts";
import { freshEngine, thrownBy } from "../fixtures.ts";

const check = (module: Uint8Array): unknown => thrownBy(() => checkCoreModule(module, "a core module", "core"));
const checkText = async (text: string): Promise<unknown> => check(await parse(`(module ${text})`));

const HEAP = "garbage-collected structs or arrays, whose memory no limit bounds";
const EXCEPTION = "an exception that carries a reference or more than 8 values";

describe("a core module", () => {
  it("cannot import what is meant for the engine, however the length of the name is written", async () => {
    const name = new TextEncoder().encode(RESERVED_NAMESPACE);
    const lengths = [[name.length], [0x80 | name.length, 0x00], [0x80 | name.length, 0x80, 0x00]];
    for (const length of lengths) {
      const section = [1, ...length, ...name, 1, 0x6d, 2, 0, 1];
      const module = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 2, section.length, ...section);
      expect(wasm.validate(module)).toBe(true);
      expect(check(module)).toMatchObject({ feature: `the reserved import namespace ${RESERVED_NAMESPACE}` });
    }
    // Only as a namespace is the name anything special.
    expect(await checkText(`(import "host" "${RESERVED_NAMESPACE}" (func))`)).toBeUndefined();
  });

  it("that fills the host's heap is refused: structs and arrays", async () => {
    for (const text of [
      "(type (struct))",
      "(type (func)) (type (array (mut i64)))",
      "(rec (type $a (func (param (ref null $b)))) (type $b (struct (field (ref null $a)))))",
      "(type (sub (struct)))",
      "(type (sub final (array i8)))",
    ])
      expect(await checkText(text)).toMatchObject({ feature: HEAP });
  });

  it("that fills the host's heap is refused: exceptions that hold on to others, or on to much", async () => {
    expect(await checkText("(tag (param exnref))")).toMatchObject({ feature: EXCEPTION });
    expect(await checkText("(tag (param i32 externref))")).toMatchObject({ feature: EXCEPTION });
    expect(await checkText("(type $f (func)) (tag (param (ref $f)))")).toMatchObject({ feature: EXCEPTION });
    expect(await checkText(`(tag (param ${"v128 ".repeat(9)}))`)).toMatchObject({ feature: EXCEPTION });
  });

  it("that uses references and exceptions as toolchains do is fine", async () => {
    const module = `(type $f (func (param funcref externref) (result (ref null $f))))
      (rec (type (func)) (type (sub (func (param i32)))))
      (table 1 externref) (tag (param i32)) (tag (param i64 i64)) (global (ref null $f) (ref.null $f))`;
    expect(await checkText(module)).toBeUndefined();
  });

  it("that is not valid is corrupt", () => {
    expect(check(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99, 0))).toMatchObject({
      code: "ENGINE_CORRUPT_COMPONENT",
    });
  });

  it("cannot have more table elements than the default limit, of whatever kind", async () => {
    const tables = "(table 10000000 externref)".repeat(40);
    const component = await freshEngine().prepare(
      await parse(`(component (core module $m ${tables}) (core instance (instantiate $m)))`),
    );
    expect(thrownBy(() => component.instantiate())).toMatchObject({ code: "ENGINE_TABLE_LIMIT" });
  });
});
