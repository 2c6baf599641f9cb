import { type Capability, type CapabilitySet, resourceOf, type Right, rightOf } from "@airssys/security";
import { AccessDeniedError, AuditFailedError } from "./errors.ts";
import type { OperationKind } from "./operation.ts";

/** What policy says of a request. */
export interface Decision {
  readonly decision: "granted" | "refused";
  readonly reason: string;
}

/** Policy. Whatever it throws, and whatever it gives that is no clear grant, is a refusal. */
export type Decide = (capability: Capability) => Decision;

/** One decision, as it is recorded. */
export interface DecisionRecord extends Decision {
  readonly actor: string;
  readonly operation: OperationKind;
  readonly right: Right | "unknown";
  readonly resource: string;
  /** What a name was resolved to, where the decision was on that. */
  readonly address?: string;
}

/** Takes a decision down before it is acted on, and says whether it did. Without a record nothing is performed. */
export type Audit = (record: DecisionRecord) => boolean;

/** Passes what is granted and recorded; throws for all else. */
export type Authorize = (capability: Capability) => void;

/** Policy that is nothing but a set of grants. */
export function decideBy(grants: CapabilitySet): Decide {
  return (capability) => {
    const judgement = grants.judge(capability);
    return judgement.type === "granted"
      ? { decision: "granted", reason: "a grant covers it" }
      : { decision: "refused", reason: judgement.reason };
  };
}

export function authorizer(actor: string, operation: OperationKind, decide: Decide, audit: Audit): Authorize {
  return (capability) => {
    const decision = decideSafely(decide, capability);
    const address = capability.kind === "connect" ? capability.address : undefined;
    recordSafely(audit, {
      actor,
      operation,
      right: rightOf(capability) ?? "unknown",
      resource: resourceOf(capability),
      ...(address !== undefined && { address }),
      ...decision,
    });
    if (decision.decision !== "granted") throw new AccessDeniedError(capability, decision.reason);
  };
}

/** Policies are written by others, and may be in JavaScript: anything but the one clear answer is a refusal. */
function decideSafely(decide: Decide, capability: Capability): Decision {
  try {
    const { decision, reason } = decide(capability);
    if (decision === "granted") return { decision, reason };
    return { decision: "refused", reason: typeof reason === "string" ? reason : "policy gave no clear answer" };
  } catch (error) {
    return { decision: "refused", reason: `policy failed: ${error instanceof Error ? error.message : typeof error}` };
  }
}

function recordSafely(audit: Audit, record: DecisionRecord): void {
  let isRecorded: unknown;
  try {
    isRecorded = audit(record);
  } catch (cause) {
    throw new AuditFailedError(record.operation, { cause });
  }
  if (isRecorded !== true) throw new AuditFailedError(record.operation);
}
