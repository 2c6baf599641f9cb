const MOST: u32 = 1 << 20;
const text = new StaticArray<u8>(MOST);
const skip = new StaticArray<u32>(256);
const sought = new StaticArray<u8>(16);

/** How often words of one to twelve letters occur in a text of n letters that look random, of an alphabet of four. */
export function search(n: u32): u32 {
  let next: u32 = 42;
  for (let at: u32 = 0; at < n; at++) {
    next = next * 1664525 + 1013904223;
    text[at] = 97 + <u8>(next >> 30);
  }
  let found: u32 = 0;
  for (let length: u32 = 1; length <= 12; length++) {
    for (let at: u32 = 0; at < length; at++) sought[at] = text[n / 2 + at];
    found += occurrences(n, length);
  }
  return found;
}

/** By Horspool: compares from the end, and moves on by where the last letter occurs in the word. */
function occurrences(n: u32, length: u32): u32 {
  for (let letter = 0; letter < 256; letter++) skip[letter] = length;
  for (let at: u32 = 0; at + 1 < length; at++) skip[sought[at]] = length - 1 - at;
  let found: u32 = 0;
  for (let from: u32 = 0; from + length <= n; ) {
    if (isAt(from, length)) found++;
    from += skip[text[from + length - 1]];
  }
  return found;
}

function isAt(from: u32, length: u32): bool {
  for (let at = length; at > 0; at--) if (text[from + at - 1] != sought[at - 1]) return false;
  return true;
}
