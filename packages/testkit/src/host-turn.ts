declare const setImmediate: (callback: () => void) => unknown;

/** Resolves when the host has served what was ready: microtasks, timers and I/O. */
export function hostTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Two turns: what the first one made ready has run as well. */
export async function settleTurns(): Promise<void> {
  await hostTurn();
  await hostTurn();
}
