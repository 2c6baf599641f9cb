/** Points for each entry: enough that entries get about equal shares. */
const POINTS = 64;

interface Point<T> {
  readonly at: number;
  readonly entry: T;
}

/** Assigns keys to entries so that an entry that comes or goes moves only the keys it gets or had. */
export class HashRing<T> {
  readonly #points: readonly Point<T>[];

  constructor(entries: readonly T[], nameOf: (entry: T) => string) {
    this.#points = entries
      .flatMap((entry) =>
        Array.from({ length: POINTS }, (_, index) => ({ at: hash(`${nameOf(entry)}#${index}`), entry })),
      )
      .toSorted((a, b) => a.at - b.at);
  }

  /** The entry of a key: the first from its place on that is `usable`. */
  find(key: string, usable: (entry: T) => boolean): T | undefined {
    const points = this.#points;
    const first = this.#firstAtOrAfter(hash(key));
    for (let step = 0; step < points.length; step += 1) {
      const point = points[(first + step) % points.length];
      if (point !== undefined && usable(point.entry)) return point.entry;
    }
    return undefined;
  }

  #firstAtOrAfter(place: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle]?.at ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** FNV-1a, with its bits mixed once more so that names which differ in the last letter end up far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
