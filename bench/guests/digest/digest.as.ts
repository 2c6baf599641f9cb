import { hash } from "../kernels/sha256.as";

const DIGEST_BYTES = 32;

/** Writes the SHA-256 of the message, of that the SHA-256, and so on: as often as its first two bytes say. */
export function digestOf(message: usize, length: u32, to: usize): void {
  const times = load<u16>(message);
  hash(message, length, to);
  for (let done: u16 = 1; done < times; done++) hash(to, DIGEST_BYTES, to);
}
