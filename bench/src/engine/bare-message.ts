import { payload } from "./counter-guest.ts";

export interface BareMessage {
  readonly payload: Uint8Array;
  readonly correlationId?: string;
  readonly timestamp: { readonly seconds: bigint; readonly nanoseconds: number };
  readonly headers: readonly (readonly [string, string])[];
}

/** A message as a sender without a host makes it; with a correlation id, it asks for an answer. */
export const bareMessage: BareMessage = {
  payload,
  timestamp: { seconds: 1_000_000_000n, nanoseconds: 0 },
  headers: [],
};
export const bareQuestion: BareMessage = { ...bareMessage, correlationId: "bench-1" };
