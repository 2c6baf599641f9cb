import { type ApprovalState, isApprovalState } from "./approval-machine.ts";

/** One release on its way to a decision, or behind it. */
export interface Approval {
  /** Of the release: code, version and capabilities have no say in any other. */
  readonly id: string;
  readonly component: string;
  readonly version: string;
  readonly digest: string;
  /** In canonical form, for people to read. */
  readonly capabilities: readonly string[];
  readonly requestedBy: string;
  readonly state: ApprovalState;
  /** Milliseconds since the Unix epoch. */
  readonly requestedAt: number;
  readonly reviewer?: string;
  readonly decision?: ApprovalDecision;
}

export interface ApprovalDecision {
  readonly approver: string;
  readonly reason: string;
  readonly at: number;
  /** From here on it is approved no more; for ever unless given. */
  readonly expiresAt?: number;
}

/** Whether a value from a file is an approval. */
export function isApproval(value: unknown): value is Approval {
  const fields = fieldsOf(value);
  const texts = ["component", "version", "digest", "requestedBy"];
  const id = fields.get("id");
  const capabilities = fields.get("capabilities");
  return (
    typeof id === "string" &&
    /^[\da-f]{64}$/.test(id) &&
    texts.every((name) => typeof fields.get(name) === "string") &&
    isApprovalState(fields.get("state")) &&
    Number.isFinite(fields.get("requestedAt")) &&
    isMissingOr(fields.get("reviewer"), "string") &&
    Array.isArray(capabilities) &&
    capabilities.every((capability) => typeof capability === "string") &&
    (fields.get("decision") === undefined || isDecision(fields.get("decision"))) &&
    // What is decided was decided by somebody.
    (!["approved", "denied", "revoked"].includes(String(fields.get("state"))) || isDecision(fields.get("decision")))
  );
}

function isDecision(value: unknown): value is ApprovalDecision {
  const fields = fieldsOf(value);
  return (
    ["approver", "reason"].every((name) => typeof fields.get(name) === "string") &&
    Number.isFinite(fields.get("at")) &&
    isMissingOr(fields.get("expiresAt"), "number")
  );
}

function isMissingOr(value: unknown, type: "string" | "number"): boolean {
  return value === undefined || typeof value === type;
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}
