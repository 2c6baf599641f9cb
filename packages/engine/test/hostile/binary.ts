import { concatenate, unsigned } from "../../src/instrument/sections.ts";

/*
 * Writes modules that are too large to be written as text.
 */

type Bytes = Uint8Array | readonly number[];

const bytesOf = (part: Bytes): Uint8Array => (part instanceof Uint8Array ? part : Uint8Array.from(part));

export function bytes(...parts: readonly Bytes[]): Uint8Array {
  return concatenate(parts.map(bytesOf));
}

/** The same bytes over and over. */
export function repeated(count: number, item: Bytes): Uint8Array {
  const one = bytesOf(item);
  const whole = new Uint8Array(one.length * count);
  for (let index = 0; index < count; index += 1) whole.set(one, index * one.length);
  return whole;
}

/** The length of something, and itself. */
export function sized(content: Bytes): Uint8Array {
  return bytes(unsigned(content.length), content);
}

export function section(id: number, ...content: readonly Bytes[]): Uint8Array {
  return bytes([id], sized(bytes(...content)));
}

/** A section that holds the same item over and over. */
export function sectionOf(id: number, count: number, item: Bytes): Uint8Array {
  return section(id, unsigned(count), repeated(count, item));
}

export function customSection(name: string, content: Bytes = []): Uint8Array {
  return section(0, sized(new TextEncoder().encode(name)), content);
}

export function coreModule(...sections: readonly Uint8Array[]): Uint8Array {
  return bytes([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], ...sections);
}

/** A component that instantiates a core module. */
export function componentOf(module: Uint8Array, ...others: readonly Uint8Array[]): Uint8Array {
  return bytes([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0], section(1, module), section(2, [1, 0, 0, 0]), ...others);
}
