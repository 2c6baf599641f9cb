import type { Isolation, PreparedComponent } from "@airssys/engine";
import type { OfferedInterfaces } from "./offered-interfaces.ts";
import { waitsByWasi } from "./wasi/granted-wasi.ts";

/**
 * How the calls into a component are made: `at-once`, each to its end, which costs least; or launched, where a call may wait for the
 * host and gives way to others while it computes, on the thread of the host (`shared`) or on one of its own (`worker`).
 */
export type WayToRun = "at-once" | Isolation;

/**
 * What the operator says. When that is nothing: at once, if no function of the host that the component imports may wait, which those of the
 * network do that are standard, if it is granted any.
 */
export function wayToRun(
  { imports }: Pick<PreparedComponent, "imports">,
  isolation: Isolation | undefined,
  interfaces: Pick<OfferedInterfaces<never>, "mayWait">,
  isGrantedNetwork = false,
): WayToRun {
  return (
    isolation ?? (interfaces.mayWait(imports) || (isGrantedNetwork && waitsByWasi({ imports })) ? "shared" : "at-once")
  );
}
