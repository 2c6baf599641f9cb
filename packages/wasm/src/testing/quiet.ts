import type { ActorSystem } from "@airssys/rt";
import type { InstalledComponent } from "../installed-component.ts";

/** How many turns of the event loop in a row must find nothing to do. */
const quietTurns = 3;

/** Resolves when no actor has anything to do, and the component is not at work. One that waits for time does not hold this up. */
export async function quiet(system: ActorSystem, component: InstalledComponent): Promise<void> {
  for (let turns = 0; turns < quietTurns; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const { execution } = component.status;
    if (!system.isIdle || execution === "executing" || execution === "loading") turns = -1;
  }
}
