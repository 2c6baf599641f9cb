import type { Item, Items, ResourceEntry } from "./component-shape.ts";
import type { WitResource } from "./wit-type.ts";

/**
 * Which of the resources that a component defines, imports, and hands to the components in it are one and the same. Toolchains wrap each
 * exported interface in a component of its own, whose types know the resources only as what that component imports.
 */
export class ResourceIdentities {
  /** For each resource what it is an alias of, itself at first. */
  readonly #aliasOf: number[] = [];
  /** Resources of components that are instantiated more than once, with different ones in their place. */
  readonly #ambiguous = new Set<number>();
  /** Instances unified already: types may use each other so often that walking all ways would never end. */
  readonly #unified = new WeakMap<Items, WeakSet<Items>>();

  define(): ResourceEntry {
    const id = this.#aliasOf.length;
    this.#aliasOf.push(id);
    return { sort: "resource", id };
  }

  /** A component's import is this argument. */
  unify(parameter: Item, argument: Item): void {
    if (parameter.sort === "instance" && argument.sort === "instance") {
      this.#unifyInstances(parameter.exports, argument.exports);
    } else if (isResource(parameter) && isResource(argument)) {
      this.#alias(parameter.type.id, argument.type.id);
    }
  }

  /** The number that all aliases of a resource have in common; undefined when there is no telling. */
  identityOf(id: number | undefined): number | undefined {
    const seen: number[] = [];
    let identity = id;
    while (identity !== undefined && !this.#ambiguous.has(identity)) {
      const next = this.#aliasOf[identity];
      if (next === identity) {
        for (const alias of seen) this.#aliasOf[alias] = identity;
        return identity;
      }
      seen.push(identity);
      identity = next;
    }
    return undefined;
  }

  /** What the resources are called outside, by their identities: as the interface calls them that names them first. */
  names(imports: Items, exports: Items): ReadonlyMap<number | undefined, WitResource> {
    const names = new Map<number | undefined, WitResource>();
    for (const [side, items] of [["import", imports] as const, ["export", exports] as const]) {
      for (const [interfaceName, item] of items) {
        if (item.sort !== "instance") continue;
        for (const [name, member] of item.exports) {
          const identity = isResource(member) ? this.identityOf(member.type.id) : undefined;
          if (identity !== undefined && !names.has(identity))
            names.set(identity, { side, interface: interfaceName, name });
        }
      }
    }
    return names;
  }

  #unifyInstances(parameter: Items, argument: Items): void {
    const unified = this.#unified.get(parameter) ?? new WeakSet();
    if (unified.has(argument)) return;
    this.#unified.set(parameter, unified.add(argument));
    for (const [name, item] of parameter) {
      const given = argument.get(name);
      if (given !== undefined) this.unify(item, given);
    }
  }

  #alias(id: number, of: number): void {
    const identity = this.identityOf(of);
    if (id === identity) return;
    if (this.#aliasOf[id] === id) this.#aliasOf[id] = identity ?? id;
    else if (this.identityOf(id) !== identity) this.#ambiguous.add(id);
  }
}

function isResource(item: Item): item is { readonly sort: "type"; readonly type: ResourceEntry } {
  return item.sort === "type" && item.type.sort === "resource";
}
