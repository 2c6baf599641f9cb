import { SecurityError } from "../errors.ts";

/** A limit or an amount that is none. Nothing was consumed. */
export class InvalidQuotaError extends SecurityError {
  override readonly name = "InvalidQuotaError";
  override readonly code = "SECURITY_QUOTA_INVALID";
  readonly quota: string;

  constructor(quota: string, expected: string, found: number, options?: ErrorOptions) {
    super(`quota ${quota}: expected ${expected}, found ${String(found)}`, options);
    this.quota = quota;
  }
}
