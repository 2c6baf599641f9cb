import type { ActorRef } from "../actor-ref.ts";
import type { ActorSystem } from "../actor-system.ts";
import type { Actor } from "../actor.ts";
import type { Envelope } from "../envelope.ts";
import type { MailboxOptions } from "../mailbox.ts";

/** An actor that keeps what it gets, in order, with the envelopes. */
export interface Inbox {
  readonly ref: ActorRef<unknown>;
  readonly got: readonly unknown[];
  readonly envelopes: readonly (Envelope | undefined)[];
}

export function newInbox(system: ActorSystem, mailbox: MailboxOptions = {}): Inbox {
  const got: unknown[] = [];
  const envelopes: (Envelope | undefined)[] = [];
  const keep = (): Actor<unknown> => ({
    receive: (message, { envelope }) => {
      got.push(message);
      envelopes.push(envelope);
    },
  });
  return { ref: system.spawn(keep, { mailbox }), got, envelopes };
}

/** A supervised one that crashes the first `crashes` times. */
export async function newFragileInbox(system: ActorSystem, crashes: number): Promise<Inbox> {
  const got: unknown[] = [];
  const envelopes: (Envelope | undefined)[] = [];
  let left = crashes;
  const start = (): Actor<unknown> => ({
    receive: (message, { envelope }) => {
      got.push(message);
      envelopes.push(envelope);
      left -= 1;
      if (left >= 0) throw new RangeError("a crash that the conformance suite asked for");
    },
  });
  const supervisor = await system.supervise({
    id: "fragile",
    strategy: "one-for-one",
    intensity: { maxRestarts: 1000, withinMs: 1 },
    children: [{ id: "inbox", start }],
  });
  return { ref: supervisor.child("inbox"), got, envelopes };
}
