import { AccessControl, type Mode } from "@airssys/security";
import type { ComponentVersion } from "../component-version.ts";
import type { AccessOptions } from "./access-options.ts";

/** What of a version decisions depend on, or name. */
export type Deciding = Pick<ComponentVersion, "prepared" | "approver" | "grants">;

const DEFAULT_MODE: Mode = "strict";

/** Whether what is not granted is done all the same, and only said to be so. */
export function isAdvisory({ mode = DEFAULT_MODE }: AccessOptions): boolean {
  return mode === "permissive" || mode === "development";
}

/** Decides for one version of a component, and has it taken down. */
export function controlOf(
  component: string,
  { prepared, approver, grants }: Deciding,
  { mode = DEFAULT_MODE, policies = [], audit, onDecision }: AccessOptions,
): AccessControl {
  return new AccessControl({
    component,
    digest: prepared.digest,
    mode,
    grants,
    policies,
    ...(approver !== undefined && { approver }),
    ...(audit && { audit }),
    ...(onDecision && { onDecision }),
  });
}
