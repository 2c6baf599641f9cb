import { SecurityError } from "../errors.ts";
import { quoted } from "../manifest-problem.ts";

/** A text that should be an Ed25519 key and is none. The message does not repeat it. */
export class InvalidKeyError extends SecurityError {
  override readonly name = "InvalidKeyError";
  override readonly code = "SECURITY_KEY_INVALID";

  constructor(expected: string, options?: ErrorOptions) {
    super(`expected ${expected}`, options);
  }
}

/** A source that trust is to be based on is none. */
export class InvalidSourceError extends SecurityError {
  override readonly name = "InvalidSourceError";
  override readonly code = "SECURITY_SOURCE_INVALID";

  constructor(expected: string, found: string, options?: ErrorOptions) {
    super(`expected ${expected}, found ${quoted(found)}`, options);
  }
}

/** What is to be signed or approved is no release: an id, a version or a digest is none, or a capability could not be granted. */
export class InvalidReleaseError extends SecurityError {
  override readonly name = "InvalidReleaseError";
  override readonly code = "SECURITY_RELEASE_INVALID";

  constructor(expected: string, found: string, options?: ErrorOptions) {
    super(`expected ${expected}, found ${quoted(found)}`, options);
  }
}

/** A release is not approved now, and nobody is waited for. `state` says how far it is. */
export class ApprovalRequiredError extends SecurityError {
  override readonly name = "ApprovalRequiredError";
  override readonly code = "SECURITY_APPROVAL_REQUIRED";
  readonly approval: string;
  readonly state: string;

  constructor(release: string, approval: string, state: string, options?: ErrorOptions) {
    super(`${release} is not approved: its approval ${approval} is ${state}`, options);
    this.approval = approval;
    this.state = state;
  }
}

/** A decision is not accepted: nobody decides on what he asked for himself, nobody without a name, and nobody without a reason. */
export class ApprovalRefusedError extends SecurityError {
  override readonly name = "ApprovalRefusedError";
  override readonly code = "SECURITY_APPROVAL_REFUSED";

  constructor(release: string, reason: string, options?: ErrorOptions) {
    super(`${release}: ${reason}`, options);
  }
}

/** There is no such step from where an approval is. Nothing has changed. */
export class ApprovalStepError extends SecurityError {
  override readonly name = "ApprovalStepError";
  override readonly code = "SECURITY_APPROVAL_STEP_IMPOSSIBLE";

  constructor(approval: string, state: string, step: string, options?: ErrorOptions) {
    super(`approval ${quoted(approval)} is ${state}, from where it cannot ${step}`, options);
  }
}

/** So many wait for a decision that no more are taken. */
export class ApprovalQueueFullError extends SecurityError {
  override readonly name = "ApprovalQueueFullError";
  override readonly code = "SECURITY_APPROVAL_QUEUE_FULL";

  constructor(limit: number, options?: ErrorOptions) {
    super(`the approval queue is full (capacity ${limit})`, options);
  }
}

/** The file of decisions cannot be written, or is not one that was written here: then no decision is taken from it. */
export class ApprovalFileError extends SecurityError {
  override readonly name = "ApprovalFileError";
  override readonly code = "SECURITY_APPROVAL_FILE_UNUSABLE";
  readonly file: string;

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`the approvals in ${file} cannot be used: ${reason}`, options);
    this.file = file;
  }
}
