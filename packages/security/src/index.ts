export type {
  BackoffSection,
  Capabilities,
  ComponentSection,
  ConfigEntries,
  CpuLimit,
  CustomCapability,
  Deployment,
  EnvironmentCapability,
  FilesystemCapability,
  HealthSection,
  Manifest,
  MemoryLimit,
  MessagingCapability,
  NetworkCapability,
  ProcessCapability,
  Quotas,
  Resources,
  Restart,
  RolloutStrategy,
  Security,
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
export type { JsonSchema } from "./manifest-json-schema.ts";
export { manifestJsonSchema } from "./manifest-json-schema.ts";
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
export { capabilitiesOf } from "./capability/capabilities-of.ts";
export { covers } from "./capability/capability-pattern.ts";
export type { CapabilitySetOptions, GrantOptions, Judgement, OnExcess } from "./capability/capability-set.ts";
export { CapabilitySet } from "./capability/capability-set.ts";
export type { FixedRefusal } from "./capability/fixed-refusals.ts";
export { FIXED_REFUSALS } from "./capability/fixed-refusals.ts";
export type { Now } from "./clock.ts";

export type { ManifestProblem } from "./manifest-problem.ts";
export { formatProblem, formatProblems } from "./manifest-problem.ts";
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

export type { AccessRequest, Policy, Verdict } from "./decision/policy.ts";
export type { AccessRules, Decision, Mode } from "./decision/decide.ts";
export { decide } from "./decision/decide.ts";
export type { AccessControlOptions, DecisionMade } from "./decision/access-control.ts";
export { AccessControl } from "./decision/access-control.ts";
export type { AccessRule } from "./decision/access-control-list.ts";
export { accessControlList } from "./decision/access-control-list.ts";
export type { Role, RoleAssignment } from "./decision/role-policy.ts";
export type { RecordingOptions } from "./decision/recording.ts";
export { Recording } from "./decision/recording.ts";
export { rolePolicy } from "./decision/role-policy.ts";
export {
  InvalidPolicyError,
  MissingAttributeError,
  RoleCycleError,
  UnknownRoleError,
} from "./decision/policy-errors.ts";

export type { ComponentQuotas, ComponentQuotasOptions, QuotaName } from "./quota/component-quotas.ts";
export { componentQuotas } from "./quota/component-quotas.ts";
export type {
  QuotaAction,
  QuotaLevel,
  QuotaLevelChange,
  QuotaLimit,
  QuotaMeterOptions,
  QuotaOutcome,
  QuotaUsage,
} from "./quota/quota-meter.ts";
export { QuotaMeter } from "./quota/quota-meter.ts";
export { InvalidQuotaError } from "./quota/quota-errors.ts";

export type { AuditEntry, AuditTrail } from "./audit/audit-entry.ts";
export type { AuditLine, ChainLink } from "./audit/audit-line.ts";
export type { AuditLogOptions } from "./audit/audit-log.ts";
export { AuditLog } from "./audit/audit-log.ts";
export type { AuditProblem, AuditVerdict, VerifyOptions } from "./audit/verify-audit-log.ts";
export { verifyAuditLog } from "./audit/verify-audit-log.ts";
export type { AuditQuery } from "./audit/search-audit-log.ts";
export { searchAuditLog } from "./audit/search-audit-log.ts";
export { AuditLogCorruptError, AuditWriteError } from "./audit/audit-errors.ts";

export type { SigningKey } from "./approval/signing-key.ts";
export { generateSigningKey, publicKeyOf } from "./approval/signing-key.ts";
export type { Release } from "./approval/release.ts";
export { canonicalCapabilities, digestOf, isReleaseSignedBy, releaseId, signRelease } from "./approval/release.ts";
export { compareVersions } from "./approval/semantic-version.ts";
export type { Origin, Trust, TrustConfiguration, TrustLevel, TrustSource } from "./approval/trust.ts";
export { TrustPolicy } from "./approval/trust.ts";
export type { Approval, ApprovalDecision } from "./approval/approval.ts";
export type { ApprovalState, ApprovalStep } from "./approval/approval-machine.ts";
export { approvalDiagram } from "./approval/approval-machine.ts";
export type { ApprovalQueueOptions, SubmitOptions, ApprovalVerdict } from "./approval/approval-queue.ts";
export { ApprovalQueue } from "./approval/approval-queue.ts";
export {
  ApprovalFileError,
  ApprovalQueueFullError,
  ApprovalRefusedError,
  ApprovalRequiredError,
  ApprovalStepError,
  InvalidKeyError,
  InvalidReleaseError,
  InvalidSourceError,
} from "./approval/approval-errors.ts";
