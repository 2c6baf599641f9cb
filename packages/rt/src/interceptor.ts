import type { Envelope } from "./envelope.ts";
import type { Refusal } from "./refusal.ts";

/**
 * Sees every envelope that passed the broker's other checks, before it is routed: to trace it, to record it, or to refuse it by
 * returning `refuse(error)`, which throws that error to the sender. One that throws itself is at fault, and not the sender: the envelope
 * is not routed, the event `interceptor-failed` tells of it, and the sender goes on.
 */
export type Interceptor = (envelope: Envelope) => Refusal | void;
