import { readSize } from "./byte-size.ts";
import { readConfig, readConfigEntries } from "./config-entries.ts";
import { ManifestError } from "./errors.ts";
import { describeFound } from "./found-value.ts";
import type { Manifest } from "./manifest.ts";
import { type FieldPath, formatPath, quoted } from "./manifest-problem.ts";
import { MANIFEST_SCHEMA } from "./manifest-schema.ts";
import { nearestKey } from "./nearest-key.ts";
import { isTable, type PlainTable } from "./plain-table.ts";
import type { Reading } from "./reading.ts";
import {
  describeExpected,
  type Dress,
  type Field,
  HIGHEST_PORT,
  highest,
  keyIn,
  type RateField,
  type Table,
  type TextFormat,
} from "./schema.ts";

/** The manifest that `source` gives, complete with defaults. Throws {@link ManifestError} with everything that is wrong. */
export function readManifest(source: unknown, reading: Reading): Manifest {
  const manifest = readTable(MANIFEST_SCHEMA, source, [], reading);
  if (!isManifest(manifest, reading)) throw new ManifestError(reading.problems);
  return manifest;
}

/** The schema is the `TableOf<Manifest>`: what it reads without a problem is one. */
function isManifest(_read: unknown, reading: Reading): _read is Manifest {
  return reading.problems.length === 0;
}

function readTable(table: Table, source: unknown, path: FieldPath, reading: Reading): PlainTable {
  const values: Record<string, unknown> = {};
  if (source !== undefined && !isTable(source)) {
    reading.report(path, "value", { expected: "a table", found: describeFound(source, reading.dress) });
    return values;
  }
  const given = source ?? {};
  const known = new Map(
    Object.entries(table.fields).map(([key, node]) => [keyIn(reading.dress, key, node), { key, node }]),
  );
  for (const written of Object.keys(given)) {
    if (!known.has(written)) reportUnknownKey(written, [...known.keys()], path, reading);
  }
  for (const [written, { key, node }] of known) {
    const value = Object.hasOwn(given, written) ? given[written] : undefined;
    const at = [...path, written];
    const read = node.kind === "table" ? readTable(node, value, at, reading) : readField(node, value, at, reading);
    if (read !== undefined) values[key] = read;
  }
  checkOrderings(table, values, given, path, reading);
  checkTogether(table, given, path, reading);
  return Object.freeze(values);
}

function readField(field: Field, value: unknown, path: FieldPath, reading: Reading): unknown {
  if (value === undefined && field.required === undefined) return field.default;
  switch (field.kind) {
    case "integer":
      return inRange(readInteger(value, reading.dress), field.min, highest(field, reading.ceilings)) ?? refuse();
    case "number":
      return inRange(readNumber(value), field.min, field.max) ?? refuse();
    case "rate":
      return inRange(readRate(value, field, reading.dress), field.min, field.max) ?? refuse();
    case "size":
      return inRange(readBytes(value, reading.dress), field.min, highest(field, reading.ceilings)) ?? refuse();
    case "text":
      return isText(value, field.format) ? value : refuse();
    case "choice":
      return field.choices.find((choice) => choice === value) ?? refuse();
    case "ports":
      return Array.isArray(value) ? readPorts(value, path, reading) : refuse();
    case "list":
      return Array.isArray(value) ? readList(value, field.items, path, reading) : refuse();
    case "config":
      if (isTable(value)) return readConfig(value, path, reading);
      if (Array.isArray(value) && reading.dress === "code") return readConfigEntries(value, path, reading);
      return refuse();
  }

  function refuse(): undefined {
    reading.report(path, "value", {
      expected: describeExpected(field, reading.dress, reading.ceilings),
      found: describeFound(value, reading.dress),
      hint: hintFor(field, value),
    });
  }
}

function readInteger(value: unknown, dress: Dress): number | undefined {
  if (dress === "toml") return typeof value === "bigint" ? Number(value) : undefined;
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

function readNumber(value: unknown): number | undefined {
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : undefined;
}

function readRate(value: unknown, { measure }: RateField, dress: Dress): number | undefined {
  if (dress === "code") return readInteger(value, dress);
  const amount = typeof value === "string" ? /^([^/]+)\/s$/.exec(value)?.[1] : undefined;
  if (amount === undefined) return undefined;
  if (measure === "bytes") return readSize(amount);
  const digits = (measure === "count" ? /^([1-9]\d{0,9})$/ : /^([1-9]\d{0,9})ms$/).exec(amount)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function readPorts(values: readonly unknown[], path: FieldPath, reading: Reading): readonly number[] {
  const read: number[] = [];
  for (const [index, value] of values.entries()) {
    const port = inRange(readInteger(value, reading.dress), 1, HIGHEST_PORT);
    if (port !== undefined) read.push(port);
    else
      reading.report([...path, index], "value", {
        expected: `an integer from 1 to ${HIGHEST_PORT}`,
        found: describeFound(value, reading.dress),
      });
  }
  return Object.freeze(read);
}

function readBytes(value: unknown, dress: Dress): number | undefined {
  if (dress === "code") return readInteger(value, dress);
  return typeof value === "string" ? readSize(value) : undefined;
}

/** NaN is in no range. */
function inRange(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function isText(value: unknown, format: TextFormat): value is string {
  return (
    typeof value === "string" &&
    value.length <= format.maxLength &&
    value.isWellFormed() &&
    format.matches.test(value) &&
    (format.accepts?.(value) ?? true)
  );
}

function readList(values: readonly unknown[], items: TextFormat, path: FieldPath, reading: Reading): readonly string[] {
  const read: string[] = [];
  for (const [index, value] of values.entries()) {
    if (isText(value, items)) read.push(value);
    else
      reading.report([...path, index], "value", {
        expected: items.expected,
        found: describeFound(value, reading.dress),
      });
  }
  return Object.freeze(read);
}

function hintFor(field: Field, value: unknown): string | undefined {
  const isNumeric = field.kind === "integer" || field.kind === "number";
  return isNumeric && typeof value === "string" && /^\d[\d_]*(?:\.\d+)?$/.test(value)
    ? "write it without quotes"
    : undefined;
}

/** Checks relations only between values that are right in themselves. */
function checkOrderings(table: Table, values: PlainTable, given: PlainTable, path: FieldPath, reading: Reading): void {
  for (const { lesser, relation, greater } of table.orderings ?? []) {
    const low = values[lesser];
    const high = values[greater];
    if (typeof low !== "number" || typeof high !== "number") continue;
    if (relation === "below" ? low < high : low <= high) continue;
    const lesserKey = writtenKey(table, lesser, reading.dress);
    const greaterKey = writtenKey(table, greater, reading.dress);
    const isDefault = !Object.hasOwn(given, greaterKey);
    reading.report([...path, Object.hasOwn(given, lesserKey) ? lesserKey : greaterKey], "value", {
      expected: `${lesserKey} ${relation} ${greaterKey}, which is ${high}${isDefault ? " by default" : ""}`,
      found: `${lesserKey} = ${low}`,
    });
  }
}

function checkTogether(table: Table, given: PlainTable, path: FieldPath, reading: Reading): void {
  const keys = (table.together ?? []).map((key) => writtenKey(table, key, reading.dress));
  const missing = keys.filter((key) => !Object.hasOwn(given, key));
  if (missing.length === keys.length) return;
  for (const key of missing) {
    reading.report([...path, key], "value", { expected: `${keys.join(" and ")} together`, found: "nothing" });
  }
}

function writtenKey(table: Table, key: string, dress: Dress): string {
  const node = table.fields[key];
  return node ? keyIn(dress, key, node) : key;
}

function reportUnknownKey(written: string, siblings: readonly string[], path: FieldPath, reading: Reading): void {
  const nearest = nearestKey(written, siblings);
  const home = HOMES[reading.dress].get(written);
  reading.report([...path, written], "key", {
    expected: `one of ${siblings.join(", ")}`,
    found: `an unknown key ${quoted(written)}`,
    hint: home ? belongsTo(home) : nearest && `did you mean ${nearest}?`,
  });
}

function belongsTo(home: FieldPath): string {
  return home.length === 0 ? "it belongs at the top of the file" : `it belongs to [${formatPath(home)}]`;
}

/** The table each key is known in, for keys that stand in another. */
const HOMES: Readonly<Record<Dress, ReadonlyMap<string, FieldPath>>> = {
  toml: new Map(homesIn(MANIFEST_SCHEMA, [], "toml")),
  code: new Map(homesIn(MANIFEST_SCHEMA, [], "code")),
};

function* homesIn(table: Table, path: FieldPath, dress: Dress): Generator<readonly [string, FieldPath]> {
  for (const [key, node] of Object.entries(table.fields)) {
    const name = keyIn(dress, key, node);
    yield [name, path];
    if (node.kind === "table") yield* homesIn(node, [...path, name], dress);
  }
}
