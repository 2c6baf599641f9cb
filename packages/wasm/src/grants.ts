import {
  CapabilitySet,
  capabilitiesOf,
  resourceOf,
  type Capabilities,
  type Capability,
  type Manifest,
} from "@airssys/security";
import type { Refusal } from "./errors.ts";

/** What an operator allows a component, in the manifest's own terms. What is left out is not granted. */
export type Grants = { readonly [Section in keyof Capabilities]?: Partial<Capabilities[Section]> };

/**
 * What the manifest asks for beyond the grants.
 * @throws InvalidCapabilityError when a grant is no pattern
 */
export function beyondGrants({ capabilities }: Manifest, grants: Grants): readonly Refusal[] {
  const granted = new CapabilitySet();
  for (const capability of capabilitiesOf(complete(grants))) granted.grant(capability);
  return capabilitiesOf(capabilities)
    .filter((capability) => !granted.covers(capability))
    .map((capability) => ({
      subject: `capabilities.${fieldOf(capability)}`,
      reason: `"${resourceOf(capability)}" is not granted`,
    }));
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
