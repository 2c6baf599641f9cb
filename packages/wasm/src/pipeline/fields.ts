import {
  describeFound,
  isTable,
  nearestKey,
  quoted,
  type FieldPath,
  type PlainTable,
  type Reading,
} from "@airssys/security/document";

/** What a text must look like. */
export interface TextRule {
  /** Completes "expected …". */
  readonly expected: string;
  matches(text: string): boolean;
}

/** A list is read so far: each name in it is compared to others. */
const LONGEST_LIST = 256;

/** The fields of one table: each is read once, and what is wrong with it is reported where it stands. */
export class Fields {
  readonly path: FieldPath;
  readonly #reading: Reading;
  readonly #table: PlainTable;

  /** Takes a missing table for an empty one, and reports what is no table, and keys other than `keys`. */
  constructor(reading: Reading, path: FieldPath, source: unknown, keys: readonly string[]) {
    this.path = path;
    this.#reading = reading;
    const isGiven = source !== undefined;
    if (isGiven && !isTable(source)) this.#refuse(path, "a table", source);
    this.#table = isGiven && isTable(source) ? source : {};
    const known = keys.map((key) => written(reading, key));
    for (const key of Object.keys(this.#table)) {
      if (known.includes(key)) continue;
      const nearest = nearestKey(key, known);
      reading.report([...path, key], "key", {
        expected: `one of ${known.join(", ")}`,
        found: `an unknown key ${quoted(key)}`,
        hint: nearest && `did you mean ${nearest}?`,
      });
    }
  }

  /** Where the field is. */
  at(key: string, ...below: FieldPath): FieldPath {
    return [...this.path, written(this.#reading, key), ...below];
  }

  has(key: string): boolean {
    return this.#given(key) !== undefined;
  }

  /** Undefined, too, for what was reported. */
  text(key: string, rule: TextRule, isRequired = false): string | undefined {
    const value = this.#given(key);
    if (value === undefined && !isRequired) return undefined;
    if (isText(value, rule)) return value;
    return this.#refuse(this.at(key), rule.expected, value);
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.#given(key);
    if (value === undefined) return undefined;
    return choices.find((choice) => choice === value) ?? this.#refuse(this.at(key), anyOf(choices), value);
  }

  integer(key: string, min: number, max: number, standard: number): number {
    const value = this.#given(key);
    if (value === undefined) return standard;
    const number = this.#reading.dress === "toml" ? (typeof value === "bigint" ? Number(value) : undefined) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= min && number <= max) return number;
    this.#refuse(this.at(key), `an integer from ${min} to ${max}`, value);
    return standard;
  }

  flag(key: string, standard: boolean): boolean {
    const value = this.#given(key);
    if (value === undefined || typeof value === "boolean") return value ?? standard;
    this.#refuse(this.at(key), "true or false", value);
    return standard;
  }

  /** A place that was reported is undefined, so that the others keep theirs. Undefined when there is no list. */
  texts(key: string, rule: TextRule): readonly (string | undefined)[] | undefined {
    return this.#items(key)?.map((value, index) =>
      isText(value, rule) ? value : this.#refuse(this.at(key, index), rule.expected, value),
    );
  }

  choices<T extends string>(key: string, choices: readonly T[]): readonly (T | undefined)[] | undefined {
    return this.#items(key)?.map(
      (value, index) =>
        choices.find((choice) => choice === value) ?? this.#refuse(this.at(key, index), anyOf(choices), value),
    );
  }

  list(key: string): readonly unknown[] | undefined {
    const value = this.#given(key);
    if (value === undefined) return undefined;
    // From a list with gaps, too, `map` is to see every place.
    return Array.isArray(value) ? Array.from<unknown>(value) : this.#refuse(this.at(key), "an array", value);
  }

  table(key: string, keys: readonly string[]): Fields {
    return new Fields(this.#reading, this.at(key), this.#given(key), keys);
  }

  #items(key: string): readonly unknown[] | undefined {
    const items = this.list(key);
    if (items === undefined || items.length <= LONGEST_LIST) return items;
    this.#refuse(this.at(key), `an array of at most ${LONGEST_LIST}`, items);
    return items.slice(0, LONGEST_LIST);
  }

  #given(key: string): unknown {
    const name = written(this.#reading, key);
    return Object.hasOwn(this.#table, name) ? this.#table[name] : undefined;
  }

  #refuse(path: FieldPath, expected: string, value: unknown): undefined {
    this.#reading.report(path, "value", { expected, found: describeFound(value, this.#reading.dress) });
  }
}

function isText(value: unknown, rule: TextRule): value is string {
  return typeof value === "string" && value.isWellFormed() && rule.matches(value);
}

function anyOf(choices: readonly string[]): string {
  return `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`;
}

function written({ dress }: Reading, key: string): string {
  return dress === "code" ? key : key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
