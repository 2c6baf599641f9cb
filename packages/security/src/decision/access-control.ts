import type { AuditTrail } from "../audit/audit-entry.ts";
import { type Capability, resourceOf, type Right, rightOf } from "../capability/capability.ts";
import { type AccessRules, type Decision, decide } from "./decide.ts";
import type { AccessRequest } from "./policy.ts";

/** A decision and what it was about. */
export interface DecisionMade extends Decision {
  readonly component: string;
  readonly capability: Capability;
}

export interface AccessControlOptions extends AccessRules {
  /** Component id. */
  readonly component: string;
  /** Of the code that asks, such as `sha256:…`. */
  readonly digest: string;
  /** Who approved its capabilities. */
  readonly approver?: string;
  /** Where decisions are recorded. Without one they are made all the same. */
  readonly audit?: AuditTrail;
  /** Told of each decision; must not throw. */
  readonly onDecision?: (made: DecisionMade) => void;
}

/** Decides for one component, and has every decision and every other refusal recorded. */
export class AccessControl {
  readonly #options: AccessControlOptions;

  constructor(options: AccessControlOptions) {
    this.#options = options;
  }

  /** It was refused without being decided on, such as a path that can mean more than one thing: that is taken down as well. Never throws. */
  refuse(capability: Capability, reason: string): void {
    const { component, audit, onDecision } = this.#options;
    const decision: Decision = { decision: "refused", reason, wouldRefuse: true };
    if (audit !== undefined) this.#record(audit, capability, decision);
    onDecision?.({ ...decision, component, capability });
  }

  /**
   * Whether the component may do it now. Never throws. Where there is an audit trail, strict mode grants only what was taken down.
   */
  check(capability: Capability, attributes?: AccessRequest["attributes"]): Decision {
    const { component, mode, audit, onDecision } = this.#options;
    const decided = decide({ component, capability, ...(attributes && { attributes }) }, this.#options);
    const isRecorded = audit === undefined || this.#record(audit, capability, decided);
    const decision: Decision =
      isRecorded || mode !== "strict" || decided.decision === "refused"
        ? decided
        : { decision: "refused", reason: "it cannot be recorded in the audit log", wouldRefuse: true };
    onDecision?.({ ...decision, component, capability });
    return decision;
  }

  #record(audit: AuditTrail, capability: Capability, { decision, reason, wouldRefuse }: Decision): boolean {
    const { component, digest, approver, mode } = this.#options;
    const { right, resource } = namesOf(capability);
    return audit.record({
      component,
      digest,
      right,
      resource,
      decision,
      reason,
      wouldRefuse,
      mode,
      ...(approver !== undefined && { approver }),
    });
  }
}

/** Requests come from guests, and may be anything. */
function namesOf(capability: Capability): { readonly right: Right | "unknown"; readonly resource: string } {
  try {
    const right = rightOf(capability);
    const resource: unknown = right === undefined ? undefined : resourceOf(capability);
    return { right: right ?? "unknown", resource: typeof resource === "string" ? resource : `a ${typeof resource}` };
  } catch {
    // No object at all, or one that throws when it is looked at: `decide` has refused it.
    return { right: "unknown", resource: `a ${typeof capability}` };
  }
}
