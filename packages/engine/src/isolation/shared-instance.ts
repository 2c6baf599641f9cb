import type { CallUsage } from "../confinement.ts";
import { CallAbortedError } from "../errors.ts";
import type { Answer, Instance } from "../instance.ts";
import type { CallOptions, RunningInstance } from "../running-instance.ts";

/** An instance on the thread of its host. */
export class SharedInstance implements RunningInstance {
  readonly digest: string;
  readonly isolation = "shared";
  readonly #instance: Instance;

  constructor(digest: string, instance: Instance) {
    this.digest = digest;
    this.#instance = instance;
  }

  get isAlive(): boolean {
    return this.#instance.isAlive;
  }

  get lastCall(): CallUsage {
    return this.#instance.lastCall;
  }

  async call(name: string, args: readonly unknown[] = [], { signal }: CallOptions = {}): Promise<Answer> {
    if (signal?.aborted === true) throw new CallAbortedError(name, "before it began", { cause: signal.reason });
    return this.#instance.call(name, args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#instance[Symbol.dispose]();
  }
}
