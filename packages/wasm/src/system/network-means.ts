import type { Manifest } from "@airssys/security";

/** Why a component gets nothing of the network that it would begin itself. */
export function withoutOutbound({ capabilities: { network } }: Manifest): string | undefined {
  return network.outbound.length === 0
    ? "Component.toml asks for nothing as outbound in [capabilities.network]"
    : undefined;
}

export function withoutNetwork({ capabilities: { network } }: Manifest): string | undefined {
  return network.outbound.length + network.inbound.length === 0
    ? "Component.toml asks for nothing in [capabilities.network]"
    : undefined;
}
