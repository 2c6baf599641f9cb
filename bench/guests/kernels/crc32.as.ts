const table = new StaticArray<u32>(256);
for (let byte: u32 = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >> 1) : rest >> 1;
  table[byte] = rest;
}

const MOST: u32 = 1 << 20;
const text = new StaticArray<u8>(MOST);

/** The CRC-32 of n bytes, of which each is 31 more than the one before it. */
export function crc32(n: u32): u32 {
  for (let at: u32 = 0; at < n; at++) text[at] = <u8>(at * 31);
  return crc32Of(text, n);
}

export function crc32Of(bytes: StaticArray<u8>, length: u32): u32 {
  let rest: u32 = 0xffffffff;
  for (let at: u32 = 0; at < length; at++) rest = table[(rest ^ bytes[at]) & 0xff] ^ (rest >> 8);
  return ~rest;
}
