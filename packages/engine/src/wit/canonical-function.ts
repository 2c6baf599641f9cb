import { UnsupportedComponentError } from "../errors.ts";
import type { ByteReader } from "./byte-reader.ts";

const LIFT = 0x00;
const LOWER = 0x01;
const RESOURCE_NEW = 0x02;
const RESOURCE_DROP = 0x03;
const RESOURCE_REP = 0x04;

/** Options above this one carry an index, except `async`; the three string encodings do not. */
const LAST_STRING_ENCODING = 0x02;
const ASYNC = 0x06;

/** Reads one definition of the canonical section. For a lifted function: the index of its type. */
export function skipCanonicalFunction(reader: ByteReader): number | undefined {
  const opcode = reader.byte();
  switch (opcode) {
    case LIFT:
      reader.skip(1);
      reader.u32();
      skipOptions(reader);
      return reader.u32();
    case LOWER:
      reader.skip(1);
      reader.u32();
      skipOptions(reader);
      return undefined;
    case RESOURCE_NEW:
    case RESOURCE_DROP:
    case RESOURCE_REP:
      reader.u32();
      return undefined;
    default:
      throw new UnsupportedComponentError(`canonical function 0x${opcode.toString(16)} of asynchronous components`);
  }
}

function skipOptions(reader: ByteReader): void {
  reader.vector(() => {
    const option = reader.byte();
    if (option === ASYNC) throw new UnsupportedComponentError("an asynchronous function");
    if (option > LAST_STRING_ENCODING) reader.u32();
  });
}
