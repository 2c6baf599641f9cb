import { SecurityError } from "../errors.ts";
import { quoted } from "../manifest-problem.ts";

/** A policy cannot be used as it is written. */
export class InvalidPolicyError extends SecurityError {
  override readonly name = "InvalidPolicyError";
  override readonly code = "SECURITY_POLICY_INVALID";

  constructor(policy: string, reason: string, options?: ErrorOptions) {
    super(`policy ${quoted(policy)}: ${reason}`, options);
  }
}

/** A role inherits from itself. `cycle` has the roles on the way round. */
export class RoleCycleError extends SecurityError {
  override readonly name = "RoleCycleError";
  override readonly code = "SECURITY_ROLE_CYCLE";
  readonly cycle: readonly string[];

  constructor(cycle: readonly string[], options?: ErrorOptions) {
    super(`a role inherits from itself: ${cycle.map(quoted).join(" → ")}`, options);
    this.cycle = cycle;
  }
}

/** A role is inherited or assigned that does not exist. */
export class UnknownRoleError extends SecurityError {
  override readonly name = "UnknownRoleError";
  override readonly code = "SECURITY_ROLE_UNKNOWN";

  constructor(role: string, options?: ErrorOptions) {
    super(`there is no role ${quoted(role)}`, options);
  }
}

/** A policy depends on an attribute that the request has not. Thrown in a policy, it is a refusal. */
export class MissingAttributeError extends SecurityError {
  override readonly name = "MissingAttributeError";
  override readonly code = "SECURITY_ATTRIBUTE_MISSING";
  readonly attribute: string;

  constructor(attribute: string, options?: ErrorOptions) {
    super(`the request has no attribute ${quoted(attribute)}`, options);
    this.attribute = attribute;
  }
}
