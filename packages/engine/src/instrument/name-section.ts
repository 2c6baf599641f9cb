import { CorruptComponentError } from "../errors.ts";
import { ByteReader } from "../wit/byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { IndexShift } from "./index-shift.ts";
import { concatenate, encodeName, SECTION, type Section, unsigned } from "./sections.ts";

/*
 * Traps name the functions they passed by the `name` section. It may hold anything: what does not read as names is left out.
 */

const NAME_SECTION = "name";
const FUNCTION_NAMES = 1;

/** A section with the names of the functions of a module, as they are after the shift; nothing when it has none. */
export function functionNames(custom: readonly Section[], shift: IndexShift): readonly Section[] {
  return custom.flatMap(({ body }) => {
    try {
      const reader = new ByteReader(body);
      if (reader.name() !== NAME_SECTION) return [];
      const names = shiftedNames(reader, shift);
      if (names === undefined) return [];
      const subsection = [Uint8Array.of(FUNCTION_NAMES, ...unsigned(names.length)), names];
      return [{ id: SECTION.custom, body: concatenate([encodeName(NAME_SECTION), ...subsection]) }];
    } catch (error) {
      if (error instanceof CorruptComponentError) return [];
      throw error;
    }
  });
}

function shiftedNames(reader: ByteReader, shift: IndexShift): Uint8Array | undefined {
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const content = reader.take(reader.u32());
    if (id === FUNCTION_NAMES) return shiftMap(new ByteReader(content), shift);
  }
  return undefined;
}

function shiftMap(reader: ByteReader, shift: IndexShift): Uint8Array {
  const writer = new ByteWriter(reader.end * 2);
  const count = reader.u32();
  writer.unsigned(count);
  for (let entry = 0; entry < count; entry += 1) {
    writer.unsigned(shift.function(reader.u32()));
    const name = reader.take(reader.u32());
    writer.unsigned(name.length);
    writer.bytes(name);
  }
  return writer.written;
}
