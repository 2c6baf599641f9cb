import { hostTurn } from "./host-turn.ts";

/** How many turns in a row must find nothing to do. */
const QUIET_TURNS = 3;

/**
 * Resolves when no actor of the system has anything it could handle now. One that waits for time or for the world outside does
 * not hold this up.
 */
export function settled(system: { readonly isIdle: boolean }): Promise<void> {
  return quietFor(QUIET_TURNS, system);
}

async function quietFor(turns: number, system: { readonly isIdle: boolean }): Promise<void> {
  if (turns === 0) return;
  await hostTurn();
  await quietFor(system.isIdle ? turns - 1 : QUIET_TURNS, system);
}
