import type { ComponentVersion } from "./component-version.ts";
import { UpdateFailedError } from "./errors.ts";

/** Another version of a component, on its way to the actor that runs it. A class, so that nobody outside can make one. */
export class Replacement {
  readonly kind = "replacement";
  readonly version: ComponentVersion;
  readonly #component: string;
  readonly #outcome = Promise.withResolvers<void>();

  constructor(component: string, version: ComponentVersion) {
    this.#component = component;
    this.version = version;
  }

  /** Resolves when the new version runs; rejects with UpdateFailedError when the old one goes on, or none does. */
  get done(): Promise<void> {
    return this.#outcome.promise;
  }

  complete(): void {
    this.#outcome.resolve();
  }

  abandon(cause: unknown): void {
    this.#outcome.reject(new UpdateFailedError(this.#component, { cause }));
  }
}
