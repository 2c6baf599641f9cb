const ROUND: StaticArray<u32> = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];
const START: StaticArray<u32> = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

const BLOCK_BYTES: u32 = 64;
const state = new StaticArray<u32>(8);
const schedule = new StaticArray<u32>(64);
/** The end of what is hashed, padded: one block, or two. */
const padded = memory.data(128);

const MOST: u32 = 1 << 20;
const text = new StaticArray<u8>(MOST);
const digest = memory.data(32);

/** The first word of the SHA-256 of n bytes, of which each is 31 more than the one before it. */
export function sha256(n: u32): u32 {
  for (let at: u32 = 0; at < n; at++) text[at] = <u8>(at * 31);
  hash(changetype<usize>(text), n, digest);
  return bswap<u32>(load<u32>(digest));
}

/** Writes the 32 bytes of the SHA-256 of `length` bytes. */
export function hash(from: usize, length: u32, to: usize): void {
  for (let word = 0; word < 8; word++) state[word] = START[word];
  let at: u32 = 0;
  for (; at + BLOCK_BYTES <= length; at += BLOCK_BYTES) addBlock(from + at);
  const rest = length - at;
  memory.copy(padded, from + at, rest);
  store<u8>(padded + rest, 0x80);
  const end: u32 = rest < 56 ? 64 : 128;
  memory.fill(padded + rest + 1, 0, end - rest - 1);
  store<u64>(padded + end - 8, bswap<u64>((<u64>length) << 3));
  for (let block: u32 = 0; block < end; block += BLOCK_BYTES) addBlock(padded + block);
  for (let word = 0; word < 8; word++) store<u32>(to + (word << 2), bswap<u32>(state[word]));
}

function addBlock(block: usize): void {
  for (let at = 0; at < 16; at++) schedule[at] = bswap<u32>(load<u32>(block + (at << 2)));
  for (let at = 16; at < 64; at++) {
    const first = schedule[at - 15];
    const second = schedule[at - 2];
    const low = rotr<u32>(first, 7) ^ rotr<u32>(first, 18) ^ (first >> 3);
    const high = rotr<u32>(second, 17) ^ rotr<u32>(second, 19) ^ (second >> 10);
    schedule[at] = schedule[at - 16] + low + schedule[at - 7] + high;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let at = 0; at < 64; at++) {
    const high = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const one = h + high + ((e & f) ^ (~e & g)) + ROUND[at] + schedule[at];
    const low = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
    const two = low + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + one;
    d = c;
    c = b;
    b = a;
    a = one + two;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}
