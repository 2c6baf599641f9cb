import type { ActorCell } from "./actor-cell.ts";
import type { Timer } from "./clock.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import { delayAfter, type Redelivery } from "./delivery.ts";
import type { Envelope } from "./envelope.ts";
import { ACCEPTED, REFUSED_FULL, REFUSED_STOPPED, type Offer } from "./offer.ts";
import type { Receipt } from "./receipt.ts";
import type { SeenIds } from "./seen-ids.ts";

/** Where events go that their subscriber will not handle. */
export interface Fallback {
  /** The subscriber is gone: whether somebody else in its queue group takes the event. */
  passOn(envelope: Envelope): boolean;
  bury(envelope: Envelope, recipient: ActorCell, reason: DeadLetterReason): void;
}

/**
 * The events a subscriber has not finished with. That its handler did not fail is the acknowledgement; after a failure the event is
 * delivered again, behind what has come meanwhile. It outlives every incarnation, and ends with the actor.
 */
export class ReliableInbox implements Disposable {
  readonly #cell: ActorCell;
  readonly #redelivery: Redelivery;
  /** With `exactly-once`, what has been handled. */
  readonly #seen: SeenIds | undefined;
  readonly #fallback: Fallback;
  readonly #detach: () => void;
  /** Those whose next attempt waits for its time. */
  readonly #delayed = new Map<Envelope, Timer>();
  #unfinished = 0;
  #hasEnded = false;

  constructor(cell: ActorCell, redelivery: Redelivery, seen: SeenIds | undefined, fallback: Fallback) {
    this.#cell = cell;
    this.#redelivery = redelivery;
    this.#seen = seen;
    this.#fallback = fallback;
    this.#detach = cell.attach(this);
  }

  get hasRoom(): boolean {
    return !this.#cell.isStopped && this.#unfinished < this.#redelivery.maxUnfinished;
  }

  /** Takes charge of an event. A full mailbox is no reason to refuse: it is tried again. */
  offer(envelope: Envelope): Offer {
    if (this.#cell.isStopped) return REFUSED_STOPPED;
    if (!this.hasRoom) return REFUSED_FULL;
    this.#unfinished += 1;
    this.#attempt(envelope.asAttempt(1, new Handover(this, envelope.receipt)));
    return ACCEPTED;
  }

  isDuplicate(envelope: Envelope): boolean {
    if (this.#seen?.has(envelope.id) !== true) return false;
    const { events } = this.#cell.kernel;
    if (events.observes("duplicate-suppressed")) {
      events.emit({ type: "duplicate-suppressed", path: this.#cell.path, id: envelope.id });
    }
    this.#finish();
    return true;
  }

  acknowledge(envelope: Envelope): void {
    this.#seen?.add(envelope.id);
    this.#finish();
  }

  /** Tries again what was lost by accident; true unless it is lost for good. */
  retry(envelope: Envelope, reason: DeadLetterReason): boolean {
    if (reason === "rejected" || reason === "expired") {
      this.#finish();
      return false;
    }
    if (this.#cell.isStopped) this.#leave(envelope);
    else if (envelope.attempt >= this.#redelivery.maxAttempts) this.#bury(envelope, "attempts-exhausted");
    else this.#delay(envelope, reason);
    return true;
  }

  /** Takes no more events. What it has taken is still delivered. */
  end(): void {
    this.#hasEnded = true;
    if (this.#unfinished === 0) this.#detach();
  }

  /** The actor is gone. */
  [Symbol.dispose](): void {
    for (const [envelope, timer] of this.#delayed) {
      timer.cancel();
      this.#leave(envelope);
    }
    this.#delayed.clear();
  }

  #attempt(envelope: Envelope): void {
    const outcome = this.#cell.offer(envelope);
    if (outcome === REFUSED_FULL) this.retry(envelope, "mailbox-full");
    else if (outcome === REFUSED_STOPPED) this.#leave(envelope);
  }

  #delay(envelope: Envelope, reason: DeadLetterReason): void {
    const { attempt, receipt } = envelope;
    const { events, clock } = this.#cell.kernel;
    const delayMs = delayAfter(attempt, this.#redelivery);
    if (events.observes("redelivery-delayed")) {
      events.emit({ type: "redelivery-delayed", path: this.#cell.path, id: envelope.id, attempt, delayMs, reason });
    }
    const timer = clock.schedule(() => {
      this.#delayed.delete(envelope);
      this.#attempt(envelope.asAttempt(attempt + 1, receipt));
    }, delayMs);
    this.#delayed.set(envelope, timer);
  }

  #leave(envelope: Envelope): void {
    if (this.#fallback.passOn(envelope.asAttempt(1, wholeOf(envelope)))) this.#finish();
    else this.#bury(envelope, "stopped");
  }

  #bury(envelope: Envelope, reason: DeadLetterReason): void {
    this.#finish();
    wholeOf(envelope)?.handled(envelope);
    this.#fallback.bury(envelope, this.#cell, reason);
  }

  #finish(): void {
    this.#unfinished -= 1;
    if (this.#hasEnded && this.#unfinished === 0) this.#detach();
  }
}

/** One event in the hands of one inbox, for whoever follows the event as a whole. */
class Handover implements Receipt<Envelope> {
  readonly #inbox: ReliableInbox;
  readonly whole: Receipt<Envelope> | null;

  constructor(inbox: ReliableInbox, whole: Receipt<Envelope> | null) {
    this.#inbox = inbox;
    this.whole = whole;
  }

  admits(envelope: Envelope): boolean {
    if (!this.#inbox.isDuplicate(envelope)) return true;
    this.whole?.handled(envelope);
    return false;
  }

  handled(envelope: Envelope): void {
    this.#inbox.acknowledge(envelope);
    this.whole?.handled(envelope);
  }

  lost(envelope: Envelope, reason: DeadLetterReason): boolean {
    const isTakenCareOf = this.#inbox.retry(envelope, reason);
    if (!isTakenCareOf) this.whole?.handled(envelope);
    return isTakenCareOf;
  }
}

function wholeOf({ receipt }: Envelope): Receipt<Envelope> | null {
  return receipt instanceof Handover ? receipt.whole : null;
}
