import { HandleLimitError } from "./limit-errors.ts";
import type { HostCalls } from "./host-calls.ts";

/**
 * The handles of one instance: to resources of the host that it was given, and to its own that it handed out. Generated code keeps
 * them in tables of the host, which never shrink, and reuses what was dropped.
 */
export class InstanceHandles {
  readonly #limit: number;
  readonly #calls: HostCalls;
  #most = 0;

  constructor(limit: number, calls: HostCalls) {
    this.#limit = limit;
    this.#calls = calls;
  }

  /** To be called before a table grows by a handle. Throws when that is one too many, and the instance does not survive it. */
  readonly added = (): void => {
    this.#most += 1;
    if (this.#most > this.#limit) throw this.#calls.fail(new HandleLimitError(this.#limit));
  };
}
