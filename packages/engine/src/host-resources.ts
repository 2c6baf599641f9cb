import { EngineError, HostFunctionError } from "./errors.ts";

/** Disposes of a resource of the host. Throws HostFunctionError when that throws. */
export function disposeOf(resource: object): void {
  const dispose: unknown = Reflect.get(resource, Symbol.dispose);
  if (typeof dispose !== "function") return;
  try {
    Reflect.apply(dispose, resource, []);
  } catch (cause) {
    throw new HostFunctionError(`${resource.constructor.name}[Symbol.dispose]`, "threw an error", { cause });
  }
}

/** Disposes of each once, the last first, and returns what that threw. */
export function disposeOfEach(
  resources: Iterable<object>,
  dispose: (resource: object) => void = disposeOf,
): readonly unknown[] {
  const problems: unknown[] = [];
  for (const resource of [...new Set(resources)].toReversed()) {
    try {
      dispose(resource);
    } catch (problem) {
      problems.push(problem);
    }
  }
  return problems;
}

/** Throws the first of what went wrong, with the others as what it suppresses; does nothing when nothing did. */
export function rethrow([first, ...others]: readonly unknown[]): void {
  if (first instanceof EngineError) first.suppressed.push(...others);
  if (first !== undefined) throw first;
}

/**
 * The resources of the host that one guest holds: those it owns, and those it was lent for the call of now. Guests forget to drop
 * what they own, and cannot when they trap; what is left is disposed of with the instance.
 */
export class HostResources {
  readonly #drop: (resource: object) => void;
  readonly #arrived: (resource: object) => void;
  readonly #tables: HostResourceTable[] = [];

  /** `drop` is what is done with a resource that the guest drops; `arrived` is told of each that it owns from then on. */
  constructor(drop: (resource: object) => void, arrived: (resource: object) => void) {
    this.#drop = drop;
    this.#arrived = arrived;
  }

  /** A table for one type of resource, for generated code. */
  readonly table = (): HostResourceTable => {
    const table = new HostResourceTable(this.#drop, this.#arrived);
    this.#tables.push(table);
    return table;
  };

  /** How many it owns. */
  get owned(): number {
    return this.#tables.reduce((sum, table) => sum + table.owned.size, 0);
  }

  /** A call has ended: what was lent for it is taken back. */
  takeBack(): void {
    for (const table of this.#tables) table.takeBack();
  }

  /** Disposes of each that the guest owns, and of others besides, once even if it owns it several times; returns what that threw. */
  disposeAll(dispose: (resource: object) => void, others: readonly object[]): readonly unknown[] {
    const left = this.#tables.flatMap((table) => [...table.owned.values()]);
    for (const table of this.#tables) table.clear();
    return disposeOfEach([...left, ...others], dispose);
  }
}

/** The resources of one type by the number that stands for them in the guest's table of handles. */
export class HostResourceTable {
  readonly owned: Map<number, object> = new Map();
  readonly #lent = new Map<number, object>();
  readonly #drop: (resource: object) => void;
  readonly #arrived: (resource: object) => void;

  constructor(drop: (resource: object) => void, arrived: (resource: object) => void) {
    this.#drop = drop;
    this.#arrived = arrived;
  }

  get(number: number): object | undefined {
    return this.owned.get(number) ?? this.#lent.get(number);
  }

  /** The guest owns it from now on. */
  set(number: number, resource: object): void {
    this.owned.set(number, resource);
    this.#arrived(resource);
  }

  lend(number: number, resource: object): void {
    this.#lent.set(number, resource);
  }

  /** The guest gave it away. */
  delete(number: number): void {
    this.owned.delete(number);
  }

  /** The guest dropped what it owned. */
  drop(number: number): void {
    const resource = this.owned.get(number);
    if (resource === undefined) return;
    this.owned.delete(number);
    this.#drop(resource);
  }

  takeBack(): void {
    this.#lent.clear();
  }

  clear(): void {
    this.owned.clear();
    this.#lent.clear();
  }
}
