import type { GlobToken } from "./glob.ts";

/** One part of a pattern between two separators. */
export type Segment =
  | { readonly type: "literal"; readonly text: string }
  /** Part of a name is left open. */
  | { readonly type: "glob"; readonly text: string; readonly tokens: readonly GlobToken[] }
  /** Exactly one segment, whatever it is. */
  | { readonly type: "any" }
  /** Any number of segments, none included. */
  | { readonly type: "rest" };

export const ANY: Segment = { type: "any" };
export const REST: Segment = { type: "rest" };

/** Stands in a request for "any number of segments"; no resource has such a segment. */
export const OPEN_END = "\0";

export function literal(text: string): Segment {
  return { type: "literal", text };
}

/** Whether every list of segments of `requested` is one of `granted`. For patterns without globs, open at their end only. */
export function coversSegments(granted: readonly Segment[], requested: readonly Segment[]): boolean {
  const isOpen = granted.at(-1)?.type === "rest";
  const fixed = isOpen ? granted.slice(0, -1) : granted;
  if (requested.length < fixed.length || (!isOpen && requested.length > fixed.length)) return false;
  return fixed.every((segment, index) => {
    const asked = requested[index];
    if (segment.type === "literal") return asked?.type === "literal" && asked.text === segment.text;
    return segment.type === "any" && asked?.type !== "rest";
  });
}
