import { UnsupportedComponentError } from "../errors.ts";
import { ByteReader } from "../wit/byte-reader.ts";
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
 * Turns the memories that a core module defines into imports. The host then creates them, with a maximum of its choice: one
 * compiled module serves every limit, and the host holds the Memory and can read its size. Imported memories come first in the
 * index space and defined ones follow, so appending the defined ones to the imports leaves every index as it was.
 */

/** Changes whenever the same module is rewritten differently; part of the cache key. */
export const REWRITER_VERSION = 1;

/** The import namespace of everything the rewriter adds. No guest may use it. */
export const RESERVED_NAMESPACE = "airssys:engine";

export const PAGE_BYTES = 65_536;

/** A memory that the host has to create, in pages of 64 KiB. */
export interface MemoryDeclaration {
  readonly importName: string;
  readonly initialPages: number;
  /** What the module itself allows; undefined is unbounded. */
  readonly maximumPages?: number;
}

export interface RewrittenModule {
  readonly bytes: Uint8Array;
  readonly memories: readonly MemoryDeclaration[];
}

const IMPORT_KIND_MEMORY = 0x02;

const LIMIT_KINDS = { unbounded: 0, bounded: 1 } as const;

/** A valid core module without memories of its own, and the memories it now imports. */
export function importMemories(module: Uint8Array): RewrittenModule {
  const sections = readSections(module);
  const imports = sections.find(({ id }) => id === SECTION.import);
  const memories = sections.find(({ id }) => id === SECTION.memory);
  if (imports !== undefined) refuseReservedNamespace(imports.body);
  if (memories === undefined) return { bytes: module, memories: [] };

  const reader = new ByteReader(memories.body);
  const declared = reader.vector(() => readMemory(reader));
  const declarations = declared.map((memory, index) => ({ ...memory.declaration, importName: `memory${index}` }));
  const appended = declared.map(({ encoded }, index) => encodeImport(`memory${index}`, encoded));
  const section = appendImports(imports, appended);
  const rest = sections.filter(({ id }) => id !== SECTION.memory);
  return { bytes: writeSections(module, withSection(rest, section)), memories: declarations };
}

function readMemory(reader: ByteReader): { declaration: Omit<MemoryDeclaration, "importName">; encoded: Uint8Array } {
  const start = reader.offset;
  const kind = reader.byte();
  if (kind > LIMIT_KINDS.bounded) throw new UnsupportedComponentError("a shared or 64-bit memory");
  const initialPages = reader.u32();
  const declaration = kind === LIMIT_KINDS.unbounded ? { initialPages } : { initialPages, maximumPages: reader.u32() };
  return { declaration, encoded: reader.bytes.subarray(start, reader.offset) };
}

function encodeImport(name: string, limits: Uint8Array): Uint8Array {
  return concatenate([encodeName(RESERVED_NAMESPACE), encodeName(name), Uint8Array.of(IMPORT_KIND_MEMORY), limits]);
}

function appendImports(section: Section | undefined, appended: readonly Uint8Array[]): Section {
  const reader = new ByteReader(section?.body ?? Uint8Array.of(0));
  const count = reader.u32();
  const existing = reader.take(reader.end - reader.offset);
  const body = concatenate([Uint8Array.from(unsigned(count + appended.length)), existing, ...appended]);
  return { id: SECTION.import, body };
}

/** Only the names are compared: a guest that mentions the namespace in an import could reach what is meant for the engine. */
function refuseReservedNamespace(body: Uint8Array): void {
  const needle = encodeName(RESERVED_NAMESPACE);
  if (Buffer.from(body.buffer, body.byteOffset, body.length).indexOf(needle) !== -1) {
    throw new UnsupportedComponentError(`the reserved import namespace ${RESERVED_NAMESPACE}`);
  }
}
