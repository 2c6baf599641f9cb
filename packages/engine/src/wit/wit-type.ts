/** The types of the WIT language, as a table: a reference is a primitive's name or an index into the table. */

export type WitPrimitive =
  | "bool"
  | "s8"
  | "u8"
  | "s16"
  | "u16"
  | "s32"
  | "u32"
  | "s64"
  | "u64"
  | "f32"
  | "f64"
  | "char"
  | "string";

export type WitTypeRef = WitPrimitive | number;

export type WitType =
  | { readonly kind: "record"; readonly fields: readonly WitField[] }
  | { readonly kind: "variant"; readonly cases: readonly WitCase[] }
  | { readonly kind: "list"; readonly element: WitTypeRef; readonly length?: number }
  | { readonly kind: "tuple"; readonly elements: readonly WitTypeRef[] }
  | { readonly kind: "flags"; readonly labels: readonly string[] }
  | { readonly kind: "enum"; readonly labels: readonly string[] }
  | { readonly kind: "option"; readonly some: WitTypeRef }
  | { readonly kind: "result"; readonly ok: WitTypeRef | null; readonly error: WitTypeRef | null }
  | WitHandle;

export interface WitHandle {
  readonly kind: "handle";
  /** Whether the resource changes hands, or is lent for the time of a call. */
  readonly isOwned: boolean;
  /** Undefined when the resource has no name outside the component, or more than one resource could be meant. */
  readonly resource?: WitResource;
}

/** A resource by the interface that defines it; other interfaces may use it under names of their own. */
export interface WitResource {
  /** Whether the component defines it, or whoever provides its imports. */
  readonly side: "import" | "export";
  readonly interface: string;
  readonly name: string;
}

export interface WitField {
  readonly name: string;
  readonly type: WitTypeRef;
}

export interface WitCase {
  readonly name: string;
  readonly type: WitTypeRef | null;
}

export interface WitFunction {
  readonly name: string;
  readonly parameters: readonly WitField[];
  readonly result: WitTypeRef | null;
}

/** An imported or exported interface; the functions of the world itself are under the name "". */
export interface WitInterface {
  readonly name: string;
  readonly functions: readonly WitFunction[];
  readonly resources: readonly string[];
}

/** What a component asks for and offers. */
export interface WitWorld {
  readonly types: readonly WitType[];
  readonly imports: readonly WitInterface[];
  readonly exports: readonly WitInterface[];
}

/** Whether calls of the function answer with ok or error. */
export function returnsResult(fn: WitFunction, types: readonly WitType[]): boolean {
  return typeof fn.result === "number" && types[fn.result]?.kind === "result";
}

/** The types that a type is made of; null stands for one that is left out. */
export function partsOf(type: WitType): readonly (WitTypeRef | null)[] {
  switch (type.kind) {
    case "record":
      return type.fields.map((field) => field.type);
    case "variant":
      return type.cases.map((each) => each.type);
    case "tuple":
      return type.elements;
    case "list":
      return [type.element];
    case "option":
      return [type.some];
    case "result":
      return [type.ok, type.error];
    case "flags":
    case "enum":
    case "handle":
      return [];
  }
}
