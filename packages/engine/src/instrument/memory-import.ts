import { ByteReader } from "../wit/byte-reader.ts";
import { readLimits } from "./module-shape.ts";
import { RESERVED_NAMESPACE } from "./provided-imports.ts";
import { appendTo, concatenate, encodeName, SECTION, type Section, withSection } from "./sections.ts";

/*
 * Turns the memories that a core module defines into imports. The host then creates them, with a maximum of its choice: one
 * compiled module serves every limit, and the host holds the Memory and can read its size. Imported memories come first in the
 * index space and defined ones follow, so appending the defined ones to the imports leaves every index as it was.
 */

export const PAGE_BYTES = 65_536;

/** A memory that the host has to create, in pages of 64 KiB. */
export interface MemoryDeclaration {
  readonly importName: string;
  readonly initialPages: number;
  /** What the module itself allows; undefined is unbounded. */
  readonly maximumPages?: number;
}

const IMPORT_KIND_MEMORY = 0x02;

/** The sections of a core module without memories of its own, and the memories it now imports. */
export function importMemories(sections: readonly Section[]): {
  readonly sections: readonly Section[];
  readonly memories: readonly MemoryDeclaration[];
} {
  const section = sections.find(({ id }) => id === SECTION.memory);
  if (section === undefined) return { sections, memories: [] };
  const reader = new ByteReader(section.body);
  const declared = reader.vector(() => readMemory(reader));
  const memories = declared.map(({ limits }, index) => ({ ...limits, importName: `memory${index}` }));
  const appended = declared.map(({ encoded }, index) => encodeImport(`memory${index}`, encoded));
  const imports = sections.find(({ id }) => id === SECTION.import)?.body ?? Uint8Array.of(0);
  const rest = sections.filter(({ id }) => id !== SECTION.memory);
  return { sections: withSection(rest, { id: SECTION.import, body: appendTo(imports, appended) }), memories };
}

function readMemory(reader: ByteReader): { limits: Omit<MemoryDeclaration, "importName">; encoded: Uint8Array } {
  const start = reader.offset;
  const { initial: initialPages, maximum: maximumPages } = readLimits(reader, "memory");
  const limits = maximumPages === undefined ? { initialPages } : { initialPages, maximumPages };
  return { limits, encoded: reader.bytes.subarray(start, reader.offset) };
}

function encodeImport(name: string, limits: Uint8Array): Uint8Array {
  return concatenate([encodeName(RESERVED_NAMESPACE), encodeName(name), Uint8Array.of(IMPORT_KIND_MEMORY), limits]);
}
