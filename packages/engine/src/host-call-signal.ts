import { NoHostCallError } from "./errors.ts";

/** What tells the functions of the host that the call they work for is over. Made when asked for: most never ask. */
export class CallSignal {
  #controller: AbortController | undefined;
  /** Why the call was ended by force. */
  #fired: { readonly reason: unknown } | undefined;

  /** Fires when the call of now is ended by force; has fired when it was. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#fired !== undefined) this.#controller.abort(this.#fired.reason);
    }
    return this.#controller.signal;
  }

  /** A call begins: what earlier ones left at work is no longer its concern. */
  renew(): void {
    this.#controller = undefined;
    this.#fired = undefined;
  }

  /** The call is ended by force, for this reason. */
  fire(reason: unknown): void {
    this.#fired ??= { reason };
    this.#controller?.abort(reason);
  }
}

let current: CallSignal | undefined;

/**
 * The signal that fires when the call that a function of the host works for is ended by force: at its deadline, when its caller
 * gives it up, and when its instance dies or is disposed of. Its reason is the error that the caller gets. To be asked for while the
 * function is being entered, before it first awaits anything; at any other time NoHostCallError is thrown.
 */
export function hostCallSignal(): AbortSignal {
  if (current === undefined) throw new NoHostCallError();
  return current.signal;
}

/** Runs what belongs to the host, on behalf of a call. */
export function onBehalfOf<T>(call: CallSignal, run: () => T): T {
  const outer = current;
  current = call;
  try {
    return run();
  } finally {
    current = outer;
  }
}
