import { describe, expect, it } from "vitest";
import { instrument } from "../../src/instrument/instrument.ts";
import { OperatorReader } from "../../src/instrument/operators.ts";
import { wasm } from "../../src/webassembly.ts";
import { unsigned } from "../../src/instrument/sections.ts";
import { ByteReader } from "../../src/wit/byte-reader.ts";

/*
 * V8 says what is an operator: behind `unreachable`, where any operands are there, a function may hold any one operator with the
 * right immediates. Each that V8 takes has to be read by the rewriter with the same length.
 */

/** Types: a function, a struct and an array, and both packed; an import, a function, a table, a memory, a tag, a global, segments of both kinds. */
const MODULE: readonly (readonly number[])[] = [
  [1, 5, 0x60, 0, 0, 0x5f, 1, 0x7f, 1, 0x5e, 0x7f, 1, 0x5f, 1, 0x78, 1, 0x5e, 0x78, 1],
  [2, 1, 1, 0x61, 1, 0x62, 0, 0],
  [3, 1, 0],
  [4, 1, 0x70, 0, 1],
  [5, 1, 0, 1],
  [13, 1, 0, 0],
  [6, 1, 0x7f, 1, 0x41, 0, 0x0b],
  [9, 2, 1, 0, 1, 0, 3, 0, 1, 1],
  [12, 1],
];
const DATA = [11, 1, 1, 1, 0];

/** What may follow an operator: nothing, indices, types, lanes, memory arguments, constants, clauses. */
const IMMEDIATES: readonly (readonly number[])[] = [
  [],
  ...[0, 1, 2, 3, 4, 0x40, 0x70].map((byte) => [byte]),
  ...[0, 1, 2, 3, 4].flatMap((first) => [0, 1, 2].map((second) => [first, second])),
  [0x40, 0],
  [1, 0x7f],
  [0, 0, 0],
  [0x40, 0, 0],
  [0, 0, 0x6e, 0x6e],
  [3, 0, 0x6e, 0x6e],
  ...[4, 8, 16].map((length) => Array.from({ length }, () => 0)),
];

/** What comes behind it: blocks, so that no operator can take any of it for its own immediates and leave a valid function. */
const DEPTH = 9;
const REST = [
  ...Array.from({ length: DEPTH }, () => [0x02, 0x40]).flat(),
  0x00,
  ...Array.from({ length: DEPTH }, () => 0x0b),
  0x00,
];

/** Those that open a block need its end. */
const ENDS: readonly (readonly number[])[] = [[], [0x0b], [0x19, 0x0b], [0x18, 0x00]];

const PREFIXES = [0xfb, 0xfc, 0xfd, 0xfe];
const NUMBERS_BEHIND_A_PREFIX = 0x140;

function section([id = 0, ...body]: readonly number[]): number[] {
  return [id, body.length, ...body];
}

function moduleWith(operator: readonly number[], ends: readonly number[]): Uint8Array {
  const body = [1, 1, 0x7f, 0x00, ...operator, ...REST, ...ends, ...(ends.length > 0 ? [0x00] : []), 0x0b];
  const code = section([10, 1, body.length, ...body]);
  return Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...MODULE.flatMap(section), ...code, ...section(DATA));
}

function isOperator(operator: readonly number[]): boolean {
  return ENDS.some((ends) => wasm.validate(moduleWith(operator, ends)));
}

/** The encodings of an operator that V8 takes, among those tried. What goes on behind a whole one is another operator. */
function encodingsOf(operator: readonly number[]): (readonly number[])[] {
  const whole: (readonly number[])[] = [];
  for (const immediates of IMMEDIATES) {
    const isLonger = whole.some((shorter) => shorter.every((byte, at) => byte === [...operator, ...immediates][at]));
    if (!isLonger && isOperator([...operator, ...immediates])) whole.push([...operator, ...immediates]);
  }
  return whole;
}

/** Every operator there could be. `end` and what divides a block are none by themselves. */
function possibleOperators(): (readonly number[])[] {
  const plain = Array.from({ length: 0x100 }, (_, opcode) => opcode).filter(
    (opcode) => !PREFIXES.includes(opcode) && ![0x05, 0x07, 0x0b, 0x18, 0x19].includes(opcode),
  );
  const prefixed = PREFIXES.flatMap((prefix) =>
    Array.from({ length: NUMBERS_BEHIND_A_PREFIX }, (_, number) => [prefix, ...unsigned(number)]),
  );
  return [...plain.map((opcode) => [opcode]), ...prefixed];
}

const found = possibleOperators().flatMap(encodingsOf);
const encoded = (operator: readonly number[]): string => operator.map((byte) => byte.toString(16)).join(" ");

/** How many different operators there are behind a prefix, or without one. */
function countOf(prefix: number | undefined): number {
  const some = found.filter(([first = 0]) => (prefix === undefined ? !PREFIXES.includes(first) : first === prefix));
  return new Set(
    some.map((operator) => (prefix === undefined ? operator[0] : new ByteReader(Uint8Array.from(operator), 1).u32())),
  ).size;
}

describe("an operator that V8 knows", () => {
  it("is one of many: almost all there are were found", () => {
    expect(countOf(undefined)).toBeGreaterThanOrEqual(193);
    expect(PREFIXES.map(countOf)).toEqual([expect.any(Number), 18, 256, 67]);
    expect(countOf(0xfb)).toBeGreaterThanOrEqual(25);
  });

  it("is read with all that follows it", () => {
    const wrong = found.filter((operator) => {
      const operators = new OperatorReader(new ByteReader(Uint8Array.of(...operator, ...REST)));
      operators.next();
      return operators.end !== operator.length;
    });
    expect(wrong.map(encoded)).toEqual([]);
  });

  it("is instrumented", () => {
    const wrong = found.filter((operator) => {
      const module = ENDS.map((ends) => moduleWith(operator, ends)).find(wasm.validate);
      return module === undefined || !wasm.validate(instrument(module).bytes);
    });
    expect(wrong.map(encoded)).toEqual([]);
  });
});
