import { lowerCamelCase } from "../wit/wit-name.ts";
import { partsOf, type WitHandle, type WitType, type WitTypeRef } from "../wit/wit-type.ts";

/*
 * Values cross between threads by structured clone, which knows nothing of WIT: it would take along what else hangs on an object, the
 * whole buffer behind a few bytes, lose what a class computes, and fail at resources. So values are copied by their types first, and
 * resources cross as numbers.
 */

/** Makes of a value what crosses, or of what crossed a value. The value is of the type already. */
export type Carry = (value: unknown) => unknown;

export interface PassageOptions {
  /** How handles cross. */
  readonly handle: (handle: WitHandle) => Carry;
  /** Whether values come from elsewhere than the engine, so that more may hang on them than their type says. */
  readonly copies: boolean;
}

const asItIs: Carry = (value) => value;

/** Carries values in one direction, by their WIT types. */
export class ValuePassage {
  readonly #types: readonly WitType[];
  readonly #options: PassageOptions;
  readonly #carries = new Map<number, Carry>();
  readonly #withHandles = new Map<number, boolean>();

  constructor(types: readonly WitType[], options: PassageOptions) {
    this.#types = types;
    this.#options = options;
  }

  for(ref: WitTypeRef | null): Carry {
    if (typeof ref !== "number") return asItIs;
    const known = this.#carries.get(ref);
    if (known !== undefined) return known;
    const type = this.#types[ref];
    const carry =
      type === undefined || !(this.#options.copies || this.#holdsHandles(ref)) ? asItIs : this.#carryOf(type);
    this.#carries.set(ref, carry);
    return carry;
  }

  #holdsHandles(ref: WitTypeRef | null): boolean {
    if (typeof ref !== "number") return false;
    const known = this.#withHandles.get(ref);
    if (known !== undefined) return known;
    const type = this.#types[ref];
    const holds =
      type !== undefined && (type.kind === "handle" || partsOf(type).some((part) => this.#holdsHandles(part)));
    this.#withHandles.set(ref, holds);
    return holds;
  }

  #carryOf(type: WitType): Carry {
    switch (type.kind) {
      case "handle":
        return this.#options.handle(type);
      case "record":
        return carryFields(type.fields.map(({ name, type: ref }) => [lowerCamelCase(name), this.for(ref)] as const));
      case "flags":
        return carryFields(type.labels.map((label) => [lowerCamelCase(label), asItIs] as const));
      case "variant":
        return carryCase(new Map(type.cases.map(({ name, type: ref }) => [name, this.for(ref)])));
      case "result":
        return carryCase(
          new Map([
            ["ok", this.for(type.ok)],
            ["err", this.for(type.error)],
          ]),
        );
      case "option":
        return this.#carryOption(type.some);
      case "tuple":
        return carryTuple(type.elements.map((element) => this.for(element)));
      case "list":
        return carryList(this.for(type.element));
      case "enum":
        return asItIs;
    }
  }

  #carryOption(some: WitTypeRef): Carry {
    const carry = this.for(some);
    const isNested = typeof some === "number" && this.#types[some]?.kind === "option";
    if (isNested)
      return carryCase(
        new Map([
          ["none", asItIs],
          ["some", carry],
        ]),
      );
    return (value) => (value === undefined || value === null ? undefined : carry(value));
  }
}

function carryFields(fields: readonly (readonly [string, Carry])[]): Carry {
  return (value) => {
    const carried: Record<string, unknown> = {};
    for (const [name, carry] of fields) carried[name] = carry(Reflect.get(Object(value), name));
    return carried;
  };
}

function carryCase(cases: ReadonlyMap<string, Carry>): Carry {
  return (value) => {
    const { tag, val } = Object(value);
    return { tag, val: cases.get(tag)?.(val) };
  };
}

function carryTuple(elements: readonly Carry[]): Carry {
  return (value) => elements.map((carry, index) => carry(Reflect.get(Object(value), index)));
}

function carryList(carry: Carry): Carry {
  return (value) => {
    if (ArrayBuffer.isView(value)) return ownBytes(value);
    return Array.isArray(value) ? value.map(carry) : value;
  };
}

const TYPED_ARRAYS: readonly (new (from: ArrayBufferView | number) => ArrayBufferView)[] = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  BigUint64Array,
  BigInt64Array,
  Float32Array,
  Float64Array,
];

/** Cloning a view takes all of its buffer along, and what Node calls a Buffer is often a view of one that others share. */
function ownBytes(view: ArrayBufferView): ArrayBufferView {
  const Kind = TYPED_ARRAYS.find((kind) => view instanceof kind) ?? Uint8Array;
  // Also one whose buffer was given away.
  if (view.byteLength === 0) return new Kind(0);
  const ownsAll = view.byteLength === view.buffer.byteLength && view.buffer instanceof ArrayBuffer;
  return ownsAll ? view : new Kind(view);
}
