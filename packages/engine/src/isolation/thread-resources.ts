import type { WitHandle } from "../wit/wit-type.ts";
import { qualifiedName } from "../wit/wit-name.ts";
import { HostResource, type HostResourceStub } from "./host-resource.ts";
import type { Carry } from "./value-passage.ts";

/** On an instance's thread: how resources leave it and come back. Those of the guest stay, and go by numbers outside. */
export class ThreadResources {
  readonly #stubs = new Map<string, HostResourceStub>();
  readonly #ofGuest = new Map<unknown, unknown>();
  #last = 0;

  /** What stands for a resource of the host from now on. */
  stand(interfaceName: string, name: string, stub: HostResourceStub): void {
    this.#stubs.set(qualifiedName(interfaceName, name), stub);
  }

  readonly leaving = ({ resource }: WitHandle): Carry => {
    if (resource?.side === "import") return (value) => HostResource.numberOf(value);
    return (value) => {
      this.#last += 1;
      this.#ofGuest.set(this.#last, value);
      return this.#last;
    };
  };

  readonly returning = ({ resource, isOwned }: WitHandle): Carry => {
    if (resource?.side !== "import")
      return isOwned ? (number) => this.take(number) : (number) => this.#ofGuest.get(number);
    const stub = this.#stubs.get(qualifiedName(resource.interface, resource.name));
    return (number) => stub && HostResource.of(stub, number);
  };

  /** The guest's resource of that number, which is not outside any more. */
  take(number: unknown): unknown {
    const resource = this.#ofGuest.get(number);
    this.#ofGuest.delete(number);
    return resource;
  }
}
