import { UnsupportedComponentError } from "../errors.ts";
import { ByteReader } from "../wit/byte-reader.ts";
import { OPCODE } from "./opcodes.ts";
import { OperatorReader, skipValueType } from "./operators.ts";
import { SECTION, type Section } from "./sections.ts";

/** A function type, as far as a rewriter of its bodies needs it. */
export interface FunctionType {
  readonly parameters: number;
  /** The value types of the parameters, as in the module. */
  readonly encodedParameters: Uint8Array;
  /** The words of stack that the parameters take. */
  readonly parameterWords: number;
  readonly results: number;
  /** The value types of the results, as in the module. */
  readonly encodedResults: Uint8Array;
}

/** What has to be known of a core module to rewrite its code. */
export interface ModuleShape {
  /** By type index; undefined for types of other things than functions. */
  readonly types: readonly (FunctionType | undefined)[];
  /** The groups in the type section, which is what its count counts. */
  readonly typeGroups: number;
  readonly importedFunctions: number;
  readonly importedGlobals: number;
  readonly definedGlobals: number;
  /** The type index of each function that the module defines. */
  readonly definedFunctions: readonly number[];
  /** The elements that its own tables have from the start. */
  readonly tableElements: number;
  /** Whether its functions may throw exceptions to each other. */
  readonly hasTags: boolean;
}

export const EXTERNAL_KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

/** The parts of a module without an import or section of a kind that is not known. */
export function readShape(sections: readonly Section[]): ModuleShape {
  const bodyOf = (id: number): ByteReader =>
    new ByteReader(sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0));
  const types: (FunctionType | undefined)[] = [];
  const typeReader = bodyOf(SECTION.type);
  const typeGroups = typeReader.vector(() => readTypeGroup(typeReader, types)).length;
  const importReader = bodyOf(SECTION.import);
  const imports = importReader.vector(() => readImport(importReader));
  const functionReader = bodyOf(SECTION.function);
  const tableReader = bodyOf(SECTION.table);
  const sizes = tableReader.vector(() => readTable(tableReader));
  return {
    types,
    typeGroups,
    importedFunctions: imports.filter((kind) => kind === EXTERNAL_KIND.function).length,
    importedGlobals: imports.filter((kind) => kind === EXTERNAL_KIND.global).length,
    definedGlobals: bodyOf(SECTION.global).u32(),
    definedFunctions: functionReader.vector(() => functionReader.u32()),
    tableElements: sizes.reduce((sum, size) => sum + size, 0),
    hasTags: imports.includes(EXTERNAL_KIND.tag) || bodyOf(SECTION.tag).u32() > 0,
  };
}

const TYPE_FORM = { array: 0x5e, struct: 0x5f, function: 0x60, rec: 0x4e, sub: 0x50, finalSub: 0x4f } as const;

function readTypeGroup(reader: ByteReader, types: (FunctionType | undefined)[]): void {
  if (reader.peek() !== TYPE_FORM.rec) {
    types.push(readType(reader));
    return;
  }
  reader.byte();
  reader.vector(() => types.push(readType(reader)));
}

function readType(reader: ByteReader): FunctionType | undefined {
  const form = reader.byte();
  switch (form) {
    case TYPE_FORM.sub:
    case TYPE_FORM.finalSub:
      reader.vector(() => reader.u32());
      return readType(reader);
    case TYPE_FORM.function:
      return readFunctionType(reader);
    case TYPE_FORM.struct:
      reader.vector(() => skipField(reader));
      return undefined;
    case TYPE_FORM.array:
      skipField(reader);
      return undefined;
    default:
      throw new UnsupportedComponentError(`a core type of kind 0x${form.toString(16)}`);
  }
}

function readFunctionType(reader: ByteReader): FunctionType {
  const parameters = reader.u32();
  const parametersAt = reader.offset;
  const words = Array.from({ length: parameters }, () => skipValueType(reader));
  const encodedParameters = reader.bytes.subarray(parametersAt, reader.offset);
  const results = reader.u32();
  const start = reader.offset;
  for (let index = 0; index < results; index += 1) skipValueType(reader);
  return {
    parameters,
    encodedParameters,
    parameterWords: words.reduce((sum, each) => sum + each, 0),
    results,
    encodedResults: reader.bytes.subarray(start, reader.offset),
  };
}

function skipField(reader: ByteReader): void {
  skipValueType(reader);
  reader.byte();
}

/** Moves past an import and returns its kind. */
function readImport(reader: ByteReader): number {
  reader.name();
  reader.name();
  const kind = reader.byte();
  switch (kind) {
    case EXTERNAL_KIND.function:
      reader.u32();
      break;
    case EXTERNAL_KIND.table:
      skipValueType(reader);
      readLimits(reader, "table");
      break;
    case EXTERNAL_KIND.memory:
      readLimits(reader, "memory");
      break;
    case EXTERNAL_KIND.global:
      skipField(reader);
      break;
    case EXTERNAL_KIND.tag:
      reader.byte();
      reader.u32();
      break;
    default:
      throw new UnsupportedComponentError(`a core import of kind ${kind}`);
  }
  return kind;
}

const TABLE_WITH_INITIALIZER = 0x40;

/** Moves past a table and returns its initial size. */
function readTable(reader: ByteReader): number {
  const hasInitializer = reader.peek() === TABLE_WITH_INITIALIZER;
  if (hasInitializer) reader.skip(2);
  skipValueType(reader);
  const { initial } = readLimits(reader, "table");
  if (hasInitializer) skipConstant(reader);
  return initial;
}

const UNBOUNDED = 0;
const BOUNDED = 1;

/** The limits of a memory or table that is neither shared nor addressed with 64 bits. */
export function readLimits(
  reader: ByteReader,
  what: "memory" | "table",
): { readonly initial: number; readonly maximum?: number } {
  const kind = reader.byte();
  if (kind !== UNBOUNDED && kind !== BOUNDED) throw new UnsupportedComponentError(`a shared or 64-bit ${what}`);
  const initial = reader.u32();
  return kind === UNBOUNDED ? { initial } : { initial, maximum: reader.u32() };
}

function skipConstant(reader: ByteReader): void {
  const operators = new OperatorReader(reader);
  while (operators.next() !== OPCODE.end);
}

/** The locals that a function body declares. */
export interface Locals {
  /** The number of groups, and where the first of them begins. */
  readonly groups: number;
  readonly localsAt: number;
  readonly count: number;
  /** The words of stack that they take. */
  readonly words: number;
}

/** Moves past the declarations of locals at the head of a function body. */
export function readLocals(reader: ByteReader): Locals {
  const groups = reader.u32();
  const localsAt = reader.offset;
  let count = 0;
  let words = 0;
  for (let group = 0; group < groups; group += 1) {
    const declared = reader.u32();
    count += declared;
    words += declared * skipValueType(reader);
  }
  return { groups, localsAt, count, words };
}
