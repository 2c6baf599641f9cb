import { formatProblems, type ManifestProblem } from "./manifest-problem.ts";

/** Stable identifiers; add freely, never rename or reuse. */
export type SecurityErrorCode =
  | "SECURITY_MANIFEST_INVALID"
  | "SECURITY_CEILING_INVALID"
  | "SECURITY_CAPABILITY_INVALID"
  | "SECURITY_CAPABILITY_REVOKED"
  | "SECURITY_CAPABILITY_EXCEEDED"
  | "SECURITY_CAPABILITY_LIMIT"
  | "SECURITY_DERIVATION_TOO_DEEP"
  | "SECURITY_REFUSAL_UNKNOWN"
  | "SECURITY_POLICY_INVALID"
  | "SECURITY_ROLE_CYCLE"
  | "SECURITY_ROLE_UNKNOWN"
  | "SECURITY_ATTRIBUTE_MISSING"
  | "SECURITY_QUOTA_INVALID"
  | "SECURITY_AUDIT_CORRUPT"
  | "SECURITY_AUDIT_WRITE_FAILED"
  | "SECURITY_KEY_INVALID"
  | "SECURITY_SOURCE_INVALID"
  | "SECURITY_RELEASE_INVALID"
  | "SECURITY_APPROVAL_REQUIRED"
  | "SECURITY_APPROVAL_REFUSED"
  | "SECURITY_APPROVAL_STEP_IMPOSSIBLE"
  | "SECURITY_APPROVAL_QUEUE_FULL"
  | "SECURITY_APPROVAL_FILE_UNUSABLE";

/** Base of every error this package throws. Match on `code`; messages may change. */
export abstract class SecurityError extends Error {
  abstract readonly code: SecurityErrorCode;
}

/** The manifest cannot be used. `problems` has everything that is wrong with it, in the order of the file. */
export class ManifestError extends SecurityError {
  override readonly name = "ManifestError";
  override readonly code = "SECURITY_MANIFEST_INVALID";
  readonly problems: readonly ManifestProblem[];

  constructor(problems: readonly ManifestProblem[], options?: ErrorOptions) {
    super(formatProblems(problems), options);
    this.problems = problems;
  }
}

/** An operator's ceiling is no usable number. */
export class InvalidCeilingError extends SecurityError {
  override readonly name = "InvalidCeilingError";
  override readonly code = "SECURITY_CEILING_INVALID";
  readonly ceiling: string;
  readonly value: number;

  constructor(ceiling: string, expected: string, value: number, options?: ErrorOptions) {
    super(`ceiling ${ceiling}: expected ${expected}, found ${value}`, options);
    this.ceiling = ceiling;
    this.value = value;
  }
}
