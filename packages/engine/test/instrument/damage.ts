import { EngineError } from "../../src/index.ts";
import {
  concatenate,
  encodeName,
  readSections,
  SECTION,
  type Section,
  unsigned,
  writeSections,
} from "../../src/instrument/sections.ts";
import { ByteReader } from "../../src/wit/byte-reader.ts";
import type { Random } from "./random.ts";

/** A module with one to four small damages. Most leave it invalid, some do not. */
export function damaged(random: Random, module: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = module;
  for (let damage = 0; damage <= random.below(4); damage += 1) {
    bytes = random.pick([inBytes, inBytes, inBody, inBody, inBody, inSections])(random, bytes, other);
  }
  return bytes;
}

type Damage = (random: Random, module: Uint8Array, other: Uint8Array) => Uint8Array;

const PREAMBLE_BYTES = 8;

/** Anywhere behind the preamble, whatever it means there. */
const inBytes: Damage = (random, module, other) =>
  concatenate([
    module.subarray(0, PREAMBLE_BYTES),
    damagedBytes(random, module.subarray(PREAMBLE_BYTES), other.subarray(PREAMBLE_BYTES)),
  ]);

/** In one function body; the sizes around it are right again. */
const inBody: Damage = (random, module, other) =>
  inSection(random, module, SECTION.code, (body) => {
    const bodies = readBodies(body);
    const donors = bodiesOf(other);
    const at = random.below(Math.max(bodies.length, 1));
    const before = bodies[at];
    if (before === undefined) return body;
    const after =
      random.once(8) && donors.length > 0
        ? random.pick(donors)
        : damagedBytes(random, before, random.pick([before, ...donors]));
    const sized = bodies.toSpliced(at, 1, after).flatMap((each) => [Uint8Array.from(unsigned(each.length)), each]);
    return concatenate([Uint8Array.from(unsigned(bodies.length)), ...sized]);
  });

/** To the sections as a whole: one too few, twice the same, another's, in another order, or one that says nothing. */
const inSections: Damage = (random, module, other) => {
  const sections = sectionsOf(module);
  const at = random.below(sections.length + 1);
  const section = sections[at];
  const choices: readonly (() => Section[])[] = [
    () => sections.toSpliced(at, 1),
    () => (section === undefined ? sections : sections.toSpliced(at, 0, section)),
    () => (section === undefined ? sections : [...sections.toSpliced(at, 1), section]),
    () => sections.toSpliced(at, 1, random.pick([...sectionsOf(other), customSection(random)])),
    () => sections.toSpliced(at, 0, customSection(random)),
    () => sections.toSpliced(at, 0, customSection(random)),
  ];
  return writeSections(module, random.pick(choices)());
};

function customSection(random: Random): Section {
  const name = random.pick(["name", "producers", "metadata.code.branch_hint", "metadata.code.trace_inst", ""]);
  const content = Uint8Array.from({ length: random.below(30) }, () => random.below(256));
  return { id: SECTION.custom, body: concatenate([encodeName(name), content]) };
}

/** One damage, anywhere. */
export function damagedBytes(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = random.below(Math.max(bytes.length, 1));
  const length = random.below(8);
  const value = bytes[at] ?? 0;
  const replaced = (...by: readonly number[]): Uint8Array =>
    concatenate([bytes.subarray(0, at), Uint8Array.from(by), bytes.subarray(at + 1)]);
  switch (random.below(9)) {
    case 0:
      return concatenate([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 1:
      return concatenate([bytes.subarray(0, at), bytes.subarray(Math.max(at - length, 0), at), bytes.subarray(at)]);
    case 2:
      return concatenate([bytes.subarray(0, at), other.subarray(at, at + length), bytes.subarray(at + length)]);
    case 3:
      return replaced(random.below(256));
    // A number with more bytes than it needs, as linkers write them.
    case 4:
      return value < 0x40 ? replaced(value | 0x80, 0x00) : replaced(value | 0x80, 0x7f);
    case 5:
      return value < 0x40 ? replaced(value | 0x80, 0x80, 0x80, 0x80, 0x00) : replaced(value ^ 1);
    default:
      return replaced(value ^ (1 << random.below(8)));
  }
}

function inSection(
  random: Random,
  module: Uint8Array,
  id: number,
  change: (body: Uint8Array) => Uint8Array,
): Uint8Array {
  const sections = sectionsOf(module).map((section) => {
    return section.id === id ? { id, body: change(section.body) } : section;
  });
  return sections.length === 0 ? inBytes(random, module, module) : writeSections(module, sections);
}

function bodiesOf(module: Uint8Array): Uint8Array[] {
  const code = sectionsOf(module).find(({ id }) => id === SECTION.code);
  return code === undefined ? [] : readBodies(code.body);
}

function readBodies(body: Uint8Array): Uint8Array[] {
  return orNothing(() => {
    const reader = new ByteReader(body);
    return reader.vector(() => reader.take(reader.u32()));
  });
}

/** Nothing of a module that was damaged too much to be read. */
function sectionsOf(module: Uint8Array): Section[] {
  return orNothing(() => readSections(module));
}

function orNothing<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError) return [];
    throw error;
  }
}
