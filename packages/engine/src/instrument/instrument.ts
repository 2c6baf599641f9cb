import { CorruptComponentError } from "../errors.ts";
import { wasm } from "../webassembly.ts";
import { AddedTypes } from "./added-types.ts";
import { rewriteCode } from "./code-section.ts";
import type { AddedIndices } from "./function-emission.ts";
import { handedFunctions, handedType } from "./handed-functions.ts";
import { type IndexShift, shiftSection } from "./index-shift.ts";
import { importMemories, type MemoryDeclaration } from "./memory-import.ts";
import { EXTERNAL_KIND, type ModuleShape, readShape } from "./module-shape.ts";
import { functionNames } from "./name-section.ts";
import { EXHAUSTED_IMPORT, PROVIDED_GLOBALS, RESERVED_NAMESPACE } from "./provided-imports.ts";
import {
  appendTo,
  concatenate,
  encodeName,
  readSections,
  SECTION,
  type Section,
  unsigned,
  withSection,
  writeSections,
} from "./sections.ts";

/*
 * Rewrites a core module so that the host can bound what it uses: every operator costs fuel, nested calls are counted against the
 * stack, growing memories and tables is watched, and the host creates the memories. Results and traps stay as they were.
 */

export interface InstrumentedModule {
  readonly bytes: Uint8Array;
  /** The memories that the host has to create. */
  readonly memories: readonly MemoryDeclaration[];
  /** The elements that the module's tables have from the start. */
  readonly tableElements: number;
}

const I64 = 0x7e;
const NONE = new Uint8Array();

/** A mutable global of type externref with null in it. V8 cannot know that it stays so. */
const NOTHING = Uint8Array.of(0x6f, 0x01, 0xd0, 0x6f, 0x0b);

const MUTABLE = 1;

/** Throws CorruptComponentError for a module that is not valid, and UnsupportedComponentError for what the engine does not run. */
export function instrument(module: Uint8Array): InstrumentedModule {
  if (!wasm.validate(module)) throw new CorruptComponentError("a core module is not valid");
  const [custom, known] = partition(readSections(module));
  const shape = readShape(known);
  const { sections, memories } = importMemories(known);
  const metered = shape.definedFunctions.length === 0 ? sections : addMeter(sections, shape, custom);
  return { bytes: writeSections(module, metered), memories, tableElements: shape.tableElements };
}

/** Adds imports, types and a function behind those that are there, and rewrites everything that mentions what moved up. */
function addMeter(sections: readonly Section[], shape: ModuleShape, custom: readonly Section[]): readonly Section[] {
  const globals = Object.values(PROVIDED_GLOBALS);
  const exhausted = shape.importedFunctions;
  const shift: IndexShift = {
    function: (index) => (index < shape.importedFunctions ? index : index + 1),
    global: (index) => (index < shape.importedGlobals ? index : index + globals.length),
  };
  const indexOf = (name: keyof typeof PROVIDED_GLOBALS): number =>
    shape.importedGlobals + globals.indexOf(PROVIDED_GLOBALS[name]);
  const added: AddedIndices = {
    fuel: indexOf("fuel"),
    stack: indexOf("stack"),
    memoryGrowth: indexOf("memoryGrowth"),
    tableRoom: indexOf("tableRoom"),
    tableRequest: indexOf("tableRequest"),
    nothing: shape.importedGlobals + globals.length + shape.definedGlobals,
    refuel: exhausted + 1 + shape.definedFunctions.length,
  };
  const types = new AddedTypes(shape.types.length);
  const none = { parameters: 0, encodedParameters: NONE, results: 0, encodedResults: NONE };
  const exhaustedType = types.functionType(none);
  const fuel = Uint8Array.of(I64);
  const refuelType = types.functionType({ parameters: 1, encodedParameters: fuel, results: 1, encodedResults: fuel });
  const handed = handedFunctions(sections, shape);
  const wrappers = new Map(handed.wrapped.map((index, place) => [index, added.refuel + 1 + place]));
  const fromOutside: IndexShift = { ...shift, function: (index) => wrappers.get(index) ?? shift.function(index) };
  const bodyOf = (id: number): Uint8Array => sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0);
  const { code, branchHints } = rewriteCode(bodyOf(SECTION.code), { shape, shift, types, added, handed, exhausted });

  const ownTypes = shape.definedFunctions.map((typeIndex, index) => {
    const type = handed.has(shape.importedFunctions + index) ? shape.types[typeIndex] : undefined;
    return type === undefined ? typeIndex : types.functionType(handedType(type));
  });
  const wrapperTypes = handed.wrapped.map((index) => shape.definedFunctions[index - shape.importedFunctions] ?? 0);

  const imports = [
    ...globals.map(({ importName, valueType }) =>
      encodeImport(importName, EXTERNAL_KIND.global, Uint8Array.of(valueType, MUTABLE)),
    ),
    encodeImport(EXHAUSTED_IMPORT, EXTERNAL_KIND.function, Uint8Array.from(unsigned(exhaustedType))),
  ];
  const shifted = sections.map((section) => shiftSection(section, ENTERED.has(section.id) ? fromOutside : shift));
  const shiftedGlobals = shifted.find(({ id }) => id === SECTION.global)?.body ?? Uint8Array.of(0);
  const changed: readonly Section[] = [
    { id: SECTION.global, body: appendTo(shiftedGlobals, [NOTHING]) },
    { id: SECTION.type, body: appendTo(bodyOf(SECTION.type), types.encoded) },
    { id: SECTION.import, body: appendTo(bodyOf(SECTION.import), imports) },
    { id: SECTION.function, body: encodeFunctions([...ownTypes, refuelType, ...wrapperTypes]) },
    { id: SECTION.code, body: code },
  ];
  const whole = changed.reduce<readonly Section[]>(withSection, shifted);
  const codeAt = whole.findIndex(({ id }) => id === SECTION.code);
  const hinted = whole.toSpliced(codeAt, 0, { id: SECTION.custom, body: branchHints });
  return [...hinted, ...functionNames(custom, shift)];
}

/** The sections by which functions are called from outside. */
const ENTERED: ReadonlySet<number> = new Set([SECTION.export, SECTION.start]);

function encodeFunctions(types: readonly number[]): Uint8Array {
  return concatenate([types.length, ...types].map((number) => Uint8Array.from(unsigned(number))));
}

/** The custom sections, and the others: the rest of a module means nothing to those, except its names. */
function partition(sections: readonly Section[]): readonly [custom: Section[], known: Section[]] {
  const custom: Section[] = [];
  const known: Section[] = [];
  for (const section of sections) (section.id === SECTION.custom ? custom : known).push(section);
  return [custom, known];
}

function encodeImport(name: string, kind: number, type: Uint8Array): Uint8Array {
  return concatenate([encodeName(RESERVED_NAMESPACE), encodeName(name), Uint8Array.of(kind), type]);
}
