import { SecurityError } from "../errors.ts";

/** An audit log that is to be continued is not as it was left. `verifyAuditLog` says where. */
export class AuditLogCorruptError extends SecurityError {
  override readonly name = "AuditLogCorruptError";
  override readonly code = "SECURITY_AUDIT_CORRUPT";
  readonly folder: string;

  constructor(folder: string, reason: string, options?: ErrorOptions) {
    super(`the audit log in ${folder} cannot be continued: ${reason}`, options);
    this.folder = folder;
  }
}

/** The audit log cannot be written. What was recorded before is kept and tried again. */
export class AuditWriteError extends SecurityError {
  override readonly name = "AuditWriteError";
  override readonly code = "SECURITY_AUDIT_WRITE_FAILED";
  readonly folder: string;

  constructor(folder: string, options?: ErrorOptions) {
    super(`the audit log in ${folder} cannot be written`, options);
    this.folder = folder;
  }
}
