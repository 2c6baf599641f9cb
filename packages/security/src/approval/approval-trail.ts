import type { AuditTrail } from "../audit/audit-entry.ts";
import type { Approval } from "./approval.ts";
import { ApprovalRefusedError, ApprovalRequiredError } from "./approval-errors.ts";

/** What a line is about. */
type Subject = Pick<Approval, "component" | "digest" | "id">;

/** Takes down what becomes of requests for approval, and what is refused on the way. */
export class ApprovalTrail {
  readonly #audit: AuditTrail | undefined;

  constructor(audit: AuditTrail | undefined) {
    this.#audit = audit;
  }

  /** A request has come to another state. */
  changed(approval: Approval): void {
    const { state, decision, reviewer, requestedBy } = approval;
    const reason = `${state}${decision ? `: ${decision.reason}` : ""}`;
    this.#record(approval, state === "approved", reason, decision?.approver ?? reviewer ?? requestedBy);
  }

  /** Asks for something on somebody's behalf. A refusal is taken down before he hears of it; nothing else is. */
  of<T>(subject: Subject, person: string | undefined, ask: () => T): T {
    try {
      return ask();
    } catch (error) {
      if (error instanceof ApprovalRequiredError) this.#record(subject, false, `not approved: ${error.state}`, person);
      if (error instanceof ApprovalRefusedError) this.#record(subject, false, error.message, person);
      throw error;
    }
  }

  #record({ component, digest, id }: Subject, isGranted: boolean, reason: string, person: string | undefined): void {
    this.#audit?.record({
      component,
      digest,
      right: "approval",
      resource: id,
      decision: isGranted ? "granted" : "refused",
      reason,
      wouldRefuse: !isGranted,
      mode: "strict",
      // A name comes from elsewhere, and may be none.
      ...(typeof person === "string" && { approver: person }),
    });
  }
}
