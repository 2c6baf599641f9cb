import {
  ELEMENTS_SHIFT,
  ENTRY_COST,
  LENGTH_SHIFT,
  operatorCost,
  PAGES_SHIFT,
} from "../../src/instrument/cost-table.ts";
import { ByteWriter } from "../../src/instrument/byte-writer.ts";
import { readLocals, readShape } from "../../src/instrument/module-shape.ts";
import { OPCODE } from "../../src/instrument/opcodes.ts";
import { OperatorReader } from "../../src/instrument/operators.ts";
import {
  appendTo,
  concatenate,
  encodeName,
  readSections,
  SECTION,
  unsigned,
  withSection,
  writeSections,
} from "../../src/instrument/sections.ts";
import { ByteReader } from "../../src/wit/byte-reader.ts";

/*
 * The oracle of fuel: charges before every single operator, from the same cost table, and nothing else. It never refuses anything
 * and moves nothing: the fuel is kept in a global behind all others, exported.
 */

/** The export under which a module with a naive meter tells what was spent. */
export const SPENT_EXPORT = "naive-meter/spent";

const I32 = 0x7f;
const I64 = 0x7e;
const I64_ADD = 0x7c;
const I64_MUL = 0x7e;
const GLOBAL_KIND = 3;

const GROWTH_SHIFT: ReadonlyMap<number, number> = new Map([
  [OPCODE.memoryGrow, PAGES_SHIFT],
  [OPCODE.tableGrow, ELEMENTS_SHIFT],
]);

/** The module with the naive meter; the same module when it has no code. */
export function addNaiveMeter(module: Uint8Array): Uint8Array {
  const sections = readSections(module).filter(({ id }) => id !== SECTION.custom);
  const bodyOf = (id: number): Uint8Array => sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0);
  const shape = readShape(sections);
  if (shape.definedFunctions.length === 0) return module;
  const spent = shape.importedGlobals + new ByteReader(bodyOf(SECTION.global)).u32();
  const definition = Uint8Array.of(I64, 1, OPCODE.i64Const, 0, OPCODE.end);
  const entry = concatenate([encodeName(SPENT_EXPORT), Uint8Array.of(GLOBAL_KIND, ...unsigned(spent))]);
  const code = new ByteWriter(1024);
  const reader = new ByteReader(bodyOf(SECTION.code));
  code.unsigned(reader.u32());
  for (const typeIndex of shape.definedFunctions) {
    const body = new ByteWriter(1024);
    rewriteFunction(reader, shape.types[typeIndex]?.parameters ?? 0, spent, body);
    code.unsigned(body.length);
    code.bytes(body.written);
  }
  return writeSections(
    module,
    [
      { id: SECTION.global, body: appendTo(bodyOf(SECTION.global), [definition]) },
      { id: SECTION.export, body: appendTo(bodyOf(SECTION.export), [entry]) },
      { id: SECTION.code, body: code.written },
    ].reduce(withSection, sections),
  );
}

function rewriteFunction(reader: ByteReader, parameters: number, spent: number, out: ByteWriter): void {
  const end = reader.u32() + reader.offset;
  const { groups, localsAt, count } = readLocals(reader);
  const length = parameters + count;
  const grown = length + 1;
  out.unsigned(groups + 1);
  out.bytes(reader.bytes.subarray(localsAt, reader.offset));
  out.bytes(Uint8Array.of(2, I32));
  const write = (...operators: readonly (readonly [opcode: number, immediate?: number])[]): void => {
    for (const [opcode, immediate] of operators) {
      out.byte(opcode);
      if (opcode === OPCODE.i64Const || opcode === OPCODE.i32Const) out.signed(immediate ?? 0);
      else if (immediate !== undefined) out.unsigned(immediate);
    }
  };
  const charge = (...amount: readonly (readonly [opcode: number, immediate?: number])[]): void =>
    write([OPCODE.globalGet, spent], ...amount, [I64_ADD], [OPCODE.globalSet, spent]);
  charge([OPCODE.i64Const, ENTRY_COST]);
  const operators = new OperatorReader(reader);
  while (reader.offset < end) {
    const opcode = operators.next();
    const fixed = operatorCost(opcode) + (opcode === OPCODE.arrayNewFixed ? operators.secondIndex : 0);
    if (fixed > 0) charge([OPCODE.i64Const, fixed]);
    const shift = LENGTH_SHIFT.get(opcode);
    if (shift !== undefined) {
      write([OPCODE.localTee, length]);
      charge([OPCODE.localGet, length], [OPCODE.i64ExtendI32U], [OPCODE.i64Const, shift], [OPCODE.i64ShrU]);
    }
    const growthShift = GROWTH_SHIFT.get(opcode);
    if (growthShift !== undefined) write([OPCODE.localTee, length]);
    out.bytes(reader.bytes.subarray(operators.start, operators.end));
    if (growthShift === undefined) continue;
    // Nothing when it was refused: the amount is multiplied by whether it was granted.
    write([OPCODE.localTee, grown]);
    charge(
      [OPCODE.localGet, length],
      [OPCODE.i64ExtendI32U],
      [OPCODE.i64Const, growthShift],
      [OPCODE.i64Shl],
      [OPCODE.localGet, grown],
      [OPCODE.i32Const, -1],
      [OPCODE.i32Ne],
      [OPCODE.i64ExtendI32U],
      [I64_MUL],
    );
  }
}
