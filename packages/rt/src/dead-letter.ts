import type { Envelope } from "./envelope.ts";

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
  | "rejected";

export interface DeadLetter {
  readonly reason: DeadLetterReason;
  /** The message, or with `late-reply` the reply. */
  readonly message: unknown;
  /** The path, name or topic it was meant for. */
  readonly recipient: string;
  /** Present when it came through a broker. */
  readonly envelope: Envelope | undefined;
}
