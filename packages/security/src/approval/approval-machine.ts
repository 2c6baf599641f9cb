import { setup, transition } from "xstate";
import { ApprovalStepError } from "./approval-errors.ts";

export type ApprovalState = "pending" | "reviewing" | "approved" | "denied" | "expired" | "revoked";

export type ApprovalStep = "review" | "release" | "approve" | "deny" | "expire" | "revoke";

/** Every step there is. A machine and not a switch, so that the diagram in the README can be checked against it. */
const approvalMachine = setup({ types: { events: {} as { type: ApprovalStep } } }).createMachine({
  id: "approval",
  initial: "pending",
  states: {
    pending: { on: { review: "reviewing", expire: "expired" } },
    reviewing: { on: { approve: "approved", deny: "denied", release: "pending", expire: "expired" } },
    approved: { on: { revoke: "revoked", expire: "expired" } },
    denied: {},
    expired: {},
    revoked: {},
  },
});

/** The workflow as a Mermaid state diagram. */
export function approvalDiagram(): string {
  const lines = Object.values(approvalMachine.states).flatMap(({ key, transitions }) =>
    [...transitions].flatMap(([step, ways]) =>
      ways.flatMap(({ target = [] }) => target.map((to) => `  ${key} --> ${to.key}: ${step}`)),
    ),
  );
  return ["stateDiagram-v2", "  [*] --> pending", ...lines].join("\n");
}

/** The state behind a step. @throws ApprovalStepError when there is no such step from there */
export function stepFrom(approval: string, state: ApprovalState, step: ApprovalStep): ApprovalState {
  const snapshot = approvalMachine.resolveState({ value: state });
  if (!snapshot.can({ type: step })) throw new ApprovalStepError(approval, state, step);
  return transition(approvalMachine, snapshot, { type: step })[0].value;
}

export function isApprovalState(value: unknown): value is ApprovalState {
  return typeof value === "string" && Object.hasOwn(approvalMachine.states, value);
}
