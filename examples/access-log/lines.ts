/** Longer than this and a line is malformed; no web server writes such lines, and nothing is to be held in memory for them. */
export const maxLineBytes = 65_536;

/** A line without its line end, or the length of one that was too long to keep. */
export type Line = Uint8Array | { readonly tooLong: number };

const lf = 0x0a;
const cr = 0x0d;

/**
 * Splits a stream of bytes at LF. A CR before it is dropped, empty lines are skipped, and the last line needs no end. However
 * long a line is, no more than `maxLineBytes` of it are held.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let held: Uint8Array[] = [];
  let length = 0;
  const keep = (piece: Uint8Array): void => {
    length += piece.length;
    if (length <= maxLineBytes + 1) held.push(piece);
    else held = [];
  };
  const take = (): Line | undefined => {
    const line = finish(held, length);
    held = [];
    length = 0;
    return line;
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lf); end !== -1; end = chunk.indexOf(lf, start)) {
      keep(chunk.subarray(start, end));
      const line = take();
      if (line !== undefined) yield line;
      start = end + 1;
    }
    // A stream may reuse its buffer: what outlives the chunk is copied.
    if (start < chunk.length) keep(chunk.slice(start));
  }
  const last = take();
  if (last !== undefined) yield last;
}

function finish(pieces: readonly Uint8Array[], length: number): Line | undefined {
  if (length > maxLineBytes + 1) return { tooLong: length };
  const whole = pieces.length === 1 ? (pieces[0] ?? new Uint8Array()) : Buffer.concat(pieces);
  const line = whole.at(-1) === cr ? whole.subarray(0, -1) : whole;
  if (line.length > maxLineBytes) return { tooLong: line.length };
  return line.length === 0 ? undefined : line;
}
