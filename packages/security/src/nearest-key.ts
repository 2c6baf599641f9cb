/** The known key an author most likely meant, if any is close: at most half of its letters wrong. */
export function nearestKey(written: string, known: readonly string[]): string | undefined {
  if (written.length > 64) return undefined;
  let nearest: string | undefined;
  let least = Infinity;
  for (const key of known) {
    const distance = editDistance(written.toLowerCase(), key.toLowerCase());
    if (distance < least && distance <= key.length / 2) {
      nearest = key;
      least = distance;
    }
  }
  return nearest;
}

/** Letters to insert, delete, replace or swap with their neighbour to turn one text into the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
