import { CorruptComponentError } from "../errors.ts";
import { ByteReader } from "../wit/byte-reader.ts";
import type { AddedTypes } from "./added-types.ts";
import { ByteWriter } from "./byte-writer.ts";
import { FRAME_WORDS } from "./cost-table.ts";
import { type AddedIndices, FunctionEmission } from "./function-emission.ts";
import { FunctionScan } from "./function-scan.ts";
import type { HandedFunctions } from "./handed-functions.ts";
import type { IndexShift } from "./index-shift.ts";
import { type FunctionType, type ModuleShape, readLocals } from "./module-shape.ts";
import { OPCODE } from "./opcodes.ts";
import { OperatorReader } from "./operators.ts";

/** What rewriting the code of a module needs to know. */
export interface CodeContext {
  readonly shape: ModuleShape;
  readonly shift: IndexShift;
  readonly types: AddedTypes;
  readonly added: AddedIndices;
  readonly handed: HandedFunctions;
  /** The index of the imported function that refills the fuel. */
  readonly exhausted: number;
}

export interface RewrittenCode {
  readonly code: Uint8Array;
  /** The custom section that tells which branches are hardly ever taken; it has to come before the code. */
  readonly branchHints: Uint8Array;
}

/** The code section with every function rewritten, and behind them the refuelling function and the wrappers. */
export function rewriteCode(body: Uint8Array, context: CodeContext): RewrittenCode {
  const reader = new ByteReader(body);
  const count = reader.u32();
  const code = new ByteWriter(body.length * 2);
  const hints = new BranchHints();
  const scratch = new ByteWriter(1024);
  code.unsigned(count + 1 + context.handed.wrapped.length);
  for (let index = 0; index < count; index += 1) {
    scratch.clear();
    const unlikely = rewriteFunction(reader, index, context, scratch);
    hints.add(context.shift.function(context.shape.importedFunctions + index), unlikely);
    code.unsigned(scratch.length);
    code.bytes(scratch.written);
  }
  scratch.clear();
  writeRefuel(scratch, context);
  code.unsigned(scratch.length);
  code.bytes(scratch.written);
  for (const index of context.handed.wrapped) {
    scratch.clear();
    writeWrapper(scratch, context, index);
    code.unsigned(scratch.length);
    code.bytes(scratch.written);
  }
  return { code: code.written, branchHints: hints.section };
}

function rewriteFunction(reader: ByteReader, index: number, context: CodeContext, out: ByteWriter): readonly number[] {
  const { shape, shift, types, added, handed } = context;
  const end = reader.u32() + reader.offset;
  const type = typeOf(shape, index);
  const { groups: localGroups, localsAt, count, words } = readLocals(reader);
  const codeAt = reader.offset;
  const handedAt = handed.has(shape.importedFunctions + index) ? type.parameters : undefined;
  const scan = new FunctionScan(new OperatorReader(reader), shift, {
    handed,
    mayThrow: shape.hasTags,
    movedFrom: handedAt ?? Number.POSITIVE_INFINITY,
  });
  scan.run(end);
  const emission = new FunctionEmission(out, added, {
    module: reader.bytes,
    scan,
    localGroups,
    localsAt,
    codeAt,
    locals: type.parameters + count,
    frameWords: FRAME_WORDS + type.parameterWords + words,
    handedAt,
    resultType: types.blockOf(type),
  });
  emission.write();
  return emission.unlikely;
}

function typeOf(shape: ModuleShape, index: number): FunctionType {
  const typeIndex = shape.definedFunctions[index];
  const type = typeIndex === undefined ? undefined : shape.types[typeIndex];
  if (type === undefined) throw new CorruptComponentError(`function body ${index} has no type`);
  return type;
}

/** `(param i64) (result i64)`: stores the fuel that is left, has the host refill it, and traps if the host did not. */
function writeRefuel(out: ByteWriter, { added, exhausted }: CodeContext): void {
  const LEFT = 0;
  const VOID = 0x40;
  const operators: readonly (readonly [operator: number, immediate?: number])[] = [
    [OPCODE.localGet, LEFT],
    [OPCODE.globalSet, added.fuel],
    [OPCODE.call, exhausted],
    [OPCODE.globalGet, added.fuel],
    [OPCODE.localTee, LEFT],
    [OPCODE.i64Const, 0],
    [OPCODE.i64LtS],
    [OPCODE.if, VOID],
    [OPCODE.unreachable],
    [OPCODE.end],
    [OPCODE.localGet, LEFT],
    [OPCODE.end],
  ];
  out.unsigned(0);
  for (const [operator, immediate] of operators) {
    out.byte(operator);
    if (immediate !== undefined) out.unsigned(immediate);
  }
}

/** Of the type that the function had: hands it fuel and stack from the globals, and leaves both there. */
function writeWrapper(out: ByteWriter, { shape, shift, added }: CodeContext, index: number): void {
  const { parameters } = typeOf(shape, index - shape.importedFunctions);
  const level = parameters;
  const I32 = 0x7f;
  const operators: readonly (readonly [operator: number, immediate: number])[] = [
    ...Array.from({ length: parameters }, (_, parameter) => [OPCODE.localGet, parameter] as const),
    [OPCODE.globalGet, added.fuel],
    [OPCODE.globalGet, added.stack],
    [OPCODE.localTee, level],
    [OPCODE.call, shift.function(index)],
    [OPCODE.globalSet, added.fuel],
    [OPCODE.localGet, level],
    [OPCODE.globalSet, added.stack],
  ];
  out.bytes(Uint8Array.of(1, 1, I32));
  for (const [operator, immediate] of operators) {
    out.byte(operator);
    out.unsigned(immediate);
  }
  out.byte(OPCODE.end);
}

const BRANCH_HINTS = new TextEncoder().encode("metadata.code.branch_hint");
const UNLIKELY = 0;

/** Collects the branches that V8 should lay out away from the path that is taken. */
class BranchHints {
  readonly #out = new ByteWriter(1024);
  #functions = 0;

  add(functionIndex: number, offsets: readonly number[]): void {
    if (offsets.length === 0) return;
    this.#functions += 1;
    this.#out.unsigned(functionIndex);
    this.#out.unsigned(offsets.length);
    for (const offset of offsets) {
      this.#out.unsigned(offset);
      this.#out.unsigned(1);
      this.#out.byte(UNLIKELY);
    }
  }

  get section(): Uint8Array {
    const whole = new ByteWriter(this.#out.length + 64);
    whole.unsigned(BRANCH_HINTS.length);
    whole.bytes(BRANCH_HINTS);
    whole.unsigned(this.#functions);
    whole.bytes(this.#out.written);
    return whole.written;
  }
}
