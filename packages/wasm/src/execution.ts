import { DeadlineExceededError } from "@airssys/engine";
import { andThen, orElse, type Later } from "./later.ts";

/**
 * What an instance is doing: `loading` while there is none, `idle` until it is first called, `executing`, and then what the last
 * call came to. One that trapped or was out of time is dead.
 */
export type ExecutionState = "idle" | "loading" | "executing" | "completed" | "trapped" | "timed-out";

/** Follows the calls into one instance. */
export class Execution {
  #state: ExecutionState = "idle";

  get state(): ExecutionState {
    return this.#state;
  }

  /** Makes a call. One that was refused, because `isAlive` still, changes nothing. */
  run<T>(call: () => Later<T>, isAlive: () => boolean): Later<T> {
    const before = this.#state;
    this.#state = "executing";
    return orElse(
      () =>
        andThen(call(), (value) => {
          this.#state = "completed";
          return value;
        }),
      (error) => {
        if (isAlive()) this.#state = before;
        else this.#state = error instanceof DeadlineExceededError ? "timed-out" : "trapped";
        throw error;
      },
    );
  }
}
