import type { Capability } from "../capability/capability.ts";
import { CapabilitySet } from "../capability/capability-set.ts";
import { FIXED_REFUSALS } from "../capability/fixed-refusals.ts";
import { InvalidPolicyError, MissingAttributeError } from "./policy-errors.ts";
import { COMPONENT_PATTERN, matchesComponent } from "../messaging-pattern.ts";
import type { Policy, Verdict } from "./policy.ts";

export interface AccessRule {
  readonly effect: "allow" | "deny";
  /** A component pattern. */
  readonly component: string;
  /** Any of these. */
  readonly capabilities: readonly Capability[];
  /** Attributes that the request must have, with just these values. A request without one of them is refused. */
  readonly when?: Readonly<Record<string, string>>;
}

/** The grants of one policy. What is always refused is so without it, and by name. */
export function policySet(capabilities: readonly Capability[]): CapabilitySet {
  const set = new CapabilitySet({ lifted: FIXED_REFUSALS });
  for (const capability of capabilities) set.grant(capability);
  return set;
}

/**
 * The first rule that is about a request decides it.
 * @throws InvalidPolicyError when a rule names no component pattern, or has an effect that is none
 * @throws InvalidCapabilityError when one of its capabilities is no pattern
 */
export function accessControlList(name: string, rules: readonly AccessRule[]): Policy {
  const compiled = rules.map((rule, index) => {
    if (!COMPONENT_PATTERN.test(rule.component))
      throw new InvalidPolicyError(name, `rule ${index} is about no component pattern`);
    if (rule.effect !== "allow" && rule.effect !== "deny")
      throw new InvalidPolicyError(name, `rule ${index} has no effect`);
    return { ...rule, index, set: policySet(rule.capabilities), when: Object.entries(rule.when ?? {}) };
  });
  return {
    name,
    judge: ({ component, capability, attributes = {} }): Verdict => {
      for (const { effect, component: pattern, index, set, when } of compiled) {
        const isAbout = effect === "deny" ? set.meets(capability) : set.matches(capability);
        if (!isAbout || !matchesComponent(pattern, component)) continue;
        for (const [attribute] of when) {
          if (!Object.hasOwn(attributes, attribute)) throw new MissingAttributeError(attribute);
        }
        if (when.every(([attribute, value]) => attributes[attribute] === value))
          return { effect, reason: `rule ${index}` };
      }
      return { effect: "abstain" };
    },
  };
}
