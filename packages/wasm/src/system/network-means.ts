import type { Manifest } from "@airssys/security";
import { refuse } from "./answer.ts";

/** Longer than this, no function of the network waits. */
const LONGEST_MS = 300_000;
/** Of what is handed over at once. */
export const MOST_BYTES = 1_048_576;

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

/** A time that a guest gives. */
export function timeOf(millis: number): number {
  return millis >= 1 && millis <= LONGEST_MS
    ? millis
    : refuse("invalid-request", `it waits 1 to ${LONGEST_MS} ms, not ${millis}`);
}
