import { codePointsOf, matchesGlob } from "./glob.ts";
import type { Segment } from "./segment.ts";

/** Whether a pattern matches a path or anything that could be below it. */
export function reachesPath(pattern: readonly Segment[], path: readonly string[]): boolean {
  for (const [index, name] of path.entries()) {
    const segment = pattern[index];
    // The pattern ends above the path.
    if (segment === undefined) return false;
    // Whatever follows "any number of names" can follow behind the path as well.
    if (segment.type === "rest") return true;
    if (segment.type === "literal" && segment.text !== name) return false;
    if (segment.type === "glob" && !matchesGlob(segment.tokens, codePointsOf(name))) return false;
  }
  return true;
}
