import { ByteReader } from "../wit/byte-reader.ts";
import type { FunctionSignature } from "./added-types.ts";
import { type IndexShift, shiftSection } from "./index-shift.ts";
import { type FunctionType, type ModuleShape, readLocals } from "./module-shape.ts";
import { OPCODE } from "./opcodes.ts";
import { OperatorReader } from "./operators.ts";
import { SECTION, type Section } from "./sections.ts";

/*
 * A function that only other functions of its module call, by its name, gets fuel and stack handed in registers and hands the fuel back: it
 * need not look for them in globals, nor do those that call it. What may be called from elsewhere keeps its type. Of one that is exported
 * and called inside there are two: itself, and a wrapper for outside.
 */

const I32 = 0x7f;
const I64 = 0x7e;

/** The parameters that are added: the fuel, and the level of the stack. The result that is added is the fuel. */
export const HANDED_VALUES = 2;

/** As many as V8 takes, less what the rewriter adds. */
const MOST = { parameters: 1_000 - HANDED_VALUES, results: 1_000 - 1, locals: 50_000 - HANDED_VALUES - 1 } as const;

export interface HandedFunctions {
  /** Whether it is handed fuel and stack, by its index in the module as it came. */
  readonly has: (index: number) => boolean;
  /** Those of them that are exported or the start function, in the order of their wrappers. */
  readonly wrapped: readonly number[];
}

export function handedFunctions(sections: readonly Section[], shape: ModuleShape): HandedFunctions {
  const [mentioned, entered] = [new Set<number>(), new Set<number>()];
  for (const section of sections) {
    if (section.id === SECTION.export || section.id === SECTION.start) note(section, entered);
    else if (MENTIONING.has(section.id)) note(section, mentioned);
  }
  const code = sections.find(({ id }) => id === SECTION.code)?.body ?? Uint8Array.of(0);
  const { called, fixed } = readCalls(code, shape);
  const has = (index: number): boolean => called.has(index) && !fixed.has(index) && !mentioned.has(index);
  return { has, wrapped: [...entered].filter(has).toSorted((one, other) => one - other) };
}

/** The type of a function that is handed fuel and stack. */
export function handedType({
  parameters,
  encodedParameters,
  results,
  encodedResults,
}: FunctionType): FunctionSignature {
  return {
    parameters: parameters + HANDED_VALUES,
    encodedParameters: Uint8Array.of(...encodedParameters, I64, I32),
    results: results + 1,
    encodedResults: Uint8Array.of(...encodedResults, I64),
  };
}

/** Sections that take references to functions. Code may take those of exported ones too. */
const MENTIONING: ReadonlySet<number> = new Set([SECTION.table, SECTION.global, SECTION.element]);

function note(section: Section, functions: Set<number>): void {
  const noting: IndexShift = {
    function: (index) => {
      functions.add(index);
      return index;
    },
    global: (index) => index,
  };
  shiftSection(section, noting);
}

/** The functions that are called by their name, and those whose type has to stay for what they are or how they call. */
function readCalls(code: Uint8Array, shape: ModuleShape): { called: Set<number>; fixed: Set<number> } {
  const [called, fixed] = [new Set<number>(), new Set<number>()];
  const reader = new ByteReader(code);
  const operators = new OperatorReader(reader);
  for (let left = reader.u32(), index = shape.importedFunctions; left > 0; left -= 1, index += 1) {
    const end = reader.u32() + reader.offset;
    if (isTooLarge(shape, index, readLocals(reader).count)) fixed.add(index);
    while (reader.offset < end) {
      switch (operators.next()) {
        case OPCODE.call:
          if (operators.index >= shape.importedFunctions) called.add(operators.index);
          break;
        case OPCODE.returnCall:
          // Who calls at its end returns what the other returns: both have to return the same.
          fixed.add(index).add(operators.index);
          break;
        case OPCODE.refFunc:
          fixed.add(operators.index);
          break;
        case OPCODE.returnCallIndirect:
        case OPCODE.returnCallRef:
        case OPCODE.try:
        case OPCODE.tryTable:
          fixed.add(index);
          break;
        default:
      }
    }
  }
  return { called, fixed };
}

function isTooLarge(
  { types, importedFunctions, definedFunctions }: ModuleShape,
  index: number,
  locals: number,
): boolean {
  const type = types[definedFunctions[index - importedFunctions] ?? -1];
  if (type === undefined) return true;
  return type.parameters > MOST.parameters || type.results > MOST.results || type.parameters + locals > MOST.locals;
}
