// The work as a component: the message comes in memory that the host asked for, and the answer is read from where it is.
import { digestOf } from "./digest.as";

const ARENA_BYTES: usize = 65536;
const arena = memory.data(65536, 16);
const result = memory.data(8, 4);
const digestBytes = memory.data(32);
let used: usize = 0;

export function digest(message: usize, length: u32): usize {
  digestOf(message, length, digestBytes);
  store<usize>(result, digestBytes);
  store<u32>(result, 32, 4);
  return result;
}

/** What one call was given is let go of at its end. */
export function cabi_post_digest(_result: usize): void {
  used = 0;
}

export function cabi_realloc(_old: usize, _oldSize: usize, align: usize, size: usize): usize {
  const at = (used + align - 1) & ~(align - 1);
  if (at + size > ARENA_BYTES) unreachable();
  used = at + size;
  return arena + at;
}
