import { ByteWriter } from "./byte-writer.ts";
import { EXTERNAL_KIND } from "./module-shape.ts";
import { OPCODE } from "./opcodes.ts";
import { OperatorReader, skipValueType } from "./operators.ts";
import { ByteReader } from "../wit/byte-reader.ts";
import { SECTION, type Section } from "./sections.ts";

/** Where functions and globals are found once imports were added: imported ones stay, and those the module defines move up. */
export interface IndexShift {
  readonly function: (index: number) => number;
  readonly global: (index: number) => number;
}

/** The section with every index of a function or global in it shifted. Not for code. */
export function shiftSection({ id, body }: Section, shift: IndexShift): Section {
  const rewrite = REWRITERS.get(id);
  if (rewrite === undefined) return { id, body };
  const writer = new ByteWriter(body.length * 2);
  const copy = new ShiftingCopy(body, writer, shift);
  rewrite(copy);
  return { id, body: writer.written };
}

/** Copies from a section, piece by piece, and shifts what it is told to. */
class ShiftingCopy {
  readonly reader: ByteReader;
  readonly #writer: ByteWriter;
  readonly #shift: IndexShift;

  constructor(body: Uint8Array, writer: ByteWriter, shift: IndexShift) {
    this.reader = new ByteReader(body);
    this.#writer = writer;
    this.#shift = shift;
  }

  /** Copies what `read` moves past. */
  verbatim<T>(read: (reader: ByteReader) => T): T {
    const start = this.reader.offset;
    const result = read(this.reader);
    this.#writer.bytes(this.reader.bytes.subarray(start, this.reader.offset));
    return result;
  }

  number(): number {
    return this.verbatim((reader) => reader.u32());
  }

  functionIndex(): void {
    this.#writer.unsigned(this.#shift.function(this.reader.u32()));
  }

  globalIndex(): void {
    this.#writer.unsigned(this.#shift.global(this.reader.u32()));
  }

  items(item: () => void): void {
    const count = this.number();
    for (let index = 0; index < count; index += 1) item();
  }

  /** A constant expression. */
  constant(): void {
    const operators = new OperatorReader(this.reader);
    let opcode: number;
    do {
      opcode = operators.next();
      const { bytes } = this.reader;
      if (opcode === OPCODE.globalGet || opcode === OPCODE.refFunc) {
        this.#writer.byte(opcode);
        const { index } = operators;
        this.#writer.unsigned(opcode === OPCODE.refFunc ? this.#shift.function(index) : this.#shift.global(index));
      } else this.#writer.bytes(bytes.subarray(operators.start, operators.end));
    } while (opcode !== OPCODE.end);
  }
}

const REWRITERS: ReadonlyMap<number, (copy: ShiftingCopy) => void> = new Map([
  [SECTION.table, (copy) => copy.items(() => shiftTable(copy))],
  [SECTION.global, (copy) => copy.items(() => shiftGlobal(copy))],
  [SECTION.export, (copy) => copy.items(() => shiftExport(copy))],
  [SECTION.start, (copy) => copy.functionIndex()],
  [SECTION.element, (copy) => copy.items(() => shiftElements(copy))],
  [SECTION.data, (copy) => copy.items(() => shiftData(copy))],
]);

const TABLE_WITH_INITIALIZER = 0x40;

function shiftTable(copy: ShiftingCopy): void {
  const hasInitializer = copy.reader.peek() === TABLE_WITH_INITIALIZER;
  copy.verbatim((reader) => {
    if (hasInitializer) reader.skip(2);
    skipValueType(reader);
    const isBounded = reader.byte() === 1;
    reader.u32();
    if (isBounded) reader.u32();
  });
  if (hasInitializer) copy.constant();
}

function shiftGlobal(copy: ShiftingCopy): void {
  copy.verbatim((reader) => {
    skipValueType(reader);
    reader.byte();
  });
  copy.constant();
}

function shiftExport(copy: ShiftingCopy): void {
  const kind = copy.verbatim((reader) => {
    reader.skip(reader.u32());
    return reader.byte();
  });
  if (kind === EXTERNAL_KIND.function) copy.functionIndex();
  else if (kind === EXTERNAL_KIND.global) copy.globalIndex();
  else copy.number();
}

/** The bits of an element segment's flags. */
const ELEMENTS = { isNotActive: 1, hasTable: 2, areExpressions: 4 } as const;

function shiftElements(copy: ShiftingCopy): void {
  const flags = copy.number();
  const areExpressions = (flags & ELEMENTS.areExpressions) !== 0;
  if ((flags & ELEMENTS.isNotActive) === 0) {
    if ((flags & ELEMENTS.hasTable) !== 0) copy.number();
    copy.constant();
  }
  if ((flags & (ELEMENTS.isNotActive | ELEMENTS.hasTable)) !== 0) {
    copy.verbatim((reader) => (areExpressions ? skipValueType(reader) : reader.byte()));
  }
  copy.items(() => (areExpressions ? copy.constant() : copy.functionIndex()));
}

const DATA = { active: 0, passive: 1, activeInMemory: 2 } as const;

function shiftData(copy: ShiftingCopy): void {
  const mode = copy.number();
  if (mode === DATA.activeInMemory) copy.number();
  if (mode !== DATA.passive) copy.constant();
  copy.verbatim((reader) => reader.skip(reader.u32()));
}
