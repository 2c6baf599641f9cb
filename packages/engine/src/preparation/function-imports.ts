import { readSections, SECTION } from "../instrument/sections.ts";
import type { GateType } from "../suspension/gate-module.ts";
import { ByteReader } from "../wit/byte-reader.ts";

/** A function that a core module imports, of a type that functions of the host can have. */
export interface FunctionImport {
  readonly module: string;
  readonly name: string;
  readonly type: GateType;
}

const FORM = { rec: 0x4e, finalSub: 0x4f, sub: 0x50, function: 0x60 } as const;
const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

/** The value types that are numbers; the host's functions take and return nothing else. */
const NUMBERS: ReadonlySet<number> = new Set([0x7f, 0x7e, 0x7d, 0x7c]);

const NULLABLE_REFERENCE = 0x63;
const REFERENCE = 0x64;

/** Limits of a table or memory: the bit that says that a maximum follows. */
const HAS_MAXIMUM = 1;

/** The functions that a rewritten core module imports, as far as the host may provide them. */
export function functionImports(module: Uint8Array): readonly FunctionImport[] {
  const sections = readSections(module);
  const bodyOf = (id: number): ByteReader =>
    new ByteReader(sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0));
  const types: (GateType | undefined)[] = [];
  const typeReader = bodyOf(SECTION.type);
  typeReader.vector(() => readType(typeReader, types));
  const reader = bodyOf(SECTION.import);
  return reader.vector(() => readImport(reader, types)).filter((entry) => entry !== undefined);
}

function readType(reader: ByteReader, types: (GateType | undefined)[]): void {
  const form = reader.byte();
  switch (form) {
    case FORM.rec:
      reader.vector(() => readType(reader, types));
      break;
    case FORM.sub:
    case FORM.finalSub:
      reader.vector(() => reader.u32());
      readType(reader, types);
      break;
    default:
      types.push(readFunctionType(reader));
  }
}

function readFunctionType(reader: ByteReader): GateType | undefined {
  const parameters = reader.vector(() => readValueType(reader));
  const results = reader.vector(() => readValueType(reader));
  const isOfNumbers = [...parameters, ...results].every((type) => NUMBERS.has(type));
  return isOfNumbers && results.length <= 1 ? { parameters, results } : undefined;
}

/** The first byte of a value type. That of a reference may be followed by its heap type, a number. */
function readValueType(reader: ByteReader): number {
  const type = reader.byte();
  if (type === REFERENCE || type === NULLABLE_REFERENCE) while (reader.byte() >= 0x80);
  return type;
}

function readImport(reader: ByteReader, types: readonly (GateType | undefined)[]): FunctionImport | undefined {
  const module = reader.name();
  const name = reader.name();
  switch (reader.byte()) {
    case KIND.function: {
      const type = types[reader.u32()];
      return type && { module, name, type };
    }
    case KIND.table:
      readValueType(reader);
      readLimits(reader);
      break;
    case KIND.memory:
      readLimits(reader);
      break;
    case KIND.global:
      readValueType(reader);
      reader.byte();
      break;
    case KIND.tag:
      reader.byte();
      reader.u32();
      break;
  }
  return undefined;
}

function readLimits(reader: ByteReader): void {
  const flags = reader.byte();
  reader.u32();
  if ((flags & HAS_MAXIMUM) !== 0) reader.u32();
}
