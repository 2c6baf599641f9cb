import { codePointsOf, type GlobToken, matchesGlob } from "./glob.ts";
import { OPEN_END, type Segment } from "./segment.ts";

/** Patterns for one segment that a search may have to try one by one. */
export const MOST_GLOBS = 100;

/** Where a pattern ends, or is passed through by longer ones. */
export class TrieNode<Value> {
  /** The pattern that ends here holds before this moment; of none that ends here, never. */
  until: number = -Infinity;
  value: Value | undefined;
  any: TrieNode<Value> | undefined;
  rest: TrieNode<Value> | undefined;
  globs: GlobBranch<Value>[] | undefined;
  /** In the search numbered `search`, all from this segment on was tried before. */
  search: number = 0;
  triedFrom: number = 0;
  // Most nodes have one name below them. Comparing it spares them a map, and a search the hash of the segment.
  #onlyName: string | undefined;
  #only: TrieNode<Value> | undefined;
  #byName: Map<string, TrieNode<Value>> | undefined;

  named(name: string): TrieNode<Value> | undefined {
    return this.#byName ? this.#byName.get(name) : name === this.#onlyName ? this.#only : undefined;
  }

  addNamed(name: string): TrieNode<Value> {
    const known = this.named(name);
    if (known) return known;
    const added = new TrieNode<Value>();
    if (this.#byName) {
      this.#byName.set(name, added);
    } else if (this.#only && this.#onlyName !== undefined) {
      this.#byName = new Map([
        [this.#onlyName, this.#only],
        [name, added],
      ]);
    } else {
      this.#onlyName = name;
      this.#only = added;
    }
    return added;
  }
}

interface GlobBranch<Value> {
  readonly text: string;
  readonly tokens: readonly GlobToken[];
  readonly node: TrieNode<Value>;
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
      const exact = node.named(segment);
      const byLiteral = exact && this.#findFrom(exact, segments, at + 1, now);
      if (byLiteral !== undefined) return byLiteral;
      const byAny = node.any && this.#findFrom(node.any, segments, at + 1, now);
      if (byAny !== undefined) return byAny;
      if (node.globs) {
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
    case "literal":
      return node.addNamed(segment.text);
    case "glob": {
      const { text, tokens } = segment;
      node.globs ??= [];
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
