import { InvalidExportError, kindOf, shown, StorageError } from "../errors.ts";
import { checkKey } from "../key.ts";
import { HIGHEST_LIMITS } from "../limits.ts";
import { checkName } from "../store.ts";

/*
 * An export is text: one line of JSON for each of these. A section is a header, the entries of a namespace in the order of their
 * keys, and an end, by which a section that was cut short or changed is found out. Sections follow one another.
 */

export interface HeaderLine {
  readonly format: "airssys-storage";
  readonly version: 1;
  readonly namespace: string;
}

export interface EntryLine {
  readonly key: string;
  /** Base64. */
  readonly value: string;
}

export interface EndLine {
  readonly entries: number;
  /** Of keys in UTF-8 and values. */
  readonly bytes: number;
  /** Of all lines of the section before this one with their newlines, in hexadecimal digits. */
  readonly sha256: string;
}

/** Room for the longest key with every character escaped, the longest value, and the punctuation. */
export const MAX_LINE_BYTES: number =
  6 * HIGHEST_LIMITS.maxKeyBytes + 4 * Math.ceil(HIGHEST_LIMITS.maxValueBytes / 3) + 1024;

const HEADER = 'a header such as {"format":"airssys-storage","version":1,"namespace":"orders"}';
const ENTRY_OR_END = "an entry, or the end of the section";
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function lineOf(line: HeaderLine | EntryLine | EndLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** @throws InvalidExportError */
export function headerIn(bytes: Uint8Array, line: number): HeaderLine {
  const { format, version, namespace, ...rest } = objectIn(bytes, line, HEADER);
  if (format !== "airssys-storage" || Object.keys(rest).length > 0) fail(line, HEADER, "something else");
  if (version !== 1) fail(line, "of version 1", shown(version));
  return { format, version: 1, namespace: attempt(line, "a namespace's header", () => checkName(namespace)) };
}

/** @throws InvalidExportError */
export function entryOrEndIn(
  bytes: Uint8Array,
  line: number,
): { readonly key: string; readonly value: Uint8Array } | EndLine {
  const found = objectIn(bytes, line, ENTRY_OR_END);
  const names = Object.keys(found).toSorted().join();
  const { key, value, entries, bytes: size, sha256 } = found;
  if (names === "key,value") {
    attempt(line, "an entry", () => checkKey(key, HIGHEST_LIMITS.maxKeyBytes));
    return { key: String(key), value: valueIn(value, line) };
  }
  if (names === "bytes,entries,sha256" && isCount(entries) && isCount(size) && typeof sha256 === "string") {
    return { entries, bytes: size, sha256 };
  }
  return fail(line, ENTRY_OR_END, "something else");
}

/** What is there instead of a line. */
export function endOfText(line: number, isInSection: boolean): InvalidExportError {
  return new InvalidExportError(line, isInSection ? ENTRY_OR_END : HEADER, "the end of the text");
}

function objectIn(bytes: Uint8Array, line: number, expected: string): Readonly<Record<string, unknown>> {
  const found: unknown = attempt(line, expected, () => JSON.parse(utf8.decode(bytes)));
  if (typeof found !== "object" || found === null || Array.isArray(found)) return fail(line, expected, kindOf(found));
  return { ...found };
}

function valueIn(value: unknown, line: number): Uint8Array {
  const text = typeof value === "string" ? value : "";
  const bytes = Buffer.from(text, "base64");
  // Decoding skips what is no Base64.
  if (typeof value === "string" && bytes.toString("base64") === text) return bytes;
  return fail(line, "an entry with a value in Base64", shown(value));
}

function isCount(found: unknown): found is number {
  return Number.isSafeInteger(found) && Number(found) >= 0;
}

function attempt<T>(line: number, expected: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const found = cause instanceof StorageError ? `one that is refused: ${cause.message}` : "no JSON in UTF-8";
    throw new InvalidExportError(line, expected, found, { cause });
  }
}

function fail(line: number, expected: string, found: string): never {
  throw new InvalidExportError(line, expected, found);
}
