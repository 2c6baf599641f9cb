import type { Clock } from "@airssys/rt";

/** Resolves when so much time of the clock has passed. When the signal fires before that, rejects with its reason and leaves no timer. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const giveUp = (): void => {
      timer.cancel();
      reject(signal.reason);
    };
    const timer = clock.schedule(() => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    }, ms);
    signal.addEventListener("abort", giveUp, { once: true });
  });
}
