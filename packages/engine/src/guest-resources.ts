import type { EngineError } from "./errors.ts";

/** What drops a resource of the guest, once the guest is entered. */
type Drop = () => void;

/** What generated code tells of one type of the guest's resources. */
export interface GuestResourceTable {
  /** The host holds the object, which stands for that handle. */
  register(resource: object, handle: number): void;
  /** The object stands for nothing any more. */
  unregister(resource: object): void;
}

/**
 * The resources of one guest that the host holds, as objects. Dropping one enters the guest, where its destructor runs: that
 * waits while a call is under way, since a guest is entered once at a time.
 */
export class GuestResources {
  readonly #enter: (drop: Drop) => EngineError | undefined;
  readonly #live = new WeakSet<object>();
  readonly #methods = new WeakMap<object, object>();
  #waiting: Drop[] = [];
  #isEntered = false;
  #isOver = false;

  /** `enter` has the guest drop something, within limits, and returns what went wrong: the instance is dead then. */
  constructor(enter: (drop: Drop) => EngineError | undefined) {
    this.#enter = enter;
  }

  /** The table for one type of resource, for generated code. What the host let be collected is dropped like what it disposed of. */
  readonly table = (drop: (handle: number) => void): GuestResourceTable => {
    const registry = new FinalizationRegistry((handle: number) => void this.#drop(() => drop(handle)));
    return {
      register: (resource, handle) => {
        this.#live.add(resource);
        registry.register(resource, handle, resource);
      },
      unregister: (resource) => {
        this.#live.delete(resource);
        registry.unregister(resource);
      },
    };
  };

  /** The object that holds the methods of a resource's class: they are called by name, not on the object that stands for it. */
  readonly methodsOf = (resourceClass: object): object => {
    const known = this.#methods.get(resourceClass);
    if (known !== undefined) return known;
    const methods: object = Object.create(null);
    this.#methods.set(resourceClass, methods);
    Reflect.deleteProperty(Object(Reflect.get(resourceClass, "prototype")), "constructor");
    return methods;
  };

  /** What an object's `[Symbol.dispose]` does, for generated code. After the death of the instance there is nothing left to dispose of. */
  readonly disposal = (dispose: Drop): Drop => {
    let isDisposed = false;
    return () => {
      if (isDisposed) return;
      isDisposed = true;
      const failure = this.#drop(dispose);
      if (failure !== undefined) throw failure;
    };
  };

  /** Whether the object stands for a resource of this guest that was neither dropped nor given away. */
  isLive(resource: object): boolean {
    return !this.#isOver && this.#live.has(resource);
  }

  /** A call begins. */
  hold(): void {
    this.#isEntered = true;
  }

  /** A call has ended: drops what waited for it. */
  release(): void {
    this.#isEntered = false;
    if (this.#waiting.length === 0) return;
    const drops = this.#waiting;
    this.#waiting = [];
    // What goes wrong is the end of the instance, and whoever calls it next is told.
    for (const drop of drops) this.#drop(drop);
  }

  /** The instance is dead, and all its resources with it. */
  end(): void {
    this.#isOver = true;
    this.#waiting = [];
  }

  #drop(drop: Drop): EngineError | undefined {
    if (this.#isOver) return undefined;
    if (!this.#isEntered) return this.#enter(drop);
    this.#waiting.push(drop);
    return undefined;
  }
}
