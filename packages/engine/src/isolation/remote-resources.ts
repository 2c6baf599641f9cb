/** A resource of a guest on another thread, in the hands of the host: to be passed to its methods, and dropped. */
export class RemoteResource implements Disposable {
  readonly #resources: RemoteResources;
  readonly #name: string;
  readonly #number: number;

  constructor(resources: RemoteResources, name: string, number: number) {
    this.#resources = resources;
    this.#name = name;
    this.#number = number;
  }

  /** The number of a resource of that name which these resources still have. */
  static numberOf(value: unknown, name: string, resources: RemoteResources): number | undefined {
    if (typeof value !== "object" || value === null || !(#number in value)) return undefined;
    const isOne = value.#name === name && value.#resources === resources && resources.has(value.#number);
    return isOne ? value.#number : undefined;
  }

  [Symbol.dispose](): void {
    this.#resources.drop(this.#number);
  }
}

/** The resources of one guest that the host has. What the host forgets is dropped, as if it had been. */
export class RemoteResources {
  readonly #numbers = new Set<number>();
  readonly #given: number[] = [];
  readonly #dropped: (number: number) => void;
  readonly #forgotten = new FinalizationRegistry<number>((number) => this.drop(number));

  /** `dropped` is to tell the guest. */
  constructor(dropped: (number: number) => void) {
    this.#dropped = dropped;
  }

  /** The resource that came from the guest. */
  adopt(name: string, number: number): RemoteResource {
    const resource = new RemoteResource(this, name, number);
    this.#numbers.add(number);
    this.#forgotten.register(resource, number);
    return resource;
  }

  has(number: number): boolean {
    return this.#numbers.has(number);
  }

  /** It is the guest's again, unless it is reclaimed. */
  giveBack(number: number): void {
    this.#numbers.delete(number);
    this.#given.push(number);
  }

  /** What was given back has left. */
  settle(): void {
    this.#given.length = 0;
  }

  /** What was given back since it was last settled is still the host's. */
  reclaim(): void {
    for (const number of this.#given) this.#numbers.add(number);
    this.settle();
  }

  drop(number: number): void {
    if (this.#numbers.delete(number)) this.#dropped(number);
  }

  /** With the guest, all of its resources are gone. */
  clear(): void {
    this.#numbers.clear();
  }
}
