import { OPCODE } from "./opcodes.ts";

/*
 * What running costs, in fuel: one for each operator, as in wasmtime, and nothing for those that only give structure. Changing
 * anything here changes the fuel of every guest.
 */

/** Operators that are free. Where there is no entry, an operator costs one. */
const FREE: ReadonlySet<number> = new Set([
  OPCODE.unreachable,
  OPCODE.nop,
  OPCODE.block,
  OPCODE.loop,
  OPCODE.else,
  OPCODE.try,
  OPCODE.catch,
  OPCODE.delegate,
  OPCODE.catchAll,
  OPCODE.tryTable,
  OPCODE.end,
  OPCODE.return,
  OPCODE.drop,
]);

const COST_BY_OPCODE: Uint8Array = Uint8Array.from({ length: 256 }, (_, opcode) => (FREE.has(opcode) ? 0 : 1));

/** What one execution of an operator costs, without what depends on its operands. */
export function operatorCost(opcode: number): number {
  return COST_BY_OPCODE[opcode] ?? 1;
}

/** What entering a function costs. */
export const ENTRY_COST = 1;

/** An operator over many bytes costs one for each 2^3 of them. */
export const BYTES_SHIFT = 3;

/** An operator over many elements of a table or an array costs one for each. */
export const ELEMENTS_SHIFT = 0;

/** Growing a memory costs what filling the new pages would. */
export const PAGES_SHIFT: number = 16 - BYTES_SHIFT;

/** The operators that work on as many bytes or elements as their last operand says, and the shift that makes it fuel. */
export const LENGTH_SHIFT: ReadonlyMap<number, number> = new Map([
  [OPCODE.memoryInit, BYTES_SHIFT],
  [OPCODE.memoryCopy, BYTES_SHIFT],
  [OPCODE.memoryFill, BYTES_SHIFT],
  [OPCODE.tableInit, ELEMENTS_SHIFT],
  [OPCODE.tableCopy, ELEMENTS_SHIFT],
  [OPCODE.tableFill, ELEMENTS_SHIFT],
  [OPCODE.arrayNew, ELEMENTS_SHIFT],
  [OPCODE.arrayNewDefault, ELEMENTS_SHIFT],
  [OPCODE.arrayNewData, ELEMENTS_SHIFT],
  [OPCODE.arrayNewElem, ELEMENTS_SHIFT],
  [OPCODE.arrayFill, ELEMENTS_SHIFT],
  [OPCODE.arrayCopy, ELEMENTS_SHIFT],
  [OPCODE.arrayInitData, ELEMENTS_SHIFT],
  [OPCODE.arrayInitElem, ELEMENTS_SHIFT],
]);

/** The words of stack (of 8 bytes) that a call takes besides its parameters and locals: about what V8's frames have. */
export const FRAME_WORDS = 8;
