import { refuse } from "./answer.ts";

/** Longer than this, no function of the system waits. */
const LONGEST_MS = 300_000;

/** Of bytes, what is handed over at once. */
export const MOST_BYTES = 1_048_576;

/** A time that a guest gives; answered with the tag when it is none. */
export function timeOf(millis: number, tag: string): number {
  return millis >= 1 && millis <= LONGEST_MS ? millis : refuse(tag, `it waits 1 to ${LONGEST_MS} ms, not ${millis}`);
}
