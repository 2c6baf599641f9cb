import { describe, expect, it } from "vitest";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { decodeComponent } from "../../src/wit/component-decoder.ts";
import { returnsResult } from "../../src/wit/wit-type.ts";
import { CorruptComponentError, UnsupportedComponentError } from "../../src/index.ts";
import { fixture, thrownBy } from "../fixtures.ts";

describe("the decoder", () => {
  it("reads imports and exports with the types of their functions", async () => {
    const { world } = decodeComponent(await fixture("host"));
    expect(world.imports.map(({ name }) => name)).toEqual(["test:host/api@1.0.0", ""]);
    const [plain, tryIt] = world.imports[0]?.functions ?? [];
    expect(plain).toEqual({ name: "plain", parameters: [{ name: "x", type: "u32" }], result: "u32" });
    expect(tryIt && returnsResult(tryIt, world.types)).toBe(true);
    expect(plain && returnsResult(plain, world.types)).toBe(false);
  });

  it("follows types through nested components", async () => {
    const { world } = decodeComponent(await fixture("traps"));
    const colours = world.exports.find(({ name }) => name === "test:traps/colours");
    const result = colours?.functions[0]?.result;
    expect(typeof result === "number" && world.types[result]).toEqual({ kind: "enum", labels: ["red", "green"] });
  });

  it("reads every kind of type", async () => {
    const bytes = await parse(`(component
      (import "a:b/c" (instance
        (type $r' (record (field "x" u8) (field "long-name" string))) (export "r" (type $r (eq $r')))
        (type $v' (variant (case "none") (case "some-bytes" (list u8)))) (export "v" (type $v (eq $v')))
        (type $e' (enum "a" "b")) (export "e" (type $e (eq $e')))
        (type $f' (flags "read" "write")) (export "f" (type $f (eq $f')))
        (export "thing" (type $t (sub resource)))
        (export "[constructor]thing" (func (param "r" $r) (result (own $t))))
        (export "[method]thing.get" (func (param "self" (borrow $t)) (param "v" $v) (result (option (tuple $e $f char bool)))))
        (export "all" (func (param "s" s8) (param "t" s16) (param "u" u16) (param "v" s32) (param "w" s64) (param "x" u64)
          (param "y" f32) (param "z" f64) (result (result (error string))))))))`);
    const { world } = decodeComponent(bytes);
    const [entry] = world.imports;
    expect(entry?.resources).toEqual(["thing"]);
    expect(entry?.functions.map(({ name }) => name)).toEqual(["[constructor]thing", "[method]thing.get", "all"]);
    expect(entry?.functions[2]?.parameters.map(({ type }) => type)).toEqual([
      "s8",
      "s16",
      "u16",
      "s32",
      "s64",
      "u64",
      "f32",
      "f64",
    ]);
    expect(world.types.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["record", "variant", "list", "enum", "flags", "handle", "option", "tuple", "result"]),
    );
  });

  it("finds every core module, however deeply nested", async () => {
    const bytes = await parse("(component (core module) (component (core module) (component (core module))))");
    expect(decodeComponent(bytes).coreModules).toHaveLength(3);
  });

  it("refuses by name what it does not know", async () => {
    const bytes = await parse('(component (import "m" (core module)))');
    expect(thrownBy(() => decodeComponent(bytes))).toBeInstanceOf(UnsupportedComponentError);
    const nested = await parse(`${"(component ".repeat(70)}${")".repeat(70)}`);
    expect(thrownBy(() => decodeComponent(nested))).toMatchObject({ feature: "nesting of more than 64 components" });
  });

  it("refuses by name what is asynchronous, as all of WASI preview 3 is", async () => {
    const lifted = `(core module $m (func (export "run"))) (core instance $i (instantiate $m))
      (func (export "run") async (canon lift (core func $i "run") async))`;
    for (const [component, feature] of [
      ['(import "a" (func (result (stream u8))))', "a stream"],
      ['(import "a" (func (result (future string))))', "a future"],
      ['(import "a" (func (param "e" error-context)))', "an error context"],
      ['(import "a" (func async (param "n" u64)))', "an asynchronous function type"],
      [lifted, "an asynchronous function type"],
      ["(core func (canon task.cancel))", "canonical function 0x5 of asynchronous components"],
    ] as const) {
      const bytes = await parse(`(component ${component})`);
      expect(thrownBy(() => decodeComponent(bytes))).toMatchObject({ code: "ENGINE_UNSUPPORTED_COMPONENT", feature });
    }
  });

  it("never fails on damaged bytes with anything but its own errors", async () => {
    const bytes = await fixture("host");
    const outcomes = Array.from({ length: bytes.length - 8 }, (_, index) => {
      const damaged = bytes.slice();
      damaged[index + 8] = (damaged[index + 8] ?? 0) ^ 0x55;
      return thrownBy(() => decodeComponent(damaged));
    });
    const failures = outcomes.filter((outcome) => outcome !== undefined);
    const foreign = failures.filter(
      (failure) => !(failure instanceof CorruptComponentError || failure instanceof UnsupportedComponentError),
    );
    expect(failures.length).toBeGreaterThan(100);
    expect(foreign).toEqual([]);
  });
});
