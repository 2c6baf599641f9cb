import { CorruptComponentError, UnsupportedComponentError } from "../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { skipCanonicalFunction } from "./canonical-function.ts";
import {
  at,
  type ComponentShape,
  type FunctionType,
  interfacesOf,
  type Item,
  itemOf,
  type Items,
  newScope,
  type Scope,
  type TypeEntry,
} from "./component-shape.ts";
import { ResourceIdentities } from "./resource-identities.ts";
import { type NameKind, safeName } from "./safe-names.ts";
import { ValueTypes } from "./value-types.ts";
import type { WitType, WitWorld } from "./wit-type.ts";

/*
 * Reads what a component imports and exports, with the types of every function, from its binary form. The tools that print WIT
 * leave out the interfaces of other packages, and generated TypeScript declarations have lost the WIT names.
 *
 * The bytes may be anything: the decoder never reads outside them, refuses by name what it does not know, and leaves the full
 * validation to the tools, which panic more easily.
 */

const MAX_NESTING = 64;

export interface DecodedComponent {
  readonly world: WitWorld;
  /** Every core module in it, however deeply nested. */
  readonly coreModules: readonly Uint8Array[];
}

/** What the component imports and exports, and the core modules it is made of. */
export function decodeComponent(bytes: Uint8Array): DecodedComponent {
  const decoder = new Decoder(bytes);
  const component = decoder.component(bytes.length, undefined, 0);
  const world = {
    types: decoder.types(component),
    imports: interfacesOf(component.imports),
    exports: interfacesOf(component.exports),
  };
  return { world, coreModules: decoder.coreModules };
}

class Decoder {
  readonly coreModules: Uint8Array[] = [];
  readonly #resources = new ResourceIdentities();
  readonly #reader: ByteReader;
  readonly #values: ValueTypes;

  constructor(bytes: Uint8Array) {
    this.#reader = new ByteReader(bytes);
    this.#values = new ValueTypes(this.#reader);
  }

  types(component: ComponentShape): readonly WitType[] {
    return this.#values.types(this.#resources, component);
  }

  component(end: number, outer: Scope | undefined, depth: number): ComponentShape {
    if (depth > MAX_NESTING) throw new UnsupportedComponentError(`nesting of more than ${MAX_NESTING} components`);
    const reader = this.#reader;
    reader.skip(8);
    const scope = newScope(outer);
    const imports = new Map<string, Item>();
    const exports = new Map<string, Item>();
    while (reader.offset < end) {
      const id = reader.byte();
      const size = reader.u32();
      const sectionEnd = reader.offset + size;
      switch (id) {
        case 1:
          this.coreModules.push(reader.take(size));
          break;
        case 2:
          reader.vector(() => this.#coreInstance());
          break;
        case 4:
          scope.components.push(this.component(sectionEnd, scope, depth + 1));
          break;
        case 5:
          reader.vector(() => scope.instances.push(this.#instance(scope)));
          break;
        case 6:
          reader.vector(() => this.#alias(scope));
          break;
        case 7:
          reader.vector(() => scope.types.push(this.#typeDefinition(scope, depth)));
          break;
        case 8:
          reader.vector(() => this.#canonicalFunction(scope));
          break;
        case 10:
          reader.vector(() => imports.set(this.#externName(), this.#introduce(scope, this.#externType(scope))));
          break;
        case 11:
          reader.vector(() => this.#export(scope, exports));
          break;
        default:
          // Only custom sections mean nothing. Core types are for modules that are imported or exported, which is not done.
          if (id > 0) throw new UnsupportedComponentError(`component section ${id}`);
          reader.skip(size);
      }
      if (reader.offset !== sectionEnd) throw new CorruptComponentError(`section ${id} does not end where it says`);
    }
    return { imports, exports };
  }

  /** Gives an imported or exported item its index in the scope. */
  #introduce(scope: Scope, item: Item): Item {
    switch (item.sort) {
      case "function":
        scope.functions.push(item.fn);
        break;
      case "instance":
        scope.instances.push(item.exports);
        break;
      case "component":
        scope.components.push(item.component);
        break;
      case "type":
        scope.types.push(item.type);
        break;
      case "core-module":
        break;
    }
    return item;
  }

  #export(scope: Scope, exports: Map<string, Item>): void {
    const name = this.#externName();
    const item = this.#itemAt(scope);
    const ascribed = this.#reader.byte() === 1 ? this.#externType(scope) : item;
    exports.set(name, this.#introduce(scope, ascribed));
  }

  /** The names of its parts are all that matters of a core instance. */
  #coreInstance(): void {
    const reader = this.#reader;
    const isInstantiated = reader.byte() === 0;
    if (isInstantiated) reader.u32();
    reader.vector(() => {
      this.#name("core");
      reader.byte();
      reader.u32();
    });
  }

  #instance(scope: Scope): Items {
    const reader = this.#reader;
    if (reader.byte() === 0) {
      const component = at(scope.components, reader.u32());
      reader.vector(() => {
        const parameter = component.imports.get(this.#name("extern"));
        const argument = this.#itemAt(scope);
        if (parameter !== undefined) this.#resources.unify(parameter, argument);
      });
      return component.exports;
    }
    return new Map(reader.vector(() => [this.#externName(), this.#itemAt(scope)] as const));
  }

  /** A sort and an index: the item it names. */
  #itemAt(scope: Scope): Item {
    const reader = this.#reader;
    const sort = reader.byte();
    if (sort === 0) {
      reader.byte();
      reader.u32();
      return { sort: "core-module" };
    }
    return itemOf(scope, sort, reader.u32());
  }

  #alias(scope: Scope): void {
    const reader = this.#reader;
    const sort = reader.byte();
    if (sort === 0) reader.byte();
    const target = reader.byte();
    if (target === 2) {
      let from: Scope | undefined = scope;
      for (let count = reader.u32(); count > 0; count -= 1) from = from?.outer;
      const index = reader.u32();
      if (sort === 0) return;
      if (from === undefined) throw new CorruptComponentError("an alias reaches outside the component");
      this.#introduce(scope, itemOf(from, sort, index));
      return;
    }
    const instance = reader.u32();
    const name = this.#name(sort === 0 ? "core" : "extern");
    if (sort === 0) return;
    const item = at(scope.instances, instance).get(name);
    if (item === undefined)
      throw new CorruptComponentError(`an alias names ${name}, which its instance does not export`);
    this.#introduce(scope, item);
  }

  #canonicalFunction(scope: Scope): void {
    const lifted = skipCanonicalFunction(this.#reader);
    if (lifted === undefined) return;
    const type = at(scope.types, lifted);
    if (type.sort !== "function-type") throw new CorruptComponentError("a lifted function has no function type");
    scope.functions.push(type.fn);
  }

  /** A name that may stand in generated code. */
  #name(kind: NameKind): string {
    return safeName(kind, this.#reader.name());
  }

  #externName(): string {
    const kind = this.#reader.byte();
    if (kind > 1) throw new UnsupportedComponentError(`import or export name of kind ${kind}`);
    return this.#name("extern");
  }

  #externType(scope: Scope): Item {
    const reader = this.#reader;
    const sort = reader.byte();
    switch (sort) {
      case 0:
        reader.byte();
        reader.u32();
        return { sort: "core-module" };
      case 1: {
        const type = at(scope.types, reader.u32());
        if (type.sort === "function-type") return { sort: "function", fn: type.fn };
        break;
      }
      case 3:
        return { sort: "type", type: reader.byte() === 0 ? at(scope.types, reader.u32()) : this.#resources.define() };
      case 4: {
        const type = at(scope.types, reader.u32());
        if (type.sort === "component-type") return { sort: "component", component: type.component };
        break;
      }
      case 5: {
        const type = at(scope.types, reader.u32());
        if (type.sort === "instance-type") return { sort: "instance", exports: type.exports };
        break;
      }
      default:
        throw new UnsupportedComponentError(`import or export of sort ${sort}`);
    }
    throw new CorruptComponentError("an import or export has a type of another sort");
  }

  #typeDefinition(scope: Scope, depth: number): TypeEntry {
    const reader = this.#reader;
    const opcode = reader.peek();
    switch (opcode) {
      case 0x3f:
        reader.skip(2);
        if (reader.byte() === 1) reader.u32();
        return this.#resources.define();
      case 0x40:
        reader.byte();
        return { sort: "function-type", fn: this.#functionType(scope) };
      case 0x41:
        reader.byte();
        return { sort: "component-type", component: this.#typeBody(scope, depth + 1) };
      case 0x42:
        reader.byte();
        return { sort: "instance-type", exports: this.#typeBody(scope, depth + 1).exports };
      case 0x43:
        throw new UnsupportedComponentError("an asynchronous function type");
      default:
        return { sort: "value-type", ref: this.#values.define(scope) };
    }
  }

  /** The declarations of a component type or an instance type. */
  #typeBody(outer: Scope, depth: number): ComponentShape {
    if (depth > MAX_NESTING) throw new UnsupportedComponentError(`nesting of more than ${MAX_NESTING} types`);
    const reader = this.#reader;
    const scope = newScope(outer);
    const imports = new Map<string, Item>();
    const exports = new Map<string, Item>();
    reader.vector(() => {
      const declaration = reader.byte();
      switch (declaration) {
        case 1:
          scope.types.push(this.#typeDefinition(scope, depth));
          break;
        case 2:
          this.#alias(scope);
          break;
        case 3:
          imports.set(this.#externName(), this.#introduce(scope, this.#externType(scope)));
          break;
        case 4:
          exports.set(this.#externName(), this.#introduce(scope, this.#externType(scope)));
          break;
        default:
          throw new UnsupportedComponentError(`declaration ${declaration} in a type`);
      }
    });
    return { imports, exports };
  }

  #functionType(scope: Scope): FunctionType {
    const reader = this.#reader;
    const parameters = this.#values.fields(scope);
    if (reader.byte() === 0) return { parameters, result: this.#values.valueType(scope) };
    if (reader.byte() !== 0) throw new UnsupportedComponentError("a function with several named results");
    return { parameters, result: null };
  }
}
