import { ByteReader } from "../wit/byte-reader.ts";

const SECTION = { import: 2, function: 3 } as const;
const PREAMBLE_BYTES = 8;

/**
 * How many functions core modules say they have, all that they import counted too. Nothing else of them is read: what a module says
 * is compared with what it holds when it is compiled.
 */
export function countFunctions(coreModules: readonly Uint8Array[]): number {
  return coreModules.reduce((sum, module) => sum + functionsOf(module), 0);
}

function functionsOf(module: Uint8Array): number {
  const reader = new ByteReader(module, PREAMBLE_BYTES);
  let count = 0;
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const body = reader.take(reader.u32());
    if (id === SECTION.import || id === SECTION.function) count += new ByteReader(body).u32();
  }
  return count;
}
