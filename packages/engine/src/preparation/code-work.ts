import { readLocals, readShape } from "../instrument/module-shape.ts";
import { OPCODE } from "../instrument/opcodes.ts";
import { OperatorReader } from "../instrument/operators.ts";
import { readSections, SECTION } from "../instrument/sections.ts";
import { ByteReader } from "../wit/byte-reader.ts";

/** What compiling a core module asks of V8. */
export interface CodeWork {
  readonly types: number;
  /** The branches of each function times its locals: V8 looks at all locals wherever two ways through a function meet. */
  readonly total: number;
  /** The same of the function that has most. */
  readonly greatest: number;
}

const BRANCHING: ReadonlySet<number> = new Set([
  OPCODE.block,
  OPCODE.loop,
  OPCODE.if,
  OPCODE.try,
  OPCODE.tryTable,
  OPCODE.br,
  OPCODE.brIf,
  OPCODE.brTable,
  OPCODE.brOnNull,
  OPCODE.brOnNonNull,
  OPCODE.brOnCast,
  OPCODE.brOnCastFail,
]);

/** The work of a valid module. */
export function codeWork(module: Uint8Array): CodeWork {
  const sections = readSections(module);
  const { types, definedFunctions } = readShape(sections);
  const reader = new ByteReader(sections.find(({ id }) => id === SECTION.code)?.body ?? Uint8Array.of(0));
  const operators = new OperatorReader(reader);
  let [total, greatest] = [0, 0];
  reader.u32();
  for (const typeIndex of definedFunctions) {
    const end = reader.u32() + reader.offset;
    const locals = (types[typeIndex]?.parameters ?? 0) + readLocals(reader).count;
    let branches = 0;
    while (reader.offset < end) if (BRANCHING.has(operators.next())) branches += 1;
    total += branches * locals;
    greatest = Math.max(greatest, branches * locals);
  }
  return { types: types.length, total, greatest };
}
