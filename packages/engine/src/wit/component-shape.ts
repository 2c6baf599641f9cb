import { CorruptComponentError, UnsupportedComponentError } from "../errors.ts";
import type { WitField, WitFunction, WitInterface, WitTypeRef } from "./wit-type.ts";

/** What a component is made of while it is decoded: items of several sorts, named by index within a scope. */

export interface FunctionType {
  readonly parameters: readonly WitField[];
  readonly result: WitTypeRef | null;
}

export type TypeEntry =
  | { readonly sort: "value-type"; readonly ref: WitTypeRef }
  | { readonly sort: "function-type"; readonly fn: FunctionType }
  | { readonly sort: "instance-type"; readonly exports: Items }
  | { readonly sort: "component-type"; readonly component: ComponentShape }
  | ResourceEntry;

export interface ResourceEntry {
  readonly sort: "resource";
  /** Counted from 0 in the order of their definitions, imports of nested components included. */
  readonly id: number;
}

export type Item =
  | { readonly sort: "function"; readonly fn: FunctionType }
  | { readonly sort: "instance"; readonly exports: Items }
  | { readonly sort: "component"; readonly component: ComponentShape }
  | { readonly sort: "type"; readonly type: TypeEntry }
  | { readonly sort: "core-module" };

export type Items = ReadonlyMap<string, Item>;

export interface ComponentShape {
  readonly imports: Items;
  readonly exports: Items;
}

/** The index spaces of one component, or of one component or instance type. */
export interface Scope {
  readonly outer: Scope | undefined;
  readonly types: TypeEntry[];
  readonly functions: FunctionType[];
  readonly instances: Items[];
  readonly components: ComponentShape[];
}

/** An empty scope inside another. */
export function newScope(outer: Scope | undefined): Scope {
  return { outer, types: [], functions: [], instances: [], components: [] };
}

/** What an index of a sort names in a scope. */
export function itemOf(scope: Scope, sort: number, index: number): Item {
  switch (sort) {
    case 1:
      return { sort: "function", fn: at(scope.functions, index) };
    case 3:
      return { sort: "type", type: at(scope.types, index) };
    case 4:
      return { sort: "component", component: at(scope.components, index) };
    case 5:
      return { sort: "instance", exports: at(scope.instances, index) };
    default:
      throw new UnsupportedComponentError(`item of sort ${sort}`);
  }
}

/** The item at an index of an index space. */
export function at<T>(space: readonly T[], index: number): T {
  const item = space[index];
  if (item === undefined) throw new CorruptComponentError(`index ${index} names nothing`);
  return item;
}

/** The interfaces among the imports or exports of a component, and its plain functions under "". */
export function interfacesOf(items: Items): WitInterface[] {
  const interfaces: WitInterface[] = [];
  const worldFunctions: WitFunction[] = [];
  for (const [name, item] of items) {
    switch (item.sort) {
      case "function":
        worldFunctions.push({ name, ...item.fn });
        break;
      case "instance":
        interfaces.push({ name, ...membersOf(item.exports) });
        break;
      case "component":
      case "core-module":
        throw new UnsupportedComponentError(`import or export of a ${item.sort} (${name})`);
      case "type":
        break;
    }
  }
  return worldFunctions.length === 0
    ? interfaces
    : [...interfaces, { name: "", functions: worldFunctions, resources: [] }];
}

function membersOf(items: Items): Omit<WitInterface, "name"> {
  const functions: WitFunction[] = [];
  const resources: string[] = [];
  for (const [name, item] of items) {
    if (item.sort === "function") functions.push({ name, ...item.fn });
    else if (item.sort === "type" && item.type.sort === "resource") resources.push(name);
  }
  return { functions, resources };
}
