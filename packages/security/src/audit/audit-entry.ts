import type { Right } from "../capability/capability.ts";
import type { Mode } from "../decision/decide.ts";

/** One decision, as it is recorded. */
export interface AuditEntry {
  /** Component id. */
  readonly component: string;
  readonly digest: string;
  /** What was asked for; `approval` for decisions of people, `audit` for what happened to the log itself. */
  readonly right: Right | "unknown" | "approval" | "audit";
  readonly resource: string;
  readonly decision: "granted" | "refused";
  readonly reason: string;
  readonly wouldRefuse: boolean;
  readonly mode: Mode;
  readonly approver?: string;
}

/** Takes decisions down. */
export interface AuditTrail {
  /** Whether the decision was taken down; false when the log cannot be written, or is too far behind. Neither throws nor waits. */
  readonly record: (entry: AuditEntry) => boolean;
}
