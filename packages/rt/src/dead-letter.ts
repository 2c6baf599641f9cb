import type { AnyActorRef } from "./actor-ref.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import type { Envelope } from "./envelope.ts";

export interface DeadLetter {
  readonly reason: DeadLetterReason;
  /** The message, or with `late-reply` the reply. */
  readonly message: unknown;
  /** The path, name or topic it was meant for. */
  readonly recipient: string;
  /** Present when it came through a broker. */
  readonly envelope: Envelope | undefined;
  /** The actor that did not handle it, when it got as far as one. */
  readonly ref?: AnyActorRef;
}
