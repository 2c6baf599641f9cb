import { refuse } from "./answer.ts";

/** Longer than this, no function of the system waits. */
const LONGEST_MS = 300_000;

/** Of bytes, what is handed over at once. */
export const MOST_BYTES = 1_048_576;

/** A time that a guest gives; answered with the tag when it is none. */
export function timeOf(millis: number, tag: string): number {
  return millis >= 1 && millis <= LONGEST_MS ? millis : refuse(tag, `it waits 1 to ${LONGEST_MS} ms, not ${millis}`);
}

/** Pairs that a guest gives, by name; answered with the tag when one is there twice. Without a prototype: a name can be any. */
export function recordOf(
  pairs: readonly (readonly [string, string])[],
  what: string,
  tag: string,
): Readonly<Record<string, string>> {
  const record: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    if (name in record) return refuse(tag, `each ${what} is given once`);
    record[name] = value;
  }
  return record;
}
