import { UnsupportedComponentError } from "../errors.ts";
import type { ByteReader } from "../wit/byte-reader.ts";

/*
 * What follows each operator of today's WebAssembly: enough to walk over code. Each letter is one immediate:
 * i an index, n another number in LEB128, l a label, L a table of labels, m a memory argument, t a block type, v a vector of value
 * types, C the catch clauses of try_table, h a heap type, and a digit that many bytes.
 */
type Immediates = string;

type Range = readonly [first: number, last: number, immediates: Immediates];

const PLAIN: readonly Range[] = [
  [0x00, 0x01, ""],
  [0x02, 0x04, "t"],
  [0x05, 0x05, ""],
  [0x06, 0x06, "t"],
  [0x07, 0x08, "i"],
  [0x09, 0x09, "l"],
  [0x0a, 0x0b, ""],
  [0x0c, 0x0d, "l"],
  [0x0e, 0x0e, "L"],
  [0x0f, 0x0f, ""],
  [0x10, 0x10, "i"],
  [0x11, 0x11, "ii"],
  [0x12, 0x12, "i"],
  [0x13, 0x13, "ii"],
  [0x14, 0x15, "i"],
  [0x18, 0x18, "l"],
  [0x19, 0x1b, ""],
  [0x1c, 0x1c, "v"],
  [0x1f, 0x1f, "tC"],
  [0x20, 0x26, "i"],
  [0x28, 0x3e, "m"],
  [0x3f, 0x40, "i"],
  [0x41, 0x42, "n"],
  [0x43, 0x43, "4"],
  [0x44, 0x44, "8"],
  [0x45, 0xc4, ""],
  [0xd0, 0xd0, "h"],
  [0xd1, 0xd1, ""],
  [0xd2, 0xd2, "i"],
  [0xd3, 0xd4, ""],
  [0xd5, 0xd6, "l"],
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
  [24, 25, "1lhh"],
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

/**
 * Reads one operator after the other. Of each it keeps what the rewriter needs: the operator, its first two indices, and the
 * labels it may branch to.
 */
export class OperatorReader {
  readonly #reader: ByteReader;
  /** Where the current operator begins, and where it ends. */
  start = 0;
  end = 0;
  /** Operators behind a prefix byte are `prefix << 16 | number`. */
  opcode = 0;
  index = 0;
  secondIndex = 0;
  labels: readonly number[] = [];

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** Moves past one operator and returns it. */
  next(): number {
    const reader = this.#reader;
    this.start = reader.offset;
    const first = reader.byte();
    const plain = PLAIN_BY_OPCODE[first];
    this.opcode = first;
    if (plain === undefined) this.#prefixed(first);
    else if (plain !== "") this.#immediates(plain);
    this.end = reader.offset;
    return this.opcode;
  }

  #prefixed(prefix: number): void {
    const ranges = PREFIXED.get(prefix);
    if (ranges === undefined) throw new UnsupportedComponentError(`the unknown operator 0x${prefix.toString(16)}`);
    const number = this.#reader.u32();
    const immediates = lookUp(ranges, number);
    if (immediates === undefined) {
      throw new UnsupportedComponentError(`the unknown operator 0x${prefix.toString(16)} ${number}`);
    }
    this.opcode = (prefix << 16) | number;
    this.#immediates(immediates);
  }

  #immediates(immediates: Immediates): void {
    const reader = this.#reader;
    let indices = 0;
    for (const immediate of immediates) {
      if (immediate === "i") {
        const index = reader.u32();
        if (indices === 0) this.index = index;
        else this.secondIndex = index;
        indices += 1;
      } else if (immediate === "l") this.labels = [reader.u32()];
      else if (immediate === "L") this.labels = [...reader.vector(() => reader.u32()), reader.u32()];
      else if (immediate === "C") this.labels = reader.vector(() => readCatch(reader));
      else skipImmediate(reader, immediate);
    }
  }
}

function skipImmediate(reader: ByteReader, immediate: string): void {
  switch (immediate) {
    case "n":
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
    default:
      reader.skip(Number(immediate));
  }
}

const HAS_MEMORY_INDEX = 0x40;

/** Two kinds of catch clause name a tag, two do not; each names a label. */
function readCatch(reader: ByteReader): number {
  if (reader.byte() <= 1) skipNumber(reader);
  return reader.u32();
}

const V128 = 0x7b;
const REFERENCE = 0x64;
const NULLABLE_REFERENCE = 0x63;

/**
 * Moves past a value type, a packed field type or a block type: those are one byte, an index, or a reference with its heap type.
 * Returns the words of stack that a value of it takes.
 */
export function skipValueType(reader: ByteReader): number {
  const first = reader.peek();
  skipNumber(reader);
  if (first === REFERENCE || first === NULLABLE_REFERENCE) skipNumber(reader);
  return first === V128 ? 2 : 1;
}

export function skipNumber(reader: ByteReader): void {
  while (reader.byte() >= 0x80);
}
