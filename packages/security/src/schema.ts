import type { Ceilings } from "./ceilings.ts";
import { printSize } from "./byte-size.ts";
import type { ConfigEntries } from "./manifest.ts";

/** What every field says of itself. Neither required nor with a default: the field may be absent. */
interface FieldBase<T> {
  readonly doc: string;
  readonly required?: true;
  readonly default?: T;
  /** The key in TOML where it is not the snake_case of the key in TypeScript. */
  readonly tomlKey?: string;
}

export interface IntegerField extends FieldBase<number> {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
  /** Names the ceiling that stands in for `max`. */
  readonly ceiling?: keyof Ceilings;
}

export interface NumberField extends FieldBase<number> {
  readonly kind: "number";
  readonly min: number;
  readonly max: number;
}

/** So much per second: in TOML `"1000/s"`, `"10MB/s"` or `"500ms/s"`, in TypeScript the number. */
export interface RateField extends FieldBase<number> {
  readonly kind: "rate";
  readonly measure: RateMeasure;
  readonly min: number;
  readonly max: number;
}

/** So many bytes: in TOML `"100MiB"`, in TypeScript 104857600. */
export interface SizeField extends FieldBase<number> {
  readonly kind: "size";
  readonly min: number;
  readonly max: number;
  /** Names the ceiling that stands in for `max`. */
  readonly ceiling?: keyof Ceilings;
}

export interface TextField extends FieldBase<string> {
  readonly kind: "text";
  readonly format: TextFormat;
}

export interface ChoiceField<T extends string = string> extends FieldBase<T> {
  readonly kind: "choice";
  readonly choices: readonly T[];
}

/** Integers, each of which is a port. */
export interface PortsField extends FieldBase<readonly number[]> {
  readonly kind: "ports";
}

export interface ListField extends FieldBase<readonly string[]> {
  readonly kind: "list";
  readonly items: TextFormat;
}

/** A table of anything, flattened to keys and values. */
export interface ConfigField extends FieldBase<ConfigEntries> {
  readonly kind: "config";
}

export interface TextFormat {
  /** Completes "expected …". */
  readonly expected: string;
  readonly matches: RegExp;
  readonly maxLength: number;
  /** What the expression cannot tell. */
  readonly accepts?: (text: string) => boolean;
}

export type RateMeasure = "count" | "bytes" | "milliseconds";

export const HIGHEST_PORT = 65_535;

export type Field =
  | PortsField
  | IntegerField
  | NumberField
  | RateField
  | SizeField
  | TextField
  | ChoiceField
  | ListField
  | ConfigField;

export interface Table {
  readonly kind: "table";
  readonly doc: string;
  readonly fields: { readonly [key: string]: SchemaNode };
  readonly orderings?: readonly Ordering<string>[];
  /** Fields of which either all are given or none. */
  readonly together?: readonly string[];
}

export type SchemaNode = Field | Table;

/** A relation that must hold between two fields of one table. */
export interface Ordering<Key> {
  readonly lesser: Key;
  readonly relation: "at most" | "below";
  readonly greater: Key;
}

/** The schema of exactly `T`: a field missing here, left over, or of the wrong kind does not compile. */
export interface TableOf<T> extends Table {
  readonly fields: { readonly [Key in keyof T]-?: NodeOf<Exclude<T[Key], undefined>> };
  readonly orderings?: readonly Ordering<keyof T & string>[];
  readonly together?: readonly (keyof T & string)[];
}

type NodeOf<T> = [T] extends [number]
  ? IntegerField | NumberField | RateField | SizeField
  : [T] extends [string]
    ? string extends T
      ? TextField
      : ChoiceField<T>
    : [T] extends [readonly string[]]
      ? ListField
      : [T] extends [readonly number[]]
        ? PortsField
        : [T] extends [ConfigEntries]
          ? ConfigField
          : TableOf<T>;

/** A manifest wears snake_case in TOML and camelCase in TypeScript. */
export type Dress = "toml" | "code";

export function keyIn(dress: Dress, key: string, node: SchemaNode): string {
  if (dress === "code") return key;
  const own = node.kind === "table" ? undefined : node.tomlKey;
  return own ?? key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Completes "expected …" for a value of the field. */
export function describeExpected(field: Field, dress: Dress, ceilings: Ceilings): string {
  switch (field.kind) {
    case "integer":
      return `an integer from ${field.min} to ${highest(field, ceilings)}`;
    case "number":
      return `a number from ${field.min} to ${field.max}`;
    case "rate":
      return dress === "toml"
        ? `a rate from "${printRate(field, field.min)}" to "${printRate(field, field.max)}"`
        : `an integer from ${field.min} to ${field.max}`;
    case "size":
      return dress === "toml"
        ? `a size from "${printSize(field.min)}" to "${printSize(highest(field, ceilings))}"`
        : `an integer from ${field.min} to ${highest(field, ceilings)}`;
    case "text":
      return field.format.expected;
    case "choice":
      return `one of ${field.choices.map((choice) => `"${choice}"`).join(", ")}`;
    case "ports":
      return `an array, each item an integer from 1 to ${HIGHEST_PORT}`;
    case "list":
      return `an array, each item ${field.items.expected}`;
    case "config":
      return "a table";
  }
}

export function highest(field: IntegerField | SizeField, ceilings: Ceilings): number {
  return field.ceiling === undefined ? field.max : ceilings[field.ceiling];
}

/** A rate as TOML writes it. */
export function printRate({ measure }: RateField, value: number): string {
  switch (measure) {
    case "count":
      return `${value}/s`;
    case "bytes":
      return `${printSize(value)}/s`;
    case "milliseconds":
      return `${value}ms/s`;
  }
}
