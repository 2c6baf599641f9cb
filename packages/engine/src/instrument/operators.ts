import { UnsupportedComponentError } from "../errors.ts";
import type { ByteReader } from "../wit/byte-reader.ts";

/*
 * What follows each operator of today's WebAssembly: enough to walk over code. Each letter is one immediate:
 * i an index or other number in LEB128, m a memory argument, t a block type, v a vector of value types, T a table of labels,
 * C the catch clauses of try_table, h a heap type, and a digit that many bytes.
 */
type Immediates = string;

type Range = readonly [first: number, last: number, immediates: Immediates];

const PLAIN: readonly Range[] = [
  [0x00, 0x01, ""],
  [0x02, 0x04, "t"],
  [0x05, 0x05, ""],
  [0x06, 0x06, "t"],
  [0x07, 0x09, "i"],
  [0x0a, 0x0b, ""],
  [0x0c, 0x0d, "i"],
  [0x0e, 0x0e, "T"],
  [0x0f, 0x0f, ""],
  [0x10, 0x10, "i"],
  [0x11, 0x11, "ii"],
  [0x12, 0x12, "i"],
  [0x13, 0x13, "ii"],
  [0x14, 0x15, "i"],
  [0x18, 0x18, "i"],
  [0x19, 0x1b, ""],
  [0x1c, 0x1c, "v"],
  [0x1f, 0x1f, "tC"],
  [0x20, 0x26, "i"],
  [0x28, 0x3e, "m"],
  [0x3f, 0x42, "i"],
  [0x43, 0x43, "4"],
  [0x44, 0x44, "8"],
  [0x45, 0xc4, ""],
  [0xd0, 0xd0, "h"],
  [0xd1, 0xd1, ""],
  [0xd2, 0xd2, "i"],
  [0xd3, 0xd4, ""],
  [0xd5, 0xd6, "i"],
];

const GARBAGE_COLLECTION: readonly Range[] = [
  [0, 1, "i"],
  [2, 5, "ii"],
  [6, 7, "i"],
  [8, 10, "ii"],
  [11, 14, "i"],
  [15, 15, ""],
  [16, 16, "i"],
  [17, 19, "ii"],
  [20, 23, "h"],
  [24, 25, "1ihh"],
  [26, 30, ""],
];

const BULK: readonly Range[] = [
  [0, 7, ""],
  [8, 8, "ii"],
  [9, 9, "i"],
  [10, 10, "ii"],
  [11, 11, "i"],
  [12, 12, "ii"],
  [13, 13, "i"],
  [14, 14, "ii"],
  [15, 17, "i"],
  [19, 22, ""],
];

const VECTOR: readonly Range[] = [
  [0, 11, "m"],
  [12, 13, "88"],
  [14, 20, ""],
  [21, 34, "1"],
  [35, 83, ""],
  [84, 91, "m1"],
  [92, 93, "m"],
  [94, 0x113, ""],
];

const ATOMIC: readonly Range[] = [
  [0x00, 0x02, "m"],
  [0x03, 0x03, "1"],
  [0x10, 0x4e, "m"],
];

const PREFIXED: ReadonlyMap<number, readonly Range[]> = new Map([
  [0xfb, GARBAGE_COLLECTION],
  [0xfc, BULK],
  [0xfd, VECTOR],
  [0xfe, ATOMIC],
]);

const PLAIN_BY_OPCODE: readonly (Immediates | undefined)[] = Array.from({ length: 256 }, (_, opcode) =>
  lookUp(PLAIN, opcode),
);

function lookUp(ranges: readonly Range[], opcode: number): Immediates | undefined {
  return ranges.find(([first, last]) => opcode >= first && opcode <= last)?.[2];
}

/** Moves past one operator and returns its first byte. */
export function skipOperator(reader: ByteReader): number {
  const opcode = reader.byte();
  const plain = PLAIN_BY_OPCODE[opcode];
  if (plain === "") return opcode;
  if (plain !== undefined) {
    skipImmediates(reader, plain);
    return opcode;
  }
  const ranges = PREFIXED.get(opcode);
  const suboperator = ranges === undefined ? undefined : reader.u32();
  const immediates = ranges === undefined || suboperator === undefined ? undefined : lookUp(ranges, suboperator);
  if (immediates === undefined) {
    const name = suboperator === undefined ? opcode.toString(16) : `${opcode.toString(16)} ${suboperator}`;
    throw new UnsupportedComponentError(`the unknown operator 0x${name}`);
  }
  skipImmediates(reader, immediates);
  return opcode;
}

function skipImmediates(reader: ByteReader, immediates: Immediates): void {
  for (const immediate of immediates) skipImmediate(reader, immediate);
}

function skipImmediate(reader: ByteReader, immediate: string): void {
  switch (immediate) {
    case "i":
    case "h":
      skipNumber(reader);
      break;
    case "m":
      if ((reader.u32() & HAS_MEMORY_INDEX) !== 0) skipNumber(reader);
      skipNumber(reader);
      break;
    case "t":
      skipValueType(reader);
      break;
    case "v":
      reader.vector(() => skipValueType(reader));
      break;
    case "T":
      reader.vector(() => skipNumber(reader));
      skipNumber(reader);
      break;
    case "C":
      reader.vector(() => skipCatch(reader));
      break;
    default:
      reader.skip(Number(immediate));
  }
}

const HAS_MEMORY_INDEX = 0x40;

/** Two kinds of catch clause name a tag, two do not; each names a label. */
function skipCatch(reader: ByteReader): void {
  if (reader.byte() <= 1) skipNumber(reader);
  skipNumber(reader);
}

/** A value type, or a block type: those are one byte, an index, or a reference with its heap type. */
function skipValueType(reader: ByteReader): void {
  const first = reader.peek();
  skipNumber(reader);
  if (first === 0x63 || first === 0x64) skipNumber(reader);
}

function skipNumber(reader: ByteReader): void {
  while (reader.byte() >= 0x80);
}

/** Moves past the declarations of locals at the head of a function body. */
export function skipLocals(reader: ByteReader): void {
  reader.vector(() => {
    skipNumber(reader);
    skipValueType(reader);
  });
}
