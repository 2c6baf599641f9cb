import type { AnyActorRef } from "./actor-ref.ts";
import { Ask } from "./ask.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { Envelope } from "./envelope.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { MailboxLimits } from "./mailbox.ts";
import { ActorCrashedError, ActorStoppedError, MailboxFullError } from "./errors.ts";

/** The actor that did not handle it. */
interface Deceased {
  readonly self: AnyActorRef;
  readonly limits: MailboxLimits;
  readonly reason: ExitReason;
  readonly kernel: { readonly deadLetters: DeadLetters; readonly dispatcher: Dispatcher };
}

/** Makes a dead letter of what was in a mailbox or at hand, and rejects whoever waits for its reply. */
export function bury(
  item: unknown,
  reason: DeadLetterReason,
  { self: ref, limits, reason: exit, kernel: { deadLetters, dispatcher } }: Deceased,
  cause: unknown,
): void {
  const recipient = ref.path;
  if (item instanceof Envelope) {
    if (item.receipt?.lost(item, reason) === true) return;
    deadLetters.record({ reason, message: item.payload, recipient, envelope: item, ref });
    return;
  }
  if (!(item instanceof Ask)) {
    deadLetters.record({ reason, message: item, recipient, envelope: undefined, ref });
    return;
  }
  const { payload: message, envelope, isSettled } = item;
  envelope?.receipt?.lost(envelope, reason);
  deadLetters.record({ reason, message, recipient, envelope, ref });
  if (isSettled) return;
  dispatcher.hasSettled = true;
  if (reason === "crashed") item.reject(new ActorCrashedError(recipient, cause));
  else if (reason === "mailbox-full") item.reject(new MailboxFullError(recipient, limits, message));
  else item.reject(new ActorStoppedError(recipient, exit));
}
