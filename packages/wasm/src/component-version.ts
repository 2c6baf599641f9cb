import type { Isolation, PreparedComponent } from "@airssys/engine";
import type { Manifest } from "@airssys/security";
import type { ComponentId } from "./generated/airssys-core-types-types.ts";

/** One version of a component, checked and compiled. */
export interface ComponentVersion {
  readonly id: ComponentId;
  readonly manifest: Manifest;
  readonly prepared: PreparedComponent;
  /** What the operator says of where it runs. */
  readonly isolation: Isolation | undefined;
}
