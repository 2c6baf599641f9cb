import { refuse } from "@airssys/rt";
import { ReplacedError } from "./errors.ts";
import type { Guest } from "./guest.ts";
import { declare, startGuest } from "./guest-start.ts";
import { subjectOf, successorOf, type Incarnation } from "./incarnation.ts";
import { andThen, orElse, type Later } from "./later.ts";
import type { Replacement } from "./replacement.ts";
import { takeSnapshot } from "./snapshot-keeper.ts";

interface Replaced {
  readonly guest: Guest;
  readonly incarnation: Incarnation;
}

/**
 * Puts another version in the place of one that runs, between two messages. Undefined when the new one did not start: the old one then
 * goes on as if nothing had been. The old one gets no message from the snapshot on, so that never do two versions change the same things.
 */
export function replaceGuest(replacement: Replacement, guest: Guest, old: Incarnation): Later<Replaced | undefined> {
  const { life } = old;
  return andThen(takeSnapshot(guest, old), (snapshot) => {
    const incarnation = successorOf(old, replacement.version);
    return orElse<Replaced | undefined>(
      () =>
        andThen(startGuest(incarnation, snapshot), (next) => {
          incarnation.subscriptions.takeOver(old.subscriptions);
          return andThen(retire(guest, old), () => {
            if (old.signal.aborted) throw old.signal.reason;
            if (snapshot !== undefined && next.keepsState) incarnation.requests.takeOver(old.requests);
            else old.deferred.replyAll(refuse(new ReplacedError(old.address)));
            life.updated("updated");
            replacement.complete();
            return { guest: next, incarnation };
          });
        }),
      (error) => {
        // Whoever comes after a killed actor is none of its business.
        if (old.signal.aborted) throw error;
        return andThen(declare(guest, old), () => {
          life.updated("rolled-back");
          replacement.abandon(error);
          return undefined;
        });
      },
    );
  });
}

/** What an old version does on its way out is its own affair: the new one runs already. */
function retire(guest: Guest, old: Incarnation): Later<void> {
  return andThen(
    orElse<void>(
      () => andThen(guest.lifecycle.shutdown([]), () => undefined),
      (error) => old.life.hooks.onError?.(subjectOf(old), error),
    ),
    () => guest.end(),
  );
}
