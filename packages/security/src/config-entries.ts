import { describeFound } from "./found-value.ts";
import type { ConfigEntries } from "./manifest.ts";
import { type FieldPath, quoted } from "./manifest-problem.ts";
import { isTable, type PlainTable } from "./plain-table.ts";
import type { Reading } from "./reading.ts";

const DEEPEST = 16;
const LONGEST_KEY = 256;
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);
const UNPRINTABLE = /[^\P{Cc}\t\n\r]/u;

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

interface WrittenEntry {
  readonly key: string;
  readonly value: string;
  readonly path: FieldPath;
}

/** Flattens a `[config]` table: nested keys joined by dots, strings as they are, all else as JSON. Reports what it cannot keep. */
export function readConfig(table: PlainTable, path: FieldPath, reading: Reading): ConfigEntries {
  return withoutRepeats(reading.inWrittenOrder(flatten(table, "", path, reading)), reading);
}

/** The same for entries that were flattened before, as in a manifest that is defined from another. */
export function readConfigEntries(pairs: readonly unknown[], path: FieldPath, reading: Reading): ConfigEntries {
  const entries: WrittenEntry[] = [];
  for (const [index, pair] of pairs.entries()) {
    const at = [...path, index];
    const [key, value]: readonly unknown[] = Array.isArray(pair) && pair.length === 2 ? pair : [];
    if (typeof key !== "string" || typeof value !== "string") {
      reading.report(at, "value", { expected: "a key and a string", found: describeFound(pair, reading.dress) });
    } else if (isKeyAllowed(key, at, reading) && readJson(value, at, reading) === value) {
      entries.push({ key, value, path: at });
    }
  }
  return withoutRepeats(entries, reading);
}

function withoutRepeats(entries: readonly WrittenEntry[], reading: Reading): ConfigEntries {
  const values = new Map<string, string>();
  for (const { key, value, path } of entries) {
    if (values.has(key)) {
      reading.report(path, "key", { expected: "a key not given before", found: `${quoted(key)} again` });
    }
    values.set(key, value);
  }
  return Object.freeze(Array.from(values, (entry) => Object.freeze(entry)));
}

function flatten(table: PlainTable, prefix: string, path: FieldPath, reading: Reading): readonly WrittenEntry[] {
  return Object.keys(table).flatMap((name) => {
    const value = table[name];
    const key = prefix + name;
    const at = [...path, name];
    if (value === undefined || !isKeyAllowed(name, at, reading)) return [];
    if (isTable(value)) return isDepthAllowed(at, reading) ? flatten(value, `${key}.`, at, reading) : [];
    const json = readJson(value, at, reading);
    if (json === undefined) return [];
    return [{ key, value: typeof json === "string" ? json : JSON.stringify(json), path: at }];
  });
}

function readJson(value: unknown, path: FieldPath, reading: Reading): Json | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") {
    if (value.isWellFormed() && !UNPRINTABLE.test(value)) return value;
    return refuse("a string without control characters, save tabs and line ends");
  }
  if (typeof value === "bigint" || typeof value === "number") {
    const number = Number(value);
    if (Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))) return number;
    return refuse("a finite number, as an integer within ±9007199254740991");
  }
  if (Array.isArray(value)) {
    if (!isDepthAllowed(path, reading)) return undefined;
    return Array.from(value, (item: unknown, index) => readJson(item, [...path, index], reading)).filter(isDefined);
  }
  if (isTable(value)) {
    if (!isDepthAllowed(path, reading)) return undefined;
    return Object.fromEntries(
      Object.keys(value).flatMap((key) => {
        const at = [...path, key];
        const json = isKeyAllowed(key, at, reading) ? readJson(value[key], at, reading) : undefined;
        return json === undefined ? [] : [[key, json]];
      }),
    );
  }
  return refuse(
    "a string, a number, a boolean, an array or a table",
    value instanceof Date ? "write the date as a string" : undefined,
  );

  function refuse(expected: string, hint?: string): undefined {
    reading.report(path, "value", { expected, found: describeFound(value, reading.dress), hint });
  }
}

function isDefined(json: Json | undefined): json is Json {
  return json !== undefined;
}

function isDepthAllowed(path: FieldPath, reading: Reading): boolean {
  if (path.length <= DEEPEST) return true;
  reading.report(path, "key", { expected: `nesting of at most ${DEEPEST} levels`, found: "more" });
  return false;
}

function isKeyAllowed(key: string, path: FieldPath, reading: Reading): boolean {
  const isFit = key !== "" && key.length <= LONGEST_KEY && key.isWellFormed() && !/\p{Cc}/u.test(key);
  if (isFit && !key.split(".").some((part) => RESERVED.has(part))) return true;
  reading.report(path, "key", {
    expected: isFit
      ? "a key that is not reserved by JavaScript"
      : `a key of 1 to ${LONGEST_KEY} characters, none a control character`,
    found: quoted(key),
  });
  return false;
}
