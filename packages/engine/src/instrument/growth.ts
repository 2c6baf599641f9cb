import { UnsupportedComponentError } from "../errors.ts";
import { ByteReader } from "../wit/byte-reader.ts";
import { skipLocals, skipOperator } from "./operators.ts";
import {
  concatenate,
  encodeName,
  readSections,
  SECTION,
  type Section,
  unsigned,
  withSection,
  writeSections,
} from "./sections.ts";

/*
 * Keeps the result of every `memory.grow` in a global that the host can read: a guest that traps after its last request for memory
 * was refused ran into its limit, and one whose last request was granted did not. `memory.grow` is followed by `global.set` and
 * `global.get` of a new global: neither types nor locals nor any index of the module change.
 */

/** The export under which the host finds the result of the last `memory.grow`: -1 when it was refused. */
export const GROWTH_EXPORT = "airssys:engine/growth";

const MEMORY_GROW = 0x40;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;

/** Contents of a mutable i32 global that starts as 0. */
const GLOBAL_DEFINITION = Uint8Array.of(0x7f, 0x01, 0x41, 0x00, 0x0b);

const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

/** The module with the results of its growth exported; the same module when it never grows a memory. */
export function exportGrowth(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const code = sections.find(({ id }) => id === SECTION.code);
  if (code === undefined) return module;
  const globals = sections.find(({ id }) => id === SECTION.global)?.body ?? Uint8Array.of(0);
  const index = importedGlobals(sections) + new ByteReader(globals).u32();
  const keep = Uint8Array.of(GLOBAL_SET, ...unsigned(index), GLOBAL_GET, ...unsigned(index));
  const body = rewriteCode(code.body, keep);
  if (body === undefined) return module;

  const exports = sections.find(({ id }) => id === SECTION.export)?.body ?? Uint8Array.of(0);
  const entry = concatenate([encodeName(GROWTH_EXPORT), Uint8Array.of(KIND.global, ...unsigned(index))]);
  const kept = sections.filter((section) => !describesCode(section));
  const changed: Section[] = [
    { id: SECTION.global, body: append(globals, GLOBAL_DEFINITION) },
    { id: SECTION.export, body: append(exports, entry) },
    { id: SECTION.code, body },
  ];
  return writeSections(module, changed.reduce(withSection, kept));
}

/** Custom sections that name places in the code by their offset, which are elsewhere now. */
function describesCode({ id, body }: Section): boolean {
  return id === SECTION.custom && new ByteReader(body).name().startsWith("metadata.code.");
}

/** The code section with every `memory.grow` followed by `keep`; undefined when there is none. */
function rewriteCode(code: Uint8Array, keep: Uint8Array): Uint8Array | undefined {
  const reader = new ByteReader(code);
  const parts: Uint8Array[] = [Uint8Array.from(unsigned(reader.u32()))];
  let isChanged = false;
  while (!reader.isAtEnd) {
    const body = reader.take(reader.u32());
    const pieces = splitAfterGrowth(body);
    isChanged ||= pieces.length > 1;
    const rewritten =
      pieces.length > 1 ? concatenate(pieces.flatMap((piece, at) => (at === 0 ? [piece] : [keep, piece]))) : body;
    parts.push(Uint8Array.from(unsigned(rewritten.length)), rewritten);
  }
  return isChanged ? concatenate(parts) : undefined;
}

/** The pieces of a function body, each but the last ending with a `memory.grow`. */
function splitAfterGrowth(body: Uint8Array): Uint8Array[] {
  if (!body.includes(MEMORY_GROW)) return [body];
  const reader = new ByteReader(body);
  skipLocals(reader);
  const pieces: Uint8Array[] = [];
  let start = 0;
  while (!reader.isAtEnd) {
    if (skipOperator(reader) !== MEMORY_GROW) continue;
    pieces.push(body.subarray(start, reader.offset));
    start = reader.offset;
  }
  return [...pieces, body.subarray(start)];
}

function importedGlobals(sections: readonly Section[]): number {
  const imports = sections.find(({ id }) => id === SECTION.import);
  if (imports === undefined) return 0;
  const reader = new ByteReader(imports.body);
  const kinds = reader.vector(() => {
    reader.name();
    reader.name();
    return skipImportType(reader);
  });
  return kinds.filter((kind) => kind === KIND.global).length;
}

function skipImportType(reader: ByteReader): number {
  const kind = reader.byte();
  switch (kind) {
    case KIND.function:
      reader.u32();
      break;
    case KIND.table:
      skipReferenceType(reader);
      skipLimits(reader);
      break;
    case KIND.memory:
      skipLimits(reader);
      break;
    case KIND.global:
      skipReferenceType(reader);
      reader.byte();
      break;
    case KIND.tag:
      reader.byte();
      reader.u32();
      break;
    default:
      throw new UnsupportedComponentError(`a core import of kind ${kind}`);
  }
  return kind;
}

/** Reference types may carry a heap type; the other value types are one byte, as are the short reference types. */
function skipReferenceType(reader: ByteReader): void {
  const first = reader.byte();
  if (first === 0x63 || first === 0x64) reader.u64();
}

function skipLimits(reader: ByteReader): void {
  const flags = reader.byte();
  reader.u64();
  if ((flags & 1) !== 0) reader.u64();
}

/** A vector section with one more item. */
function append(body: Uint8Array, item: Uint8Array): Uint8Array {
  const reader = new ByteReader(body);
  const count = reader.u32();
  return concatenate([Uint8Array.from(unsigned(count + 1)), reader.take(reader.end - reader.offset), item]);
}
