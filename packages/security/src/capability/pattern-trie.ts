import { codePointsOf, type GlobToken, matchesGlob } from "./glob.ts";
import { OPEN_END, type Segment } from "./segment.ts";

/** Patterns for one segment that a search may have to try one by one. */
export const MOST_GLOBS = 100;

/** Where a pattern ends, or is passed through by longer ones. */
export class TrieNode<Value> {
  /** The pattern that ends here holds before this moment; of none that ends here, never. */
  until: number = -Infinity;
  value: Value | undefined;
  readonly literals: Map<string, TrieNode<Value>> = new Map();
  readonly globs: { readonly text: string; readonly tokens: readonly GlobToken[]; readonly node: TrieNode<Value> }[] =
    [];
  any: TrieNode<Value> | undefined;
  rest: TrieNode<Value> | undefined;
  /** In the search numbered `search`, all from this segment on was tried before. */
  search: number = 0;
  triedFrom: number = 0;
}

/**
 * Patterns by their segments, so that looking one up takes the time of its segments and not of all patterns. Where one folder has
 * patterns that leave part of a name open, those are tried one by one.
 */
export class PatternTrie<Value> {
  readonly #root = new TrieNode<Value>();
  #searches = 0;

  /** Where the pattern ends; undefined where it would be one too many that leave part of a name open in the same folder. */
  at(segments: readonly Segment[]): TrieNode<Value> | undefined {
    let node: TrieNode<Value> | undefined = this.#root;
    for (const segment of segments) node = node && child(node, segment);
    return node;
  }

  /** What was kept with a pattern that covers these segments and holds at `now`. */
  find(segments: readonly string[], now: number): Value | undefined {
    this.#searches += 1;
    return this.#findFrom(this.#root, segments, 0, now);
  }

  #findFrom(node: TrieNode<Value>, segments: readonly string[], at: number, now: number): Value | undefined {
    const segment = segments[at];
    if (segment === undefined) {
      if (node.until > now) return node.value;
    } else if (segment !== OPEN_END) {
      const exact = node.literals.get(segment);
      const byLiteral = exact && this.#findFrom(exact, segments, at + 1, now);
      if (byLiteral !== undefined) return byLiteral;
      const byAny = node.any && this.#findFrom(node.any, segments, at + 1, now);
      if (byAny !== undefined) return byAny;
      if (node.globs.length > 0) {
        const points = codePointsOf(segment);
        for (const glob of node.globs) {
          if (!matchesGlob(glob.tokens, points)) continue;
          const byGlob = this.#findFrom(glob.node, segments, at + 1, now);
          if (byGlob !== undefined) return byGlob;
        }
      }
    }
    return node.rest && this.#findBehind(node.rest, segments, at, now);
  }

  /** What follows "any number of segments" is tried behind each number, but behind none twice in a search. */
  #findBehind(node: TrieNode<Value>, segments: readonly string[], from: number, now: number): Value | undefined {
    const end = node.search === this.#searches ? node.triedFrom : segments.length + 1;
    node.search = this.#searches;
    node.triedFrom = Math.min(from, end);
    if (node.until > now) return node.value;
    for (let at = from; at < end; at += 1) {
      const found = this.#findFrom(node, segments, at, now);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function child<Value>(node: TrieNode<Value>, segment: Segment): TrieNode<Value> | undefined {
  switch (segment.type) {
    case "literal": {
      const known = node.literals.get(segment.text) ?? new TrieNode();
      node.literals.set(segment.text, known);
      return known;
    }
    case "glob": {
      const { text, tokens } = segment;
      const known = node.globs.find((glob) => glob.text === text);
      if (known || node.globs.length >= MOST_GLOBS) return known?.node;
      const added = { text, tokens, node: new TrieNode<Value>() };
      node.globs.push(added);
      return added.node;
    }
    case "any":
      node.any ??= new TrieNode();
      return node.any;
    case "rest":
      node.rest ??= new TrieNode();
      return node.rest;
  }
}
