import {
  CapabilitySet,
  capabilitiesOf,
  CapabilityExceededError,
  CapabilityRevokedError,
  resourceOf,
  type Capabilities,
  type Capability,
  type FixedRefusal,
  type Manifest,
} from "@airssys/security";
import type { Refusal } from "../errors.ts";

/** What an operator allows a component, in the manifest's own terms. What is left out is not granted. */
export type Grants = { readonly [Section in keyof Capabilities]?: Partial<Capabilities[Section]> };

/** What a component may do while it runs, and what it asks for beyond that. */
export interface Granted {
  readonly grants: CapabilitySet;
  readonly refusals: readonly Refusal[];
}

/**
 * Gives a component what its manifest asks for, as far as the operator allows: all of it, where the operator says nothing. Of a set, the
 * component gets one that is derived from it: what is revoked in the one is revoked in the other. What is always refused is refused here too:
 * a component that asks for it would never get it. What is only advised against is no refusal.
 * @throws InvalidCapabilityError when a grant is no pattern
 * @throws DerivationDepthError when the operator's set is derived too often already
 */
export function grantTo(
  { capabilities }: Manifest,
  allowed: Grants | CapabilitySet | undefined,
  { lifted, isAdvisory }: { readonly lifted: Iterable<FixedRefusal>; readonly isAdvisory: boolean },
): Granted {
  const asked = capabilitiesOf(capabilities);
  const grants = allowed === undefined ? setOf(asked, lifted) : operatorsSet(allowed, lifted).derive();
  const refused = allowed === undefined ? [] : asked.filter((capability) => !tryGrant(grants, capability));
  return {
    grants,
    refusals: [
      ...asked.flatMap((capability) => {
        const rule = grants.forbids(capability);
        return rule === undefined ? [] : [refusal(capability, `is always refused (${rule})`)];
      }),
      ...(isAdvisory ? [] : refused.map((capability) => refusal(capability, "is not granted"))),
    ],
  };
}

function refusal(capability: Capability, reason: string): Refusal {
  return { subject: `capabilities.${fieldOf(capability)}`, reason: `"${resourceOf(capability)}" ${reason}` };
}

function operatorsSet(allowed: Grants | CapabilitySet, lifted: Iterable<FixedRefusal>): CapabilitySet {
  return allowed instanceof CapabilitySet ? allowed : setOf(capabilitiesOf(complete(allowed)), lifted);
}

function setOf(capabilities: readonly Capability[], lifted: Iterable<FixedRefusal>): CapabilitySet {
  const set = new CapabilitySet({ lifted });
  for (const capability of capabilities) set.grant(capability);
  return set;
}

function tryGrant(grants: CapabilitySet, capability: Capability): boolean {
  try {
    grants.grant(capability);
    return true;
  } catch (error) {
    if (error instanceof CapabilityExceededError || error instanceof CapabilityRevokedError) return false;
    throw error;
  }
}

function complete({ filesystem, network, messaging, storage, process, environment, custom }: Grants): Capabilities {
  return {
    filesystem: { read: [], write: [], delete: [], list: [], ...filesystem },
    network: { outbound: [], inbound: [], ...network },
    messaging: { send: [], publish: [], subscribe: [], receiveFrom: [], ...messaging },
    storage: { namespaces: [], ...storage },
    process: { spawn: [], ...process },
    environment: { variables: [], ...environment },
    custom: { functions: [], ...custom },
  };
}

/** Where in Component.toml it is asked for. */
function fieldOf(capability: Capability): string {
  switch (capability.kind) {
    case "file":
      return `filesystem.${capability.action}`;
    case "connect":
      return "network.outbound";
    case "listen":
      return "network.inbound";
    case "messaging":
      return `messaging.${capability.action.replace("-", "_")}`;
    case "storage":
      return "storage.namespaces";
    case "spawn":
      return "process.spawn";
    case "environment":
      return "environment.variables";
    case "custom":
      return "custom.functions";
  }
}
