import { describe, expect, it } from "vitest";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { decodeComponent } from "../../src/wit/component-decoder.ts";
import { returnsResult } from "../../src/wit/wit-type.ts";
import { CorruptComponentError, UnsupportedComponentError } from "../../src/index.ts";
import { fixture, thrownBy } from "../fixtures.ts";

/** The resources of all handles in the types of a fixture. */
const resourcesIn = async (name: string): Promise<unknown[]> =>
  decodeComponent(await fixture(name)).world.types.flatMap((type) => (type.kind === "handle" ? [type.resource] : []));

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

  it("knows resources by the interface that defines them, through aliases and the components that wrap exports", async () => {
    const pollable = { side: "import", interface: "wasi:io/poll@0.2.0", name: "pollable" };
    expect(await resourcesIn("pollables")).toEqual([pollable, pollable]);
    const thing = { side: "export", interface: "test:guest/things", name: "thing" };
    expect(new Set(await resourcesIn("exported-resource"))).toEqual(new Set([thing]));
    const counter = { side: "import", interface: "test:host/counters@1.0.0", name: "counter" };
    expect(new Set(await resourcesIn("borrower"))).toEqual(new Set([counter]));
  });

  it("does not guess which resource is meant by a component that is instantiated with different ones", async () => {
    const bytes = await parse(`(component
      (import "a:b/c" (instance $i (export "one" (type (sub resource))) (export "two" (type (sub resource)))
        (export "f" (func))))
      (alias export $i "one" (type $one))
      (alias export $i "two" (type $two))
      (component $wrap
        (import "t" (type $t (sub resource)))
        (import "f" (func $f (param "x" (own $t))))
        (export "f" (func $f)))
      (core module $m (func (export "f") (param i32)))
      (core instance $m (instantiate $m))
      (func $f1 (param "x" (own $one)) (canon lift (core func $m "f")))
      (func $f2 (param "x" (own $two)) (canon lift (core func $m "f")))
      (instance $w1 (instantiate $wrap (with "t" (type $one)) (with "f" (func $f1))))
      (instance $w2 (instantiate $wrap (with "t" (type $two)) (with "f" (func $f2))))
      (export "x:y/one" (instance $w1))
      (export "x:y/two" (instance $w2)))`);
    const { world } = decodeComponent(bytes);
    const exported = world.exports.map(({ functions }) => functions[0]?.parameters[0]?.type);
    for (const ref of exported)
      expect(typeof ref === "number" && world.types[ref]).toEqual({ kind: "handle", isOwned: true });
  });

  it("ends, however often types use each other", async () => {
    const levels = Array.from({ length: 60 }, (_, level) => {
      const type = `(alias outer 1 $t${level} (type $u))`;
      return `(type $t${level + 1} (instance ${type} (export "a" (instance (type $u))) (export "b" (instance (type $u)))))`;
    });
    const bytes = await parse(`(component
      (type $t0 (instance (export "r" (type (sub resource)))))
      ${levels.join("\n")}
      (import "x:y/z" (instance $i (type $t60)))
      (component $c (alias outer 1 $t60 (type $t)) (import "p" (instance (type $t))))
      (instance (instantiate $c (with "p" (instance $i)))))`);
    expect(decodeComponent(bytes).world.imports).toHaveLength(1);
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
