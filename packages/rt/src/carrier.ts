/**
 * A message with more to it than itself: an ask or an envelope. The two share a base so that the loop finds with one check that a
 * message is neither, as most are not (bench: `tell`).
 */
export abstract class Carrier {
  abstract readonly payload: unknown;
}
