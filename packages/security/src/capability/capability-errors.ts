import { SecurityError } from "../errors.ts";
import { quoted } from "../manifest-problem.ts";
import { type Capability, resourceOf, rightOf } from "./capability.ts";

/** As errors and reasons name a capability, whatever it is made of. */
export function describeCapability(capability: Capability): string {
  if (typeof capability !== "object" || capability === null) return "no capability";
  const right = rightOf(capability);
  if (right === undefined) return "a capability of an unknown kind";
  const resource: unknown = resourceOf(capability);
  return `${right} ${typeof resource === "string" ? quoted(resource) : `with a resource that is a ${typeof resource}`}`;
}

/** A capability that no grant can have: its pattern is none, or its kind is not known. */
export class InvalidCapabilityError extends SecurityError {
  override readonly name = "InvalidCapabilityError";
  override readonly code = "SECURITY_CAPABILITY_INVALID";
  readonly capability: Capability;

  constructor(capability: Capability, options?: ErrorOptions) {
    super(`expected a capability with a pattern that can be granted, found ${describeCapability(capability)}`, options);
    this.capability = capability;
  }
}

/** What was revoked in a set is not granted in it again. */
export class CapabilityRevokedError extends SecurityError {
  override readonly name = "CapabilityRevokedError";
  override readonly code = "SECURITY_CAPABILITY_REVOKED";
  readonly capability: Capability;

  constructor(capability: Capability, options?: ErrorOptions) {
    super(`${describeCapability(capability)} was revoked in this set`, options);
    this.capability = capability;
  }
}

/** A derived set would have had more than the one it is derived from. */
export class CapabilityExceededError extends SecurityError {
  override readonly name = "CapabilityExceededError";
  override readonly code = "SECURITY_CAPABILITY_EXCEEDED";
  readonly capability: Capability;

  constructor(capability: Capability, options?: ErrorOptions) {
    super(`${describeCapability(capability)} goes beyond what the set has that this one is derived from`, options);
    this.capability = capability;
  }
}

/** A set takes no more, or a folder has too many patterns that leave part of a name open. */
export class CapabilityLimitError extends SecurityError {
  override readonly name = "CapabilityLimitError";
  override readonly code = "SECURITY_CAPABILITY_LIMIT";
  readonly capability: Capability;

  constructor(capability: Capability, limit: number, options?: ErrorOptions) {
    super(
      `no room for ${describeCapability(capability)}: a set takes ${limit} grants, and 100 that leave part of a name open for one folder`,
      options,
    );
    this.capability = capability;
  }
}

/** Sets were derived from derived sets without end. */
export class DerivationDepthError extends SecurityError {
  override readonly name = "DerivationDepthError";
  override readonly code = "SECURITY_DERIVATION_TOO_DEEP";

  constructor(limit: number, options?: ErrorOptions) {
    super(`a set can be derived ${limit} times over, not more often`, options);
  }
}

/** Nothing of that name is on the list of what is always refused. */
export class UnknownRefusalError extends SecurityError {
  override readonly name = "UnknownRefusalError";
  override readonly code = "SECURITY_REFUSAL_UNKNOWN";

  constructor(found: unknown, known: readonly string[], options?: ErrorOptions) {
    super(
      `expected one of ${known.join(", ")} to lift, found ${typeof found === "string" ? quoted(found) : `a ${typeof found}`}`,
      options,
    );
  }
}
