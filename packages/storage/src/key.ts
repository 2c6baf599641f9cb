import { InvalidKeyError, kindOf, KeyTooLargeError } from "./errors.ts";

/**
 * The bytes of a key in UTF-8. Any string will do that has such bytes: a lone surrogate has none. Nothing is normalised: two keys
 * are the same when their bytes are.
 *
 * @throws InvalidKeyError, KeyTooLargeError
 */
export function checkKey(key: unknown, maxKeyBytes: number): number {
  if (typeof key !== "string") throw new InvalidKeyError(kindOf(key));
  if (key === "") throw new InvalidKeyError("an empty one");
  if (!key.isWellFormed()) throw new InvalidKeyError("a lone surrogate");
  const bytes = Buffer.byteLength(key);
  if (bytes > maxKeyBytes) throw new KeyTooLargeError(bytes, maxKeyBytes);
  return bytes;
}

/** Below 0 when `a` comes first, in the order of the bytes in UTF-8. Both must be well-formed. */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    const [unitOfA, unitOfB] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (unitOfA !== unitOfB) return rank(unitOfA) - rank(unitOfB);
  }
  return a.length - b.length;
}

/** Surrogates stand for characters that come after all that are one UTF-16 unit; as units they do not. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
