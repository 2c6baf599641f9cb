import type { Isolation, PreparedComponent } from "@airssys/engine";
import type { CapabilitySet, Manifest } from "@airssys/security";
import type { Grants } from "./access/grants.ts";
import type { ComponentId } from "./generated/airssys-core-types-types.ts";

/** One version of a component, checked and compiled. */
export interface ComponentVersion {
  readonly id: ComponentId;
  readonly manifest: Manifest;
  readonly prepared: PreparedComponent;
  /** What the operator said may be granted; undefined when installing was consent to all that is asked for. */
  readonly allowed: Grants | CapabilitySet | undefined;
  /** What the component may do. Its own: revoking in it is revoking from this component only. */
  readonly grants: CapabilitySet;
  /** Who approved it, where approval is asked for. */
  readonly approver: string | undefined;
  /** What the operator says of where it runs. */
  readonly isolation: Isolation | undefined;
}
