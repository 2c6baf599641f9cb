/** Where the signal of a call comes from; many calls never need one. */
export interface SignalSource {
  readonly signal: AbortSignal;
}

const never: SignalSource = { signal: new AbortController().signal };

let entered = never;

/**
 * The signal of the call that the host function being entered serves: it fires when the call's deadline passes, its caller aborts it, or
 * its instance ends. To be taken before the function's first `await`; from anywhere else it is a signal that never fires.
 */
export function hostCallSignal(): AbortSignal {
  return entered.signal;
}

/** Runs the synchronous part of a host function on behalf of a call. */
export function enterHostCall<T>(source: SignalSource, run: () => T): T {
  const outer = entered;
  entered = source;
  try {
    return run();
  } finally {
    entered = outer;
  }
}
