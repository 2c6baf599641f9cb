import type { CapabilitySet } from "../capability/capability-set.ts";
import type { AccessRequest, Policy } from "./policy.ts";

/** How strictly grants and policies are taken. */
export type Mode =
  /** What is not granted is refused. */
  | "strict"
  /** What would be refused is granted, and said so: to find out what a component needs. */
  | "permissive"
  /** The same, on a machine where things are tried out. */
  | "development";

/** All that a decision depends on, beside the request. */
export interface AccessRules {
  readonly mode: Mode;
  readonly grants: CapabilitySet;
  /** With policies, one of them has to allow what the grants cover, and none may deny it. */
  readonly policies: readonly Policy[];
}

export interface Decision {
  readonly decision: "granted" | "refused";
  readonly reason: string;
  /** Strict mode would have refused it. */
  readonly wouldRefuse: boolean;
}

/** What the rules say of a request before the mode is looked at. */
type Finding =
  | { readonly type: "allowed"; readonly reason: string }
  | { readonly type: "unallowed"; readonly reason: string }
  /** Refused in every mode: it is on the always-refused list, or cannot be judged. */
  | { readonly type: "barred"; readonly reason: string };

/** Whether the request is granted. Never throws: what goes wrong on the way is a refusal. */
export function decide(request: AccessRequest, rules: AccessRules): Decision {
  const finding = findSafely(request, rules);
  if (finding.type === "allowed") return { decision: "granted", reason: finding.reason, wouldRefuse: false };
  const isAdvisory = finding.type === "unallowed" && (rules.mode === "permissive" || rules.mode === "development");
  return isAdvisory
    ? { decision: "granted", reason: `${rules.mode} mode, though ${finding.reason}`, wouldRefuse: true }
    : { decision: "refused", reason: finding.reason, wouldRefuse: true };
}

function findSafely(request: AccessRequest, rules: AccessRules): Finding {
  try {
    return find(request, rules);
  } catch (error) {
    return { type: "barred", reason: `it could not be judged: ${messageOf(error)}` };
  }
}

function find(request: AccessRequest, { grants, policies }: AccessRules): Finding {
  const judgement = grants.judge(request.capability);
  switch (judgement.type) {
    case "malformed":
    case "forbidden":
      return { type: "barred", reason: judgement.reason };
    case "not-granted":
    case "revoked":
    case "granted":
  }
  // Asked in any case: a policy that breaks must not go unseen because another refused before it.
  const opinion = opinionOf(policies, request);
  if (opinion.type !== "allowed") return opinion;
  return judgement.type === "granted" ? opinion : { type: "unallowed", reason: judgement.reason };
}

function opinionOf(policies: readonly Policy[], request: AccessRequest): Finding {
  if (policies.length === 0) return { type: "allowed", reason: "a grant covers it" };
  let allowed: string | undefined;
  let denied: string | undefined;
  for (const { name, judge } of policies) {
    const verdict = judge(request);
    switch (verdict.effect) {
      case "allow":
        allowed ??= `${name} allows it: ${verdict.reason}`;
        break;
      case "deny":
        denied ??= `${name} denies it: ${verdict.reason}`;
        break;
      case "abstain":
        break;
      default:
        return { type: "barred", reason: `${name} gave no verdict` };
    }
  }
  if (denied !== undefined) return { type: "unallowed", reason: denied };
  return allowed === undefined
    ? { type: "unallowed", reason: "no policy allows it" }
    : { type: "allowed", reason: allowed };
}

/** Anything can be thrown, and not all of it can be made a string. */
function messageOf(error: unknown): string {
  return error instanceof Error && typeof error.message === "string" ? error.message : `a ${typeof error} was thrown`;
}
