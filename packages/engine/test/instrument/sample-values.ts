import { lowerCamelCase } from "../../src/wit/wit-name.ts";
import type { WitHandle, WitPrimitive, WitType, WitTypeRef } from "../../src/wit/wit-type.ts";

/** Makes values of WIT types: small ones, the same each time. */
export class SampleValues {
  readonly #types: readonly WitType[];
  readonly #resource: (handle: WitHandle) => object;

  /** `resource` makes what stands for a handle. */
  constructor(types: readonly WitType[], resource: (handle: WitHandle) => object) {
    this.#types = types;
    this.#resource = resource;
  }

  of(ref: WitTypeRef | null): unknown {
    if (ref === null) return undefined;
    if (typeof ref === "string") return PRIMITIVES[ref];
    const type = this.#types[ref];
    switch (type?.kind) {
      case "record":
        return Object.fromEntries(type.fields.map(({ name, type: field }) => [lowerCamelCase(name), this.of(field)]));
      case "variant":
        return { tag: type.cases[0]?.name, val: this.of(type.cases[0]?.type ?? null) };
      case "list":
        return this.#list(type.element, type.length ?? 3);
      case "tuple":
        return type.elements.map((element) => this.of(element));
      case "flags":
        return Object.fromEntries(type.labels.map((label, index) => [lowerCamelCase(label), index % 2 === 0]));
      case "enum":
        return type.labels.at(-1);
      case "option":
        return this.#isOption(type.some) ? { tag: "some", val: this.of(type.some) } : this.of(type.some);
      case "result":
        return { tag: "ok", val: this.of(type.ok) };
      case "handle":
        return this.#resource(type);
      case undefined:
        throw new RangeError(`there is no type ${ref}`);
    }
  }

  /** Whether a value of the type would be, or hold, a resource. */
  holdsHandle(ref: WitTypeRef | null): boolean {
    let found = false;
    const probe = new SampleValues(this.#types, () => {
      found = true;
      return {};
    });
    probe.of(ref);
    return found;
  }

  #list(element: WitTypeRef, length: number): unknown {
    const items = Array.from({ length }, () => this.of(element));
    return element === "u8" ? Uint8Array.from(items, Number) : items;
  }

  #isOption(ref: WitTypeRef): boolean {
    return typeof ref === "number" && this.#types[ref]?.kind === "option";
  }
}

const PRIMITIVES: Readonly<Record<WitPrimitive, unknown>> = {
  bool: true,
  s8: -3,
  u8: 7,
  s16: -300,
  u16: 700,
  s32: -5,
  u32: 9,
  s64: -11n,
  u64: 13n,
  f32: 0.5,
  f64: -2.25,
  char: "ß",
  string: "some text, €",
};
