import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { unsigned } from "../../src/instrument/sections.ts";
import { doubled, doubledType } from "../doubled.ts";
import type { Attack } from "./attack.ts";
import { bytes, componentOf, coreModule, customSection, repeated, section, sectionOf, sized } from "./binary.ts";

/*
 * Attacks by what a component is, on those who prepare, load and instantiate it. What is merely large is taken.
 */

type Ending = Pick<Attack, "ends" | "error" | "limits">;

const UNSUPPORTED: Ending = { ends: "ENGINE_UNSUPPORTED_COMPONENT" };
const HARMLESS: Ending = { ends: "answer" };

const END = 0x0b;
const BLOCK = [0x02, 0x40];
const TYPES = section(1, [1, 0x60, 0, 0]);

/** A component of one function with this body. */
function ofBody(...body: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return componentOf(coreModule(TYPES, section(3, [1, 0]), section(10, [1], sized(bytes(...body)))));
}

/** A component of an empty function and these sections: those before its code, and those behind it. */
function ofSections(before: readonly Uint8Array[], behind: readonly Uint8Array[] = []): Uint8Array {
  return componentOf(coreModule(TYPES, section(3, [1, 0]), ...before, section(10, [1, 2, 0, END]), ...behind));
}

/** An install of bytes that are made when they are needed. */
const made = (name: string, make: () => Uint8Array, ending: Ending): Attack => ({
  name,
  guest: async () => make(),
  ...ending,
});
const written = (name: string, text: string, ending: Ending): Attack => ({ name, guest: () => parse(text), ...ending });

/** A `name` section with the names of functions. */
function nameSection(names: Uint8Array): Uint8Array {
  return customSection("name", bytes([1], sized(names)));
}

const large: readonly Attack[] = [
  made(
    "is larger than what is looked at",
    () => componentOf(coreModule(customSection("much", new Uint8Array(65 * 2 ** 20)))),
    {
      ends: "ENGINE_COMPONENT_TOO_LARGE",
    },
  ),
  made(
    "is fifty megabytes of nothing",
    () => ofSections([], [customSection("much", new Uint8Array(50_000_000))]),
    HARMLESS,
  ),
  made(
    "is fifteen megabytes of code",
    () => {
      const body = sized(bytes([0], repeated(500_000, [0x41, 0, 0x1a]), [END]));
      return componentOf(coreModule(TYPES, sectionOf(3, 10, [0]), section(10, [10], repeated(10, body))));
    },
    HARMLESS,
  ),
  made(
    "has a hundred thousand functions",
    () => componentOf(coreModule(TYPES, sectionOf(3, 100_000, [0]), sectionOf(10, 100_000, [2, 0, END]))),
    { ends: "ENGINE_TOO_MANY_FUNCTIONS" },
  ),
  made(
    "has a hundred thousand custom sections",
    () => ofSections([], [repeated(100_000, customSection("x"))]),
    HARMLESS,
  ),
  made(
    "has a name of five megabytes",
    () => ofSections([], [nameSection(bytes([1, 0], sized(repeated(5_000_000, [0x6e]))))]),
    HARMLESS,
  ),
  made(
    "has a million names",
    () => ofSections([], [nameSection(bytes(unsigned(1_000_000), repeated(1_000_000, [0, 1, 0x61])))]),
    HARMLESS,
  ),
  made(
    "has names that end in the middle",
    () => ofSections([], [customSection("name", [1, 0xff, 0xff, 0xff, 0xff, 0x0f])]),
    HARMLESS,
  ),
  made("has a hundred thousand globals", () => ofSections([sectionOf(6, 100_000, [0x7f, 1, 0x41, 0, END])]), HARMLESS),
  made(
    "has a hundred thousand data segments",
    () => ofSections([section(5, [1, 0, 1])], [sectionOf(11, 99_000, [0, 0x41, 0, END, 0])]),
    HARMLESS,
  ),
  made(
    "has a million segments of elements",
    () => ofSections([section(4, [1, 0x70, 0, 1]), sectionOf(9, 1_000_000, [0, 0x41, 0, END, 1, 0])]),
    { ends: "ENGINE_CORRUPT_COMPONENT" },
  ),
];

const deep: readonly Attack[] = [
  made(
    "nests blocks fifty thousand deep",
    () => ofBody([0], repeated(50_000, BLOCK), repeated(50_000, [END]), [END]),
    HARMLESS,
  ),
  made(
    "has tables of branches with six million targets",
    () => {
      const table = bytes([0x41, 0, 0x0e], unsigned(65_000), repeated(65_001, [0]));
      return ofBody([0], BLOCK, repeated(100, table), [END, END]);
    },
    HARMLESS,
  ),
  made("has fifty thousand locals", () => ofBody([1], unsigned(50_000), [0x7f, END]), HARMLESS),
  made(
    "has more locals than there can be",
    () => ofBody([2], unsigned(2 ** 32 - 1), [0x7f], unsigned(2 ** 32 - 1), [0x7f, END]),
    {
      ends: "ENGINE_CORRUPT_COMPONENT",
    },
  ),
  made(
    "has fifty thousand locals wherever its ways meet",
    () => ofBody([1], unsigned(50_000), [0x7f], repeated(1_000, [0x41, 0, 0x04, 0x40, END]), [END]),
    UNSUPPORTED,
  ),
  made(
    "has half a million types in one",
    () => componentOf(coreModule(section(1, [1, 0x4e], unsigned(500_000), repeated(500_000, [0x50, 0, 0x60, 0, 0])))),
    UNSUPPORTED,
  ),
  // What V8 runs and jco does not.
  written("handles exceptions as of old", "(component (core module (func try catch_all end)))", {
    ends: "ENGINE_PREPARATION_FAILED",
    error: { failure: "rejected" },
  }),
  written("nests components a hundred deep", `${"(component ".repeat(100)}${")".repeat(100)}`, UNSUPPORTED),
  written("has a type that is nested five thousand deep", deepType(5_000), { ends: "ENGINE_CORRUPT_COMPONENT" }),
  written("has a type of a hundred thousand parts", doubledType(16), UNSUPPORTED),
  written(
    "has ten thousand instances in a kilobyte",
    doubled(13, "(core module $m (func)) (core instance (instantiate $m))"),
    UNSUPPORTED,
  ),
  written(
    "has ten thousand memories in a kilobyte",
    doubled(9, "(core module $m (memory 0)) (core instance (instantiate $m))"),
    UNSUPPORTED,
  ),
];

function deepType(depth: number): string {
  const types = Array.from({ length: depth }, (_, level) => `(type $t${level + 1} (list $t${level}))`).join(" ");
  return `(component (import "f" (func)) (type $t0 (list u8)) ${types} (type (func (param "x" $t${depth}))))`;
}

const escape = "'); globalThis.escaped = true; ('";

const names: readonly Attack[] = [
  written("breaks out of code by the name of a core import", withImport(escape), UNSUPPORTED),
  written("breaks out of code by the name of a core export", withExport(escape), UNSUPPORTED),
  written("breaks out of a template by a name", withExport("${globalThis.escaped = true}"), UNSUPPORTED),
  written("takes the names that all objects have", withExport("__proto__"), HARMLESS),
  written("imports from what all objects have", withImport("constructor"), HARMLESS),
  written(
    "looks like a promise",
    `(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
    (func (export "then") (canon lift (core func $i "f"))))`,
    HARMLESS,
  ),
];

function withImport(name: string): string {
  return `(component (core module $l (func (export "f"))) (core instance $li (instantiate $l))
    (core module $m (import "${name}" "f" (func))) (core instance (instantiate $m (with "${name}" (instance $li)))))`;
}

function withExport(name: string): string {
  return `(component (core module $m (func (export "${name}"))) (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "${name}"))))`;
}

export const INSTALL_ATTACKS: readonly Attack[] = [...large, ...deep, ...names];
