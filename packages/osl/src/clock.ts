/** Time as this package uses it; pass another to make time a matter of the test. */
export interface Clock {
  /** Milliseconds, from any start, never backwards. */
  readonly now: () => number;
  /** Calls back once after so many milliseconds, unless cancelled by what it returns. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits, and no longer than the signal lasts: throws its reason. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(ms, () => resolve(undefined));
  const stop = (): void => resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  await promise;
  cancel();
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
}
