/**
 * Why a message was not handled. `rejected` is for adapters: the actor took the message and could not do anything with it.
 */
export type DeadLetterReason =
  | "stopped"
  | "crashed"
  | "mailbox-full"
  | "expired"
  | "late-reply"
  | "not-found"
  | "not-permitted"
  | "too-large"
  | "rate-exceeded"
  | "in-flight-exceeded"
  | "barred"
  | "attempts-exhausted"
  | "ask-cycle"
  | "rejected";
