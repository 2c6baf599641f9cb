export type {
  BackoffSection,
  Capabilities,
  ComponentSection,
  ConfigEntries,
  CpuLimit,
  HealthSection,
  Manifest,
  MemoryLimit,
  MessagingCapability,
  Quotas,
  Resources,
  Restart,
  StorageCapability,
  Supervision,
} from "./manifest.ts";
export { componentId } from "./manifest.ts";

export type { ManifestOptions } from "./parse-manifest.ts";
export { parseManifest } from "./parse-manifest.ts";
export type { ConfigTable, ConfigValue, ManifestInput, SupervisionInput } from "./define-manifest.ts";
export { defineManifest } from "./define-manifest.ts";
export { printManifest } from "./print-manifest.ts";
export { manifestReference } from "./manifest-reference.ts";
export type { Ceilings } from "./ceilings.ts";

export { coversComponent, coversTopic, matchesComponent, matchesTopic } from "./messaging-pattern.ts";

export type {
  Capability,
  ConnectCapability,
  FileAction,
  FileCapability,
  MessagingAction,
  Right,
} from "./capability/capability.ts";
export { resourceOf, rightOf } from "./capability/capability.ts";
export { covers } from "./capability/capability-pattern.ts";
export type { CapabilitySetOptions, GrantOptions, Judgement, OnExcess } from "./capability/capability-set.ts";
export { CapabilitySet } from "./capability/capability-set.ts";
export type { FixedRefusal } from "./capability/fixed-refusals.ts";
export { FIXED_REFUSALS } from "./capability/fixed-refusals.ts";
export type { Now } from "./clock.ts";

export type { ManifestProblem } from "./manifest-problem.ts";
export { formatProblem } from "./manifest-problem.ts";
export type { SecurityErrorCode } from "./errors.ts";
export {
  CapabilityExceededError,
  CapabilityLimitError,
  CapabilityRevokedError,
  DerivationDepthError,
  InvalidCapabilityError,
  UnknownRefusalError,
} from "./capability/capability-errors.ts";
export { InvalidCeilingError, ManifestError, SecurityError } from "./errors.ts";
