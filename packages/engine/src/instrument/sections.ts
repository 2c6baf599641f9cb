import { UnsupportedComponentError } from "../errors.ts";
import { ByteReader } from "../wit/byte-reader.ts";

/** Section ids of a core module, in the order in which they must come (custom sections go anywhere). */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  tag: 13,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  dataCount: 12,
  code: 10,
  data: 11,
} as const;

const SECTION_ORDER: readonly number[] = Object.values(SECTION).filter((id) => id !== SECTION.custom);

const PREAMBLE_BYTES = 8;

export interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

/** The sections of a core module, in file order. Bodies are views of `module`. */
export function readSections(module: Uint8Array): Section[] {
  const reader = new ByteReader(module, PREAMBLE_BYTES);
  const sections: Section[] = [];
  while (!reader.isAtEnd) {
    const id = reader.byte();
    if (id !== SECTION.custom && !SECTION_ORDER.includes(id)) {
      throw new UnsupportedComponentError(`a core section of kind ${id}`);
    }
    sections.push({ id, body: reader.take(reader.u32()) });
  }
  return sections;
}

/** A core module of these sections. */
export function writeSections(module: Uint8Array, sections: readonly Section[]): Uint8Array {
  const parts = [module.subarray(0, PREAMBLE_BYTES)];
  for (const { id, body } of sections) parts.push(Uint8Array.of(id, ...unsigned(body.length)), body);
  return concatenate(parts);
}

/** Puts a section where its id belongs, replacing the one that is there. */
export function withSection(sections: readonly Section[], section: Section): readonly Section[] {
  const others = sections.filter(({ id }) => id !== section.id);
  const rank = SECTION_ORDER.indexOf(section.id);
  const next = others.findIndex(({ id }) => id !== SECTION.custom && SECTION_ORDER.indexOf(id) > rank);
  return next === -1 ? [...others, section] : others.toSpliced(next, 0, section);
}

/** A name: its length and its UTF-8. */
export function encodeName(name: string): Uint8Array {
  const utf8 = new TextEncoder().encode(name);
  return concatenate([Uint8Array.from(unsigned(utf8.length)), utf8]);
}

/** Unsigned LEB128. */
export function unsigned(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return bytes;
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The body of a vector section with more items at its end. */
export function appendTo(body: Uint8Array, items: readonly Uint8Array[]): Uint8Array {
  const reader = new ByteReader(body);
  const count = reader.u32();
  const existing = reader.take(reader.end - reader.offset);
  return concatenate([Uint8Array.from(unsigned(count + items.length)), existing, ...items]);
}
