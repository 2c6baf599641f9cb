import type { DeadLetterReason } from "./dead-letter-reason.ts";

/** Follows an envelope to its end, for those that ask for more than "sent and forgotten". Most envelopes have none. */
export interface Receipt<Envelope> {
  /** Whether the envelope is still wanted. Asked just before it is handled; it ends here when the answer is no. */
  admits(envelope: Envelope): boolean;
  /** The handler was done with it and did not fail. */
  handled(envelope: Envelope): void;
  /** It was not handled. True when the envelope has been taken care of; else it becomes a dead letter. */
  lost(envelope: Envelope, reason: DeadLetterReason): boolean;
}
