import { describe, type ValueCheck, ValueChecks } from "../wit/value-check.ts";
import { qualifiedName } from "../wit/wit-name.ts";
import type { WitHandle, WitType } from "../wit/wit-type.ts";
import { RemoteResource, RemoteResources } from "./remote-resources.ts";
import { ResourceLedger } from "./resource-ledger.ts";
import { type Carry, ValuePassage } from "./value-passage.ts";

/** The host's class for a resource that the guest imports. */
export type ClassOf = (interfaceName: string, resource: string) => unknown;

/** On the host's thread: what leaves for one instance on another, and what arrives from it. */
export class HostPassage {
  readonly ledger: ResourceLedger = new ResourceLedger();
  readonly remoteResources: RemoteResources;
  /** For values that leave, resources included. */
  readonly checks: ValueChecks;
  readonly #leaving: ValuePassage;
  readonly #arriving: ValuePassage;
  readonly #classOf: ClassOf;

  constructor(types: readonly WitType[], classOf: ClassOf, dropped: (guestResource: number) => void) {
    this.remoteResources = new RemoteResources(dropped);
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

  /** What left last has left. */
  settle(): void {
    this.ledger.settle();
    this.remoteResources.settle();
  }

  /** What left last did not arrive: what was given away with it is the host's again. */
  reclaim(): void {
    this.ledger.reclaim();
    this.remoteResources.reclaim();
  }

  #handleCheck({ resource }: WitHandle): ValueCheck {
    if (resource === undefined) return () => "a resource without a name";
    const { side, interface: owner, name } = resource;
    if (side === "export") {
      const fullName = qualifiedName(owner, name);
      return (value) =>
        RemoteResource.numberOf(value, fullName, this.remoteResources) === undefined
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
        const number = RemoteResource.numberOf(value, name, this.remoteResources);
        if (number === undefined) throw new TypeError(`a ${resource.name} is given away and used in the same call`);
        if (isOwned) this.remoteResources.giveBack(number);
        return number;
      };
    }
    return (value) => (isOwned ? this.ledger.give(Object(value)) : this.ledger.lend(Object(value)));
  }

  #arrive({ resource, isOwned }: WitHandle): Carry {
    if (resource?.side === "export") {
      const name = qualifiedName(resource.interface, resource.name);
      return (number) => this.remoteResources.adopt(name, Number(number));
    }
    return (number) => (isOwned ? this.ledger.take(number) : this.ledger.get(number));
  }
}
