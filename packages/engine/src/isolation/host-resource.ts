/** On an instance's thread: what stands for a resource of the host. The stub of each resource is a class of its own. */
export class HostResource {
  readonly #number: number;

  constructor(number: number) {
    this.#number = number;
  }

  /** The number by which the host knows it. */
  static numberOf(resource: unknown): number {
    if (typeof resource !== "object" || resource === null || !(#number in resource))
      throw new TypeError("this is no resource of the host");
    return resource.#number;
  }

  /** One of the class of a stub, for a resource that the host handed over. */
  static of(stub: HostResourceStub, number: unknown): HostResource {
    return Reflect.construct(HostResource, [number], stub);
  }
}

/** What guest code constructs takes the arguments of the resource's own constructor. */
export type HostResourceStub = new (...args: readonly unknown[]) => HostResource;
