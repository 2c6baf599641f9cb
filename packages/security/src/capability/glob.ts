/** Code points from the first to the second, both included. */
export type CodePoints = readonly (readonly [from: number, to: number])[];

/** One character of a segment, or any number of them. */
export interface GlobToken {
  readonly matches: CodePoints;
  readonly isMany: boolean;
}

const SLASH = 0x2f;
export const SEPARATOR: CodePoints = [[SLASH, SLASH]];
export const NO_SEPARATOR: CodePoints = [
  [0, SLASH - 1],
  [SLASH + 1, 0x10ffff],
];
export const ONE: GlobToken = { matches: NO_SEPARATOR, isMany: false };
export const MANY: GlobToken = { matches: NO_SEPARATOR, isMany: true };

const PARTS = /\*|\?|\[([^\]]+)\]|([^])/gu;

/** The tokens of one segment of a path pattern that {@link hasOnlyRisingRanges}. */
export function parseGlob(segment: string): readonly GlobToken[] {
  return Array.from(segment.matchAll(PARTS), ([part, set, literal = part]) => {
    if (part === "*") return MANY;
    if (part === "?") return ONE;
    return { matches: set === undefined ? parseSet(literal) : parseSet(set), isMany: false };
  });
}

/** Whether no range runs backwards, as in `[z-a]`, which would stand for nothing at all. */
export function hasOnlyRisingRanges(pattern: string): boolean {
  return Array.from(pattern.matchAll(PARTS)).every(
    ([, set = ""]) => set === "" || rangesOf(set).every(([from, to]) => from <= to),
  );
}

/** Never the separator, though a range such as `[.-0]` has it in its middle. */
function parseSet(set: string): CodePoints {
  return rangesOf(set).flatMap(([from, to]): CodePoints => {
    if (from > SLASH || to < SLASH) return [[from, to]];
    const halves: CodePoints = [
      [from, SLASH - 1],
      [SLASH + 1, to],
    ];
    return halves.filter(([low, high]) => low <= high);
  });
}

function rangesOf(set: string): CodePoints {
  return Array.from(set.matchAll(/([^])-([^])|([^])/gu), ([, from, to, single = ""]) => [
    (from ?? single).codePointAt(0) ?? 0,
    (to ?? single).codePointAt(0) ?? 0,
  ]);
}

/** Whether a segment, given as code points, is one that the tokens stand for. Takes time in proportion to both at worst multiplied. */
export function matchesGlob(tokens: readonly GlobToken[], segment: readonly number[]): boolean {
  let token = 0;
  let at = 0;
  let lastMany = -1;
  let triedFrom = 0;
  while (at < segment.length) {
    const current = tokens[token];
    if (current?.isMany) {
      lastMany = token;
      triedFrom = at;
      token += 1;
    } else if (current && includes(current.matches, segment[at] ?? -1)) {
      token += 1;
      at += 1;
    } else if (lastMany >= 0) {
      // Only the last run of any characters needs to grow: what came before it matched as early as it could.
      token = lastMany + 1;
      triedFrom += 1;
      at = triedFrom;
    } else {
      return false;
    }
  }
  while (tokens[token]?.isMany) token += 1;
  return token === tokens.length;
}

export function includes(points: CodePoints, point: number): boolean {
  for (const [from, to] of points) if (point >= from && point <= to) return true;
  return false;
}

export function codePointsOf(text: string): readonly number[] {
  return Array.from(text, (char) => char.codePointAt(0) ?? 0);
}
