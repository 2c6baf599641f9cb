import { describe, type ValueCheck, ValueChecks } from "../wit/value-check.ts";
import { qualifiedName } from "../wit/wit-name.ts";
import type { WitHandle, WitType } from "../wit/wit-type.ts";
import { GuestResource, GuestResources } from "./guest-resources.ts";
import { HostResources } from "./host-resources.ts";
import { type Carry, ValuePassage } from "./value-passage.ts";

/** The host's class for a resource that the guest imports. */
export type ClassOf = (interfaceName: string, resource: string) => unknown;

/** On the host's thread: what leaves for one instance on another, and what arrives from it. */
export class HostPassage {
  readonly hostResources: HostResources = new HostResources();
  readonly guestResources: GuestResources;
  /** For values that leave, resources included. */
  readonly checks: ValueChecks;
  readonly #leaving: ValuePassage;
  readonly #arriving: ValuePassage;
  readonly #classOf: ClassOf;

  constructor(types: readonly WitType[], classOf: ClassOf, dropped: (guestResource: number) => void) {
    this.guestResources = new GuestResources(dropped);
    this.#classOf = classOf;
    this.checks = new ValueChecks(types, (handle) => this.#handleCheck(handle));
    this.#leaving = new ValuePassage(types, { handle: (handle) => this.#leave(handle), copies: true });
    this.#arriving = new ValuePassage(types, { handle: (handle) => this.#arrive(handle), copies: false });
  }

  leaving(ref: Parameters<ValuePassage["for"]>[0]): Carry {
    return this.#leaving.for(ref);
  }

  arriving(ref: Parameters<ValuePassage["for"]>[0]): Carry {
    return this.#arriving.for(ref);
  }

  #handleCheck({ resource }: WitHandle): ValueCheck {
    if (resource === undefined) return () => "a resource without a name";
    const { side, interface: owner, name } = resource;
    if (side === "export") {
      const fullName = qualifiedName(owner, name);
      return (value) =>
        GuestResource.numberOf(value, fullName, this.guestResources) === undefined
          ? `expected a live ${name} of this instance, found ${describe(value)}`
          : undefined;
    }
    const type = this.#classOf(owner, name);
    return (value) =>
      typeof type === "function" && value instanceof type ? undefined : `expected a ${name}, found ${describe(value)}`;
  }

  #leave({ resource, isOwned }: WitHandle): Carry {
    if (resource?.side === "export") {
      const name = qualifiedName(resource.interface, resource.name);
      return (value) => {
        const number = GuestResource.numberOf(value, name, this.guestResources);
        if (number === undefined) throw new TypeError(`a ${resource.name} is given away and used in the same call`);
        if (isOwned) this.guestResources.giveBack(number);
        return number;
      };
    }
    return (value) => (isOwned ? this.hostResources.give(Object(value)) : this.hostResources.lend(Object(value)));
  }

  #arrive({ resource, isOwned }: WitHandle): Carry {
    if (resource?.side === "export") {
      const name = qualifiedName(resource.interface, resource.name);
      return (number) => this.guestResources.adopt(name, Number(number));
    }
    return (number) => (isOwned ? this.hostResources.take(number) : this.hostResources.get(number));
  }
}
