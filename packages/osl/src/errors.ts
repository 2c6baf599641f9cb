import type { Capability } from "@airssys/security";

/** Stable identifiers; add freely, never rename or reuse. */
export type OslErrorCode =
  | "OSL_DENIED"
  | "OSL_AUDIT_FAILED"
  | "OSL_OPERATION_INVALID"
  | "OSL_PATH_CHANGED"
  | "OSL_FILE_UNSUITABLE"
  | "OSL_PROGRAM_UNSUITABLE"
  | "OSL_REDIRECT_REFUSED"
  | "OSL_LIMIT_EXCEEDED"
  | "OSL_QUOTA_EXCEEDED"
  | "OSL_RATE_LIMITED"
  | "OSL_TOO_MANY_OPEN"
  | "OSL_TIMEOUT"
  | "OSL_CANCELLED"
  | "OSL_CLOSED"
  | "OSL_FAILED"
  | "OSL_PLATFORM_UNSUPPORTED";

/** Base of every error this package throws. Match on `code`; messages may change. */
export abstract class OslError extends Error {
  abstract readonly code: OslErrorCode;
}

/** Refused by this package itself: not by policy, which records that, and not by the system. */
const REFUSALS: ReadonlySet<OslErrorCode> = new Set([
  "OSL_OPERATION_INVALID",
  "OSL_PATH_CHANGED",
  "OSL_PROGRAM_UNSUITABLE",
  "OSL_REDIRECT_REFUSED",
  "OSL_LIMIT_EXCEEDED",
  "OSL_QUOTA_EXCEEDED",
  "OSL_RATE_LIMITED",
  "OSL_TOO_MANY_OPEN",
]);

export function isRefusal({ code }: OslError): boolean {
  return REFUSALS.has(code);
}

/** Policy does not grant it. Nothing was performed. */
export class AccessDeniedError extends OslError {
  override readonly name = "AccessDeniedError";
  override readonly code = "OSL_DENIED";
  readonly capability: Capability;
  readonly reason: string;

  constructor(capability: Capability, reason: string, options?: ErrorOptions) {
    super(`${capability.kind} was refused: ${reason}`, options);
    this.capability = capability;
    this.reason = reason;
  }
}

/** The decision could not be recorded, so nothing was performed. */
export class AuditFailedError extends OslError {
  override readonly name = "AuditFailedError";
  override readonly code = "OSL_AUDIT_FAILED";

  constructor(operation: string, options?: ErrorOptions) {
    super(`the decision on ${operation} could not be recorded, so it was not performed`, options);
  }
}

/** The operation, or the way it is to be run, is written so that it can mean nothing, or more than one thing. */
export class InvalidOperationError extends OslError {
  override readonly name = "InvalidOperationError";
  override readonly code = "OSL_OPERATION_INVALID";
  readonly field: string;

  constructor(operation: string, field: string, expected: string, found: string, options?: ErrorOptions) {
    super(`${operation}: ${field}: expected ${expected}, found ${found}`, options);
    this.field = field;
  }
}

/** Between the decision and the opening, something else came to be under the path. Nothing of it was read or changed. */
export class PathChangedError extends OslError {
  override readonly name = "PathChangedError";
  override readonly code = "OSL_PATH_CHANGED";
  readonly path: string;

  constructor(path: string, options?: ErrorOptions) {
    super(`${JSON.stringify(path)} leads somewhere else than when it was decided on`, options);
    this.path = path;
  }
}

/** What is under the path is of another kind than the operation is for. */
export class UnsuitableFileError extends OslError {
  override readonly name = "UnsuitableFileError";
  override readonly code = "OSL_FILE_UNSUITABLE";
  readonly path: string;
  /** The kind of thing that is there, such as `directory`. */
  readonly found: string;

  constructor(path: string, expected: string, found: string, options?: ErrorOptions) {
    super(`${JSON.stringify(path)}: expected a ${expected}, found a ${found}`, options);
    this.path = path;
    this.found = found;
  }
}

/** The program is a script, runs as somebody else, or cannot be run. */
export class UnsuitableProgramError extends OslError {
  override readonly name = "UnsuitableProgramError";
  override readonly code = "OSL_PROGRAM_UNSUITABLE";
  readonly program: string;

  constructor(program: string, reason: string, options?: ErrorOptions) {
    super(`program ${JSON.stringify(program)} ${reason}`, options);
    this.program = program;
  }
}

/** A server sent the request on in a way that is not followed. */
export class RedirectRefusedError extends OslError {
  override readonly name = "RedirectRefusedError";
  override readonly code = "OSL_REDIRECT_REFUSED";

  constructor(origin: string, reason: string, options?: ErrorOptions) {
    super(`a redirect from ${origin} is not followed: ${reason}`, options);
  }
}

/** There is more of it than the limit allows. What had come is discarded. */
export class LimitExceededError extends OslError {
  override readonly name = "LimitExceededError";
  override readonly code = "OSL_LIMIT_EXCEEDED";
  readonly limit: number;

  constructor(subject: string, limit: number, unit: string, options?: ErrorOptions) {
    super(`${subject} has more than ${limit} ${unit}`, options);
    this.limit = limit;
  }
}

/** The account has no room for it. */
export class QuotaExceededError extends OslError {
  override readonly name = "QuotaExceededError";
  override readonly code = "OSL_QUOTA_EXCEEDED";

  constructor(actor: string, operation: string, options?: ErrorOptions) {
    super(`the quota of ${actor} has no room for ${operation}`, options);
  }
}

/** Too many operations in too short a time. */
export class RateLimitedError extends OslError {
  override readonly name = "RateLimitedError";
  override readonly code = "OSL_RATE_LIMITED";
  /** Milliseconds until there is room again. */
  readonly retryAfterMs: number;

  constructor(operation: string, retryAfterMs: number, options?: ErrorOptions) {
    super(`${operation} comes too soon: there is room again in ${retryAfterMs} ms`, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The actor holds as many files, connections and processes as it may. */
export class TooManyOpenError extends OslError {
  override readonly name = "TooManyOpenError";
  override readonly code = "OSL_TOO_MANY_OPEN";

  constructor(actor: string, limit: number, options?: ErrorOptions) {
    super(`${actor} holds ${limit} files, connections and processes, which is all it may`, options);
  }
}

/** It took longer than it may. */
export class OperationTimeoutError extends OslError {
  override readonly name = "OperationTimeoutError";
  override readonly code = "OSL_TIMEOUT";

  constructor(operation: string, timeoutMs: number, options?: ErrorOptions) {
    super(`${operation} was not done within ${timeoutMs} ms`, options);
  }
}

/** The caller's signal ended it. `cause` is the signal's reason. */
export class OperationCancelledError extends OslError {
  override readonly name = "OperationCancelledError";
  override readonly code = "OSL_CANCELLED";

  constructor(operation: string, options?: ErrorOptions) {
    super(`${operation} was cancelled`, options);
  }
}

/** The actor has stopped, and its access with it; or what it had open was closed. */
export class AccessClosedError extends OslError {
  override readonly name = "AccessClosedError";
  override readonly code = "OSL_CLOSED";

  constructor(subject: string, options?: ErrorOptions) {
    super(`${subject} is closed`, options);
  }
}

/** The operating system, or a server, could not do it. */
export class OperationFailedError extends OslError {
  override readonly name = "OperationFailedError";
  override readonly code = "OSL_FAILED";
  /** As the system names it, such as `ENOENT`; undefined where it does not. */
  readonly systemCode: string | undefined;

  constructor(operation: string, systemCode: string | undefined, options?: ErrorOptions) {
    super(`${operation} failed${systemCode === undefined ? "" : ` with ${systemCode}`}`, options);
    this.systemCode = systemCode;
  }
}

/** The system has no way to hold directories and programs open while they are used. */
export class UnsupportedPlatformError extends OslError {
  override readonly name = "UnsupportedPlatformError";
  override readonly code = "OSL_PLATFORM_UNSUPPORTED";

  constructor(missing: string, options?: ErrorOptions) {
    super(`files and processes need ${missing}, which this system has not`, options);
  }
}

/** What the system names an error, such as `ENOENT`. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The error itself where it is one of ours, and what the system said otherwise. */
export function asOslError(operation: string, error: unknown): OslError {
  return error instanceof OslError ? error : new OperationFailedError(operation, systemCodeOf(error), { cause: error });
}
