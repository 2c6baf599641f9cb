import type { FileErrorCode, NewTimes } from "../files/guest-files.ts";
import type { Datetime } from "./clocks.ts";

/** What a guest wants a time of a file to be. */
export type NewTimestamp =
  | { readonly tag: "no-change" }
  | { readonly tag: "now" }
  | { readonly tag: "timestamp"; readonly val: Datetime };

const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** The times to set. Throws "invalid" for what is no time, and "overflow" for one that no file could keep. */
export function newTimes(accessed: NewTimestamp, modified: NewTimestamp, now: bigint): NewTimes {
  return { accessedAt: nanosecondsOf(accessed, now), modifiedAt: nanosecondsOf(modified, now) };
}

function nanosecondsOf(timestamp: NewTimestamp, now: bigint): bigint | undefined {
  switch (timestamp.tag) {
    case "no-change":
      return undefined;
    case "now":
      return now;
    case "timestamp": {
      const { seconds, nanoseconds } = timestamp.val;
      if (BigInt(nanoseconds) >= NANOSECONDS_PER_SECOND) throw "invalid" satisfies FileErrorCode;
      if (seconds >= 2n ** 63n / NANOSECONDS_PER_SECOND) throw "overflow" satisfies FileErrorCode;
      return seconds * NANOSECONDS_PER_SECOND + BigInt(nanoseconds);
    }
  }
}
