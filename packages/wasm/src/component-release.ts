import { type ApprovalQueue, capabilitiesOf, componentId, digestOf, SecurityError } from "@airssys/security";
import type { Manifest, Release } from "@airssys/security";
import { InstallRefusedError } from "./errors.ts";

/** Before anything looks into the code. @throws InstallRefusedError when nobody has approved it */
export function approverOf(approvals: ApprovalQueue, release: Release): string | undefined {
  try {
    return approvals.requireApproval(release).decision?.approver;
  } catch (cause) {
    if (!(cause instanceof SecurityError)) throw cause;
    throw new InstallRefusedError(release.component, [{ subject: "approval", reason: cause.message }], { cause });
  }
}

/** What an approval is of: the component that these bytes are, with the capabilities that its manifest asks for. */
export function releaseFrom(manifest: Manifest, artifact: Uint8Array): Release {
  return {
    component: componentId(manifest.component),
    version: manifest.component.version,
    digest: digestOf(artifact),
    capabilities: capabilitiesOf(manifest.capabilities),
  };
}
