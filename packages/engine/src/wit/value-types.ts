import { CorruptComponentError, UnsupportedComponentError } from "../errors.ts";
import type { ByteReader } from "./byte-reader.ts";
import { at, type ComponentShape, type Scope } from "./component-shape.ts";
import type { ResourceIdentities } from "./resource-identities.ts";
import { type NameKind, safeName } from "./safe-names.ts";
import type { WitCase, WitField, WitPrimitive, WitType, WitTypeRef } from "./wit-type.ts";

const PRIMITIVES: ReadonlyMap<number, WitPrimitive> = new Map([
  [0x7f, "bool"],
  [0x7e, "s8"],
  [0x7d, "u8"],
  [0x7c, "s16"],
  [0x7b, "u16"],
  [0x7a, "s32"],
  [0x79, "u32"],
  [0x78, "s64"],
  [0x77, "u64"],
  [0x76, "f32"],
  [0x75, "f64"],
  [0x74, "char"],
  [0x73, "string"],
]);

/** The types of values that a component defines, read in the order in which it does, each with its place in one table. */
export class ValueTypes {
  readonly #table: WitType[] = [];
  /** The resources of the handles in the table, by the place of the handle. */
  readonly #resourceOf = new Map<number, number>();
  readonly #reader: ByteReader;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** All of them; handles name their resources as they are known outside the component. */
  types(resources: ResourceIdentities, { imports, exports }: ComponentShape): readonly WitType[] {
    const names = resources.names(imports, exports);
    return this.#table.map((type, index) => {
      const resource = names.get(resources.identityOf(this.#resourceOf.get(index)));
      return type.kind === "handle" && resource !== undefined ? { ...type, resource } : type;
    });
  }

  fields(scope: Scope): WitField[] {
    return this.#reader.vector(() => ({ name: this.#name("label"), type: this.valueType(scope) }));
  }

  valueType(scope: Scope): WitTypeRef {
    const reader = this.#reader;
    const lead = reader.peek();
    const primitive = PRIMITIVES.get(lead);
    if (primitive !== undefined) {
      reader.byte();
      return primitive;
    }
    // An index has no sign; what has one is the code of a type.
    if (lead >= 0x40 && lead <= 0x7f) throw unknownType(lead);
    const type = at(scope.types, reader.u32());
    if (type.sort !== "value-type") throw new CorruptComponentError("a value has a type of another sort");
    return type.ref;
  }

  #name(kind: NameKind): string {
    return safeName(kind, this.#reader.name());
  }

  #optionalValueType(scope: Scope): WitTypeRef | null {
    return this.#reader.byte() === 0 ? null : this.valueType(scope);
  }

  define(scope: Scope): WitTypeRef {
    const opcode = this.#reader.byte();
    const primitive = PRIMITIVES.get(opcode);
    if (primitive !== undefined) return primitive;
    this.#table.push(this.#compoundType(opcode, scope));
    return this.#table.length - 1;
  }

  #compoundType(opcode: number, scope: Scope): WitType {
    const reader = this.#reader;
    switch (opcode) {
      case 0x72:
        return { kind: "record", fields: this.fields(scope) };
      case 0x71:
        return { kind: "variant", cases: reader.vector(() => this.#variantCase(scope)) };
      case 0x70:
        return { kind: "list", element: this.valueType(scope) };
      case 0x67:
        return { kind: "list", element: this.valueType(scope), length: reader.u32() };
      case 0x6f:
        return { kind: "tuple", elements: reader.vector(() => this.valueType(scope)) };
      case 0x6e:
        return { kind: "flags", labels: reader.vector(() => this.#name("label")) };
      case 0x6d:
        return { kind: "enum", labels: reader.vector(() => this.#name("label")) };
      case 0x6b:
        return { kind: "option", some: this.valueType(scope) };
      case 0x6a:
        return { kind: "result", ok: this.#optionalValueType(scope), error: this.#optionalValueType(scope) };
      case 0x69:
      case 0x68: {
        const type = at(scope.types, reader.u32());
        if (type.sort !== "resource") throw new CorruptComponentError("a handle is to something else than a resource");
        this.#resourceOf.set(this.#table.length, type.id);
        return { kind: "handle", isOwned: opcode === 0x69 };
      }
      default:
        throw unknownType(opcode);
    }
  }

  #variantCase(scope: Scope): WitCase {
    const name = this.#name("label");
    const type = this.#optionalValueType(scope);
    this.#reader.byte();
    return { name, type };
  }
}

/** Those of WASI preview 3. */
const ASYNCHRONOUS_TYPES: ReadonlyMap<number, string> = new Map([
  [0x66, "a stream"],
  [0x65, "a future"],
  [0x64, "an error context"],
]);

function unknownType(opcode: number): UnsupportedComponentError {
  return new UnsupportedComponentError(ASYNCHRONOUS_TYPES.get(opcode) ?? `value type 0x${opcode.toString(16)}`);
}
