import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { UnsupportedComponentError } from "../../src/index.ts";
import { checkCoreModule } from "../../src/preparation/core-module-check.ts";
import { TRANSPILE_OPTIONS, transpileComponent } from "../../src/preparation/transpiler.ts";
import { freshEngine } from "../fixtures.ts";

const MARKER = "escapedFromName";

/** Payloads that run when a name is put between quotes of some kind, into a template, a comment, or nowhere in particular. */
const PAYLOADS: readonly string[] = [
  `a': (globalThis.${MARKER} = 1), 'b`,
  `x'] ?? (globalThis.${MARKER} = 1), exports0['run`,
  "x`; globalThis." + MARKER + " = 1; `",
  `\${globalThis.${MARKER} = 1}`,
  `*/ globalThis.${MARKER} = 1 /*`,
  `\\u{a}globalThis.${MARKER} = 1\\u{a}//`,
  `\\u{2028}globalThis.${MARKER} = 1\\u{2028}//`,
  `(globalThis.${MARKER} = 1)`,
  `\\\\`,
  `*`,
];

/** A component for each kind of place in which a name can be, with the name in it. */
const PLACES: Readonly<Record<string, (name: string) => string>> = {
  "the import module of a core module": (name) => `
    (core module $l (func (export "f"))) (core instance $li (instantiate $l))
    (core module $m (import "${name}" "f" (func))) (core instance $i (instantiate $m (with "${name}" (instance $li))))`,
  "the import of a core module": (name) => `
    (core module $l (func (export "f"))) (core instance $li (instantiate $l)) (alias core export $li "f" (core func $f))
    (core module $m (import "e" "${name}" (func)))
    (core instance $i (instantiate $m (with "e" (instance (export "${name}" (func $f))))))`,
  "the export of a core module": (name) => `
    (core module $m (func (export "${name}") (result i32) (i32.const 7)) (func (export "run")))
    (core instance $i (instantiate $m)) (alias core export $i "${name}" (core func $f))
    (func (export "go") (result u32) (canon lift (core func $f)))`,
  "the export of a core module that is a memory": (name) => `
    (core module $m (memory (export "${name}") 1) (func (export "f") (param i32 i32)) (func (export "r") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $i (instantiate $m))
    (func (export "go") (param "x" string) (canon lift (core func $i "f") (memory (core memory $i "${name}")) (realloc (core func $i "r"))))`,
  "the export of a core module that nobody uses": (name) => `
    (core module $m (func (export "${name}"))) (core instance $i (instantiate $m))`,
  "a core module in a nested component": (name) => `
    (component $c (core module $m (func (export "${name}") (result i32) (i32.const 7)))
      (core instance $i (instantiate $m)) (func (export "go") (result u32) (canon lift (core func $i "${name}"))))
    (instance $c (instantiate $c)) (func (export "go") (alias export $c "go"))`,
  "an argument of a core instance": (name) => `
    (core module $l) (core instance $li (instantiate $l)) (core module $m)
    (core instance $i (instantiate $m (with "${name}" (instance $li))))`,
  "an inline export of a core instance": (name) => `
    (core module $l (func (export "f"))) (core instance $li (instantiate $l)) (alias core export $li "f" (core func $f))
    (core instance $i (export "${name}" (func $f)))`,
  "a core alias": (name) => `
    (core module $m (func (export "${name}"))) (core instance $i (instantiate $m)) (alias core export $i "${name}" (core func $f))`,
  "the import of a core module type": (name) => `(core type $t (module (import "${name}" "f" (func))))`,
  "the export of a core module type": (name) => `(core type $t (module (export "${name}" (func))))`,
  "a core module type of a component type": (name) => `
    (type $t (component (core type $m (module (export "${name}" (func)))) (import "m" (core module (type $m)))))`,
  "an import": (name) => `(import "${name}" (func))`,
  "an import that is a URL": (name) => `(import "url=<${name}>" (func))`,
  "an export": (name) => `
    (core module $m (func (export "f"))) (core instance $i (instantiate $m))
    (func (export "${name}") (canon lift (core func $i "f")))`,
  "a function of an interface": (name) => `(import "a:b/c" (instance (export "${name}" (func))))`,
  "the import of a nested component": (name) => `
    (import "f" (func $f)) (component $c (import "${name}" (func)))
    (instance (instantiate $c (with "${name}" (func $f))))`,
  "an argument that a nested component does not ask for": (name) => `
    (import "f" (func $f)) (component $c) (instance (instantiate $c (with "${name}" (func $f))))`,
  "a function parameter": (name) => `(import "f" (func (param "${name}" u32)))`,
  "a resource": (name) => `(import "a:b/c" (instance (export "${name}" (type (sub resource)))))`,
  "a method": (name) => `
    (import "a:b/c" (instance (export "r" (type $r (sub resource))) (export "[method]r.${name}" (func (param "self" (borrow $r))))))`,
  "a record field": (name) => inInterface(`(record (field "${name}" u32))`),
  "a variant case": (name) => inInterface(`(variant (case "${name}" u32))`),
  "an enum label": (name) => inInterface(`(enum "${name}")`),
  "a flag": (name) => inInterface(`(flags "${name}")`),
  "a type": (name) => `
    (type $e (enum "a")) (import "a:b/c" (instance (alias outer 1 $e (type $e)) (export "${name}" (type (eq $e)))))`,
};

const RUNS = `(core module $m (func (export "f"))) (core instance $i (instantiate $m)) (func (export "f") (canon lift (core func $i "f")))`;

function inInterface(type: string): string {
  return `(import "a:b/c" (instance (type $t' ${type}) (export "t" (type $t (eq $t'))) (export "f" (func (param "x" $t) (result $t)))))`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** Places that are for debuggers and tools. */
const UNUSED_PLACES: typeof PLACES = {
  "the name of the component": (name) => `(@name "${name}") ${RUNS}`,
  "a name for debuggers": (name) => `
    (core module $m (@name "${name}") (func $f (@name "${name}") (export "f") (param $p (@name "${name}") i32)))
    (core instance $i (instantiate $m)) (func (export "f") (param "x" u32) (canon lift (core func $i "f")))`,
  "a custom section": (name) => `(@custom "${name}" "${name}") ${RUNS}`,
  "the documentation of a component": (name) => {
    const docs = JSON.stringify({ docs: name, worlds: { root: { docs: name, func_exports: { f: { docs: name } } } } });
    return `(@custom "package-docs" "\\01${docs.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}") ${RUNS}`;
  },
  "the producers of a component": (name) => {
    const bytes = Buffer.from(name);
    const field = `\\01\\08language\\01\\${hex(bytes.length)}${[...bytes].map((byte) => `\\${hex(byte)}`).join("")}\\01x`;
    return `(@custom "producers" "${field}") ${RUNS}`;
  },
};

describe("a guest cannot run JavaScript in the host by what it calls things", () => {
  it("though jco would let it", async () => {
    const [payload = ""] = PAYLOADS;
    const bytes = await component(PLACES["the import of a core module"]?.(payload) ?? "");
    const { files } = await transpileBytes(bytes, { ...TRANSPILE_OPTIONS });
    expect(Buffer.from(files["component.js"] ?? []).toString()).toContain(`'${payload}'`);
  });

  for (const [place, write] of Object.entries(PLACES)) {
    it(`refuses what could break out of generated code in ${place}`, async () => {
      for (const payload of PAYLOADS) {
        const refusal = await refusalOf(await component(write(payload)));
        expect(refusal).toBeInstanceOf(UnsupportedComponentError);
        expect(refusal?.message).toMatch(/^[\x20-\x7e]*$/);
      }
    });
  }

  it("and it is the name that is refused, not the place where it is", async () => {
    const places = Object.entries(PLACES).filter(([place]) => place !== "an import that is a URL");
    const bytes = await Promise.all(places.map(([, write]) => component(write("plain"))));
    const refusals = await Promise.all(bytes.map(refusalOf));
    expect(refusals.filter((refusal) => refusal?.message.includes("plain"))).toEqual([]);
  });

  for (const [place, write] of Object.entries(UNUSED_PLACES)) {
    it(`writes nothing into generated code of ${place}`, async () => {
      for (const payload of PAYLOADS) {
        const { code } = await transpileComponent("sha256:test", await component(write(payload)), 65_536);
        expect(code).not.toContain(MARKER);
      }
    });
  }

  it("in a whole engine", async () => {
    const engine = freshEngine();
    for (const place of ["the import of a core module", "the export of a core module"]) {
      for (const payload of PAYLOADS.slice(0, 2)) {
        await expect(engine.prepare(await component(PLACES[place]?.(payload) ?? ""))).rejects.toMatchObject({
          code: "ENGINE_UNSUPPORTED_COMPONENT",
          feature: expect.stringContaining("the core name"),
        });
      }
    }
    expect(MARKER in globalThis).toBe(false);
  });

  it("in a core module that jco writes, whatever the decoder made of the component", async () => {
    const module = await parse(`(module (func (export "${PAYLOADS[0]}")))`);
    expect(() => checkCoreModule(module, "core module", "written")).toThrow(UnsupportedComponentError);
  });
});

describe("names that toolchains use", () => {
  it("are none that is refused", async () => {
    const names = [
      "",
      "$root",
      "cabi_post_ns:pkg/iface@1.0.0#fn",
      "cm32p2|ns:pkg/iface@1|[method]thing.get",
      "[export]ns:pkg/iface@1.0.0-rc.1+build.5",
      "[resource-drop]output-stream",
      "_ZN4core3fmt9Formatter3new17h0123456789abcdefE",
      "_ZN50_$LT$T$u20$as$u20$core..convert..From$LT$T$GT$$GT$4from17hE",
      "~lib/array/Array<~lib/string/String>#get:length",
      "GOT.mem",
      "0",
    ];
    const exports = names.map((name) => `(func (export "${name}"))`).join("");
    const module = await parse(`(module ${exports})`);
    expect(() => checkCoreModule(module, "core module", "core")).not.toThrow();
  });
});

/** A component of these parts, in the binary format. */
function component(parts: string): Promise<Uint8Array> {
  return parse(`(component ${parts})`);
}

/** What the preparation says against a component, if anything. */
async function refusalOf(bytes: Uint8Array): Promise<Error | undefined> {
  try {
    await transpileComponent("sha256:test", bytes, 65_536);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
