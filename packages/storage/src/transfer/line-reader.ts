import { InvalidExportError } from "../errors.ts";

/** Text in UTF-8, in pieces that may end anywhere: what a file stream gives, or an export. */
export type TextSource = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

export interface Line {
  /** Counts from 1. */
  readonly number: number;
  /** Without its end. */
  readonly bytes: Uint8Array;
}

const NEWLINE = 0x0a;

/**
 * The lines of a text, one after another; never more of it in memory than one piece and one line.
 *
 * @throws InvalidExportError for a line longer than `maxBytes`
 */
export async function* linesOf(source: TextSource, maxBytes: number): AsyncGenerator<Line, void, undefined> {
  let number = 1;
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  const take = (part: Uint8Array): void => {
    begunBytes += part.length;
    if (begunBytes > maxBytes) throw new InvalidExportError(number, `at most ${maxBytes} bytes`, "a longer one");
    begun.push(part);
  };
  for await (const piece of source) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      take(bytes.subarray(start, end));
      yield { number, bytes: Buffer.concat(begun) };
      [begun, begunBytes, start] = [[], 0, end + 1];
      number += 1;
    }
    // Copied: the source may use the memory of the piece again.
    if (start < bytes.length) take(Uint8Array.from(bytes.subarray(start)));
  }
  if (begunBytes > 0) yield { number, bytes: Buffer.concat(begun) };
}
