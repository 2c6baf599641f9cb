// A path is compared as it is written. What could be written in two ways is refused instead of rewritten: a rewritten path may
// name another file than the one that is opened.
import { hasOnlyRisingRanges, MANY, ONE, parseGlob } from "./glob.ts";
import { ANY, literal, REST, type Segment } from "./segment.ts";

const LONGEST = 4096;
const MOST_SEGMENTS = 256;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;

/** Not in any path: separators of other systems, what cannot be seen, halves of characters. */
const FORBIDDEN = String.raw`\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}`;
/** Dots, separators and NUL as somebody further down might decode them, once or several times; overlong UTF-8 too. */
const ENCODED = "%(?:25)*(?:2[eEfF]|5[cC]|00|[cC][01]|[eE]0%(?:25)*80|[fF]0%(?:25)*80)";
const NO_DOTS = String.raw`(?!\.{1,2}(?:/|$))`;

/** An absolute path whose segments may be left open: `*`, `?` and `[abc]` within a segment, `**` as a whole one. */
export const PATH_PATTERN: RegExp = new RegExp(
  `^(?!.*${ENCODED})(?:/|(?:/${NO_DOTS}(?:\\*\\*(?=/|$)|(?:[^/*?[\\]${FORBIDDEN}]|\\*(?!\\*)|\\?|\\[(?![!^])[^/[\\]${FORBIDDEN}]+\\])+))+)$`,
  "u",
);

/** An absolute path without anything left open. */
export const PROGRAM_PATH: RegExp = new RegExp(`^(?!.*${ENCODED})(?:/${NO_DOTS}[^/*?[\\]${FORBIDDEN}]+)+$`, "u");

const UNUSUAL = new RegExp(`[${FORBIDDEN}]`, "u");
const DECODABLE = new RegExp(ENCODED);

export const LONGEST_PATTERN = 1024;

/** The segments of a pattern; undefined for what is none. */
export function parsePathPattern(pattern: string): readonly Segment[] | undefined {
  if (pattern.length > LONGEST_PATTERN || !PATH_PATTERN.test(pattern)) return undefined;
  if (pattern.normalize("NFC") !== pattern || !hasOnlyRisingRanges(pattern)) return undefined;
  if (pattern === "/") return [];
  const segments = pattern.slice(1).split("/").map(parseSegment);
  // Two in a row say no more than one.
  return segments.filter((segment, index) => segment !== REST || segments[index + 1] !== REST);
}

function parseSegment(text: string): Segment {
  if (text === "**") return REST;
  if (text === "*") return ANY;
  return /[*?[]/.test(text) ? { type: "glob", text, tokens: parseGlob(text) } : literal(text);
}

/** The tokens that a segment stands for; `rest` stands for no single one. */
export function tokensOf(segment: Exclude<Segment, { readonly type: "rest" }>): ReturnType<typeof parseGlob> {
  if (segment.type === "any") return [ONE, MANY];
  return segment.type === "glob" ? segment.tokens : parseGlob(segment.text.replaceAll(/[*?[]/g, "[$&]"));
}

/** The segments of one path, or why it is none that could be compared. */
export function splitPath(path: string): readonly string[] | string {
  if (path.charCodeAt(0) !== SLASH) return "not absolute";
  if (path.length > LONGEST) return `longer than ${LONGEST} characters`;
  const segments: string[] = [];
  if (path.length === 1) return segments;
  let isPlain = true;
  let start = 1;
  for (let at = 1; at <= path.length; at += 1) {
    const code = at === path.length ? SLASH : path.charCodeAt(at);
    if (code === SLASH) {
      const segment = path.slice(start, at);
      if (segment === "" || segment === "." || segment === "..") return "not normalised";
      segments.push(segment);
      start = at + 1;
    } else if (code < 0x20 || code > 0x7e || code === BACKSLASH || code === PERCENT) {
      isPlain = false;
    }
  }
  if (segments.length > MOST_SEGMENTS) return `deeper than ${MOST_SEGMENTS} folders`;
  return (isPlain ? undefined : whyUnclear(path)) ?? segments;
}

/** What is wrong with a path that is more than printable ASCII. */
function whyUnclear(path: string): string | undefined {
  if (UNUSUAL.test(path) || !path.isWellFormed()) return "with a backslash, a control or an invisible character";
  if (DECODABLE.test(path)) return "with an encoded dot, separator or NUL";
  return path.normalize("NFC") === path ? undefined : "not in Unicode's form NFC";
}
