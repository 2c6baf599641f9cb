import type { Clock } from "./clock.ts";
import { OperationCancelledError, OperationTimeoutError } from "./errors.ts";

/** Ends an operation: when its time is up, when the caller's signal says so, or when the actor stops. The signal's reason is the error. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

export function deadline(
  operation: string,
  timeoutMs: number,
  clock: Clock,
  closing: AbortSignal,
  cancel: AbortSignal | undefined,
): Deadline {
  const controller = new AbortController();
  const close = (): void => controller.abort(closing.reason);
  const cancelled = (): void => controller.abort(new OperationCancelledError(operation, { cause: cancel?.reason }));
  const stopTimer = clock.after(timeoutMs, () => controller.abort(new OperationTimeoutError(operation, timeoutMs)));
  closing.addEventListener("abort", close, { once: true });
  cancel?.addEventListener("abort", cancelled, { once: true });
  if (cancel?.aborted) cancelled();
  if (closing.aborted) close();
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      stopTimer();
      closing.removeEventListener("abort", close);
      cancel?.removeEventListener("abort", cancelled);
    },
  };
}

/** Gives up waiting when the signal ends; what is waited for may still happen, and is then ignored. Throws the signal's reason. */
export async function unlessAborted<Value>(waiting: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  waiting.then(resolve, reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
