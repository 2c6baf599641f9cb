import { UpdateFailedError } from "./errors.ts";
import type { Carried, Incarnation, IncarnationContext } from "./incarnation.ts";

/** Another version of a component, on its way to the actor that runs it. A class, so that nobody outside can make one. */
export class Replacement {
  readonly kind = "replacement";
  readonly #component: string;
  readonly #incarnate: (context: IncarnationContext, carried: Carried | undefined) => Incarnation;
  readonly #outcome = Promise.withResolvers<void>();

  constructor(
    component: string,
    incarnate: (context: IncarnationContext, carried: Carried | undefined) => Incarnation,
  ) {
    this.#component = component;
    this.#incarnate = incarnate;
  }

  /** Resolves when the new version runs; rejects with UpdateFailedError when the old one goes on, or none does. */
  get done(): Promise<void> {
    return this.#outcome.promise;
  }

  /** One life of the new version, which takes over what its predecessor waits for, if it takes over its state. */
  incarnate(context: IncarnationContext, carried: Carried | undefined): Incarnation {
    return this.#incarnate(context, carried);
  }

  complete(): void {
    this.#outcome.resolve();
  }

  abandon(cause: unknown): void {
    this.#outcome.reject(new UpdateFailedError(this.#component, { cause }));
  }
}
