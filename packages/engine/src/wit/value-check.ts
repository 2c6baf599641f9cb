import { lowerCamelCase } from "./wit-name.ts";
import type { WitHandle, WitPrimitive, WitType, WitTypeRef } from "./wit-type.ts";

/** Says what is wrong with a value, or nothing. */
export type ValueCheck = (value: unknown) => string | undefined;

interface PrimitiveRule {
  readonly accepts: (value: unknown) => boolean;
  readonly expected: string;
  /** The typed array that may stand for a list of it. */
  readonly array?: new (length: number) => object;
}

const integer = (low: number, high: number, array: new (length: number) => object): PrimitiveRule => ({
  accepts: (value) => typeof value === "number" && Number.isInteger(value) && value >= low && value <= high,
  expected: `an integer from ${low} to ${high}`,
  array,
});

const bigInteger = (low: bigint, high: bigint, array: new (length: number) => object): PrimitiveRule => ({
  accepts: (value) => typeof value === "bigint" && value >= low && value <= high,
  expected: `a bigint from ${low} to ${high}`,
  array,
});

const float = (array: new (length: number) => object): PrimitiveRule => ({
  accepts: (value) => typeof value === "number",
  expected: "a number",
  array,
});

const PRIMITIVES: Readonly<Record<WitPrimitive, PrimitiveRule>> = {
  bool: { accepts: (value) => typeof value === "boolean", expected: "a boolean" },
  s8: integer(-128, 127, Int8Array),
  u8: integer(0, 255, Uint8Array),
  s16: integer(-32_768, 32_767, Int16Array),
  u16: integer(0, 65_535, Uint16Array),
  s32: integer(-2_147_483_648, 2_147_483_647, Int32Array),
  u32: integer(0, 4_294_967_295, Uint32Array),
  s64: bigInteger(-(2n ** 63n), 2n ** 63n - 1n, BigInt64Array),
  u64: bigInteger(0n, 2n ** 64n - 1n, BigUint64Array),
  f32: float(Float32Array),
  f64: float(Float64Array),
  char: { accepts: isChar, expected: "a string of one character" },
  string: { accepts: (value) => typeof value === "string", expected: "a string" },
};

function isChar(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const [first, ...rest] = value;
  return first !== undefined && rest.length === 0 && value.isWellFormed();
}

/**
 * The checks for values on their way into a guest, one for each type of the table. Built once per component; a check allocates
 * nothing while values are right.
 */
export class ValueChecks {
  readonly #types: readonly WitType[];
  readonly #handleCheck: (handle: WitHandle) => ValueCheck;
  readonly #checks = new Map<WitTypeRef, ValueCheck>();

  /** By default any object may be a resource: generated code looks closer. */
  constructor(types: readonly WitType[], handleCheck: (handle: WitHandle) => ValueCheck = () => isAnObject) {
    this.#types = types;
    this.#handleCheck = handleCheck;
  }

  for(ref: WitTypeRef): ValueCheck {
    const known = this.#checks.get(ref);
    if (known !== undefined) return known;
    const check = typeof ref === "string" ? primitiveCheck(ref) : this.#compound(this.#types[ref]);
    this.#checks.set(ref, check);
    return check;
  }

  #optional(ref: WitTypeRef | null): ValueCheck {
    return ref === null ? () => undefined : this.for(ref);
  }

  #compound(type: WitType | undefined): ValueCheck {
    switch (type?.kind) {
      case "record":
        return recordCheck(type.fields.map(({ name, type: ref }) => [lowerCamelCase(name), this.for(ref)] as const));
      case "variant":
        return taggedCheck("a variant", new Map(type.cases.map(({ name, type: ref }) => [name, this.#optional(ref)])));
      case "list":
        return listCheck(
          this.for(type.element),
          typeof type.element === "string" ? PRIMITIVES[type.element].array : undefined,
        );
      case "tuple":
        return tupleCheck(type.elements.map((ref) => this.for(ref)));
      case "flags":
        return flagsCheck(type.labels.map(lowerCamelCase));
      case "enum":
        return enumCheck(new Set(type.labels));
      case "option":
        return this.#optionCheck(type.some);
      case "result": {
        const cases = new Map([
          ["ok", this.#optional(type.ok)],
          ["err", this.#optional(type.error)],
        ]);
        return taggedCheck("a result", cases);
      }
      case "handle":
        return this.#handleCheck(type);
      case undefined:
        return () => "its type is unknown";
    }
  }

  /** An option of an option is tagged, since undefined could stand for either. */
  #optionCheck(some: WitTypeRef): ValueCheck {
    const check = this.for(some);
    const isNested = typeof some === "number" && this.#types[some]?.kind === "option";
    if (isNested)
      return taggedCheck(
        "an option",
        new Map([
          ["none", () => undefined],
          ["some", check],
        ]),
      );
    return (value) => (value === undefined || value === null ? undefined : check(value));
  }
}

const isAnObject: ValueCheck = (value) =>
  isObject(value) ? undefined : `expected a resource, found ${describe(value)}`;

function primitiveCheck(primitive: WitPrimitive): ValueCheck {
  const { accepts, expected } = PRIMITIVES[primitive];
  return (value) => (accepts(value) ? undefined : `expected ${primitive} (${expected}), found ${describe(value)}`);
}

function recordCheck(fields: readonly (readonly [string, ValueCheck])[]): ValueCheck {
  return (value) => {
    if (!isObject(value)) return `expected a record, found ${describe(value)}`;
    for (const [name, check] of fields) {
      const problem = check(value[name]);
      if (problem !== undefined) return `.${name} ${problem}`;
    }
    return undefined;
  };
}

function taggedCheck(what: string, cases: ReadonlyMap<string, ValueCheck>): ValueCheck {
  return (value) => {
    const tag = isObject(value) ? value["tag"] : undefined;
    const check = typeof tag === "string" ? cases.get(tag) : undefined;
    if (!isObject(value) || check === undefined) {
      return `expected ${what} { tag: ${[...cases.keys()].join(" | ")}, val }, found ${describe(value)}`;
    }
    const problem = check(value["val"]);
    return problem && `.val ${problem}`;
  };
}

function listCheck(element: ValueCheck, array: (new (length: number) => object) | undefined): ValueCheck {
  return (value) => {
    if (array !== undefined && value instanceof array) return undefined;
    if (!Array.isArray(value)) return `expected ${array?.name ?? "an array"}, found ${describe(value)}`;
    return elementProblem(value, () => element);
  };
}

function tupleCheck(elements: readonly ValueCheck[]): ValueCheck {
  return (value) => {
    if (!Array.isArray(value) || value.length !== elements.length) {
      return `expected an array of ${elements.length}, found ${describe(value)}`;
    }
    return elementProblem(value, (index) => elements[index]);
  };
}

function elementProblem(
  values: readonly unknown[],
  checkAt: (index: number) => ValueCheck | undefined,
): string | undefined {
  for (let index = 0; index < values.length; index += 1) {
    const problem = checkAt(index)?.(values[index]);
    if (problem !== undefined) return `[${index}] ${problem}`;
  }
  return undefined;
}

function flagsCheck(labels: readonly string[]): ValueCheck {
  return (value) => {
    if (!isObject(value)) return `expected flags, found ${describe(value)}`;
    const wrong = labels.find((label) => value[label] !== undefined && typeof value[label] !== "boolean");
    return wrong && `.${wrong} expected a boolean, found ${describe(value[wrong])}`;
  };
}

function enumCheck(labels: ReadonlySet<string>): ValueCheck {
  return (value) =>
    typeof value === "string" && labels.has(value)
      ? undefined
      : `expected one of ${[...labels].join(", ")}, found ${describe(value)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Short enough for an error message, whatever the value. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isObject(value))
    return value.constructor?.name === "Object" ? `an object` : `a ${value.constructor?.name ?? "object"}`;
  if (typeof value === "function") return "a function";
  return typeof value === "bigint" ? `${value}n` : String(value);
}
