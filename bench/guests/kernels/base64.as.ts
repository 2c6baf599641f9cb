import { crc32Of } from "./crc32.as";

const MOST: u32 = 3 << 16;
const bytes = new StaticArray<u8>(MOST);
const encoded = new StaticArray<u8>(4 << 16);
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const letters = new StaticArray<u8>(64);
const values = new StaticArray<u8>(256);
for (let value = 0; value < 64; value++) {
  letters[value] = <u8>LETTERS.charCodeAt(value);
  values[letters[value]] = <u8>value;
}

/** Encodes n bytes, of which each is 31 more than the one before it, a multiple of three, and decodes them: the CRC-32 of their text. */
export function base64(n: u32): u32 {
  for (let at: u32 = 0; at < n; at++) bytes[at] = <u8>(at * 31);
  const length = encode(n);
  const crc = crc32Of(encoded, length);
  memory.fill(changetype<usize>(bytes), 0, n);
  decode(length);
  for (let at: u32 = 0; at < n; at++) if (bytes[at] != <u8>(at * 31)) return 0;
  return crc;
}

function encode(length: u32): u32 {
  let to: u32 = 0;
  for (let from: u32 = 0; from < length; from += 3) {
    const three = ((<u32>bytes[from]) << 16) | ((<u32>bytes[from + 1]) << 8) | bytes[from + 2];
    encoded[to] = letters[three >> 18];
    encoded[to + 1] = letters[(three >> 12) & 63];
    encoded[to + 2] = letters[(three >> 6) & 63];
    encoded[to + 3] = letters[three & 63];
    to += 4;
  }
  return to;
}

function decode(length: u32): void {
  let to: u32 = 0;
  for (let from: u32 = 0; from < length; from += 4) {
    const three =
      ((<u32>values[encoded[from]]) << 18) |
      ((<u32>values[encoded[from + 1]]) << 12) |
      ((<u32>values[encoded[from + 2]]) << 6) |
      values[encoded[from + 3]];
    bytes[to] = <u8>(three >> 16);
    bytes[to + 1] = <u8>(three >> 8);
    bytes[to + 2] = <u8>three;
    to += 3;
  }
}
