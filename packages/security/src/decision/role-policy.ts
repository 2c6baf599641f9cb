import type { Capability } from "../capability/capability.ts";
import type { CapabilitySet } from "../capability/capability-set.ts";
import { InvalidPolicyError, RoleCycleError, UnknownRoleError } from "./policy-errors.ts";
import { COMPONENT_PATTERN, matchesComponent } from "../messaging-pattern.ts";
import { policySet } from "./access-control-list.ts";
import type { Policy, Verdict } from "./policy.ts";

export interface Role {
  /** Roles whose capabilities it has too, and whose denials bind it too. */
  readonly inherits?: readonly string[];
  readonly allows?: readonly Capability[];
  readonly denies?: readonly Capability[];
}

export interface RoleAssignment {
  /** A component pattern. */
  readonly component: string;
  readonly roles: readonly string[];
}

interface CompiledRole {
  readonly name: string;
  readonly allowed: CapabilitySet;
  readonly denied: CapabilitySet;
}

/**
 * Components have roles, roles have capabilities, and a denial of any role wins.
 * @throws RoleCycleError when a role inherits from itself, over however many others
 * @throws UnknownRoleError when a role that is inherited or assigned does not exist
 * @throws InvalidPolicyError when an assignment names no component pattern
 * @throws InvalidCapabilityError when a capability is no pattern
 */
export function rolePolicy(
  name: string,
  roles: Readonly<Record<string, Role>>,
  assignments: readonly RoleAssignment[],
): Policy {
  const known = new Map(Object.entries(roles));
  const compiled = new Map([...known.keys()].map((role) => [role, compile(role, known)]));
  for (const { component, roles: assigned } of assignments) {
    if (!COMPONENT_PATTERN.test(component))
      throw new InvalidPolicyError(name, "an assignment is to no component pattern");
    for (const role of assigned) if (!compiled.has(role)) throw new UnknownRoleError(role);
  }
  return {
    name,
    judge: ({ component, capability }): Verdict => {
      const held = assignments
        .filter((assignment) => matchesComponent(assignment.component, component))
        .flatMap((assignment) => assignment.roles.flatMap((role) => compiled.get(role) ?? []));
      const denying = held.find(({ denied }) => denied.meets(capability));
      if (denying) return { effect: "deny", reason: `role ${denying.name}` };
      const allowing = held.find(({ allowed }) => allowed.matches(capability));
      return allowing ? { effect: "allow", reason: `role ${allowing.name}` } : { effect: "abstain" };
    },
  };
}

function compile(name: string, roles: ReadonlyMap<string, Role>): CompiledRole {
  const all = lineage(name, roles);
  return {
    name,
    allowed: policySet(all.flatMap(({ allows = [] }) => allows)),
    denied: policySet(all.flatMap(({ denies = [] }) => denies)),
  };
}

/** The role and all that it inherits from, each once. */
function lineage(name: string, roles: ReadonlyMap<string, Role>): readonly Role[] {
  const found = new Map<string, Role>();
  const visit = (at: string, path: readonly string[]): void => {
    if (path.includes(at)) throw new RoleCycleError([...path.slice(path.indexOf(at)), at]);
    const role = roles.get(at);
    if (!role) throw new UnknownRoleError(at);
    if (found.has(at)) return;
    for (const parent of role.inherits ?? []) visit(parent, [...path, at]);
    found.set(at, role);
  };
  visit(name, []);
  return [...found.values()];
}
