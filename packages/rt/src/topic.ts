import type { ActorCell } from "./actor-cell.ts";
import type { Envelope } from "./envelope.ts";
import type { LocalSubscription } from "./local-subscription.ts";
import { NO_METERS, type Meter } from "./meter.ts";
import { ACCEPTED, REFUSED_FULL, REFUSED_STOPPED, type Offer } from "./offer.ts";

/** Hears of a subscriber that could not take an envelope. */
export type Refused = (cell: ActorCell, envelope: Envelope, reason: "stopped" | "mailbox-full") => void;

interface QueueGroup {
  readonly name: string;
  readonly members: readonly LocalSubscription[];
  readonly turn: { next: number };
}

/**
 * One topic with its subscribers worked out, so that publishing is a loop over an array. A change has new arrays made at the next
 * publish: one that is under way keeps those it began with.
 */
export class Topic {
  readonly name: string;
  /** What its events are counted by. */
  meters: readonly Meter[] = NO_METERS;
  readonly #subscriptions = new Set<LocalSubscription>();
  #direct: readonly ActorCell[] = [];
  #reliable: readonly LocalSubscription[] = [];
  #groups: readonly QueueGroup[] = [];
  #isCurrent = true;

  constructor(name: string) {
    this.name = name;
  }

  get hasSubscribers(): boolean {
    return this.#subscriptions.size > 0;
  }

  /** Whether forgetting it would lose something that wildcard subscriptions cannot bring back. */
  get isNeeded(): boolean {
    for (const { interest } of this.#subscriptions) if (!interest.isWild) return true;
    return false;
  }

  /** How many deliveries one publish makes. */
  get receivers(): number {
    this.#bringUpToDate();
    return this.#direct.length + this.#reliable.length + this.#groups.length;
  }

  add(subscription: LocalSubscription): void {
    this.#subscriptions.add(subscription);
    this.#isCurrent = false;
  }

  remove(subscription: LocalSubscription): void {
    this.#subscriptions.delete(subscription);
    this.#isCurrent = false;
  }

  /** Offers to every subscriber, one per queue group, and returns how many took it. */
  deliver(envelope: Envelope, refused: Refused): number {
    if (!this.#isCurrent) this.#bringUpToDate();
    const direct = this.#direct;
    let taken = 0;
    for (const cell of direct) {
      const outcome = cell.offer(envelope);
      if (outcome === ACCEPTED) taken += 1;
      else report(outcome, cell, envelope, refused);
    }
    for (const subscription of this.#reliable) {
      const outcome = subscription.offer(envelope);
      if (outcome === ACCEPTED) taken += 1;
      else report(outcome, subscription.cell, envelope, refused);
    }
    for (const group of this.#groups) {
      if (deliverToOne(group, envelope)) taken += 1;
      else {
        const unlucky = group.members[group.turn.next % group.members.length];
        if (unlucky !== undefined) refused(unlucky.cell, envelope, "mailbox-full");
      }
    }
    return taken;
  }

  /** Offers to one member of a queue group, and says whether one took it. */
  deliverToGroup(name: string, envelope: Envelope): boolean {
    this.#bringUpToDate();
    const group = this.#groups.find((one) => one.name === name);
    return group !== undefined && deliverToOne(group, envelope);
  }

  #bringUpToDate(): void {
    if (this.#isCurrent) return;
    this.#isCurrent = true;
    const direct: ActorCell[] = [];
    const reliable: LocalSubscription[] = [];
    const grouped = new Map<string, LocalSubscription[]>();
    for (const subscription of this.#subscriptions) {
      const { queueGroup } = subscription;
      if (queueGroup !== undefined) {
        const members = grouped.get(queueGroup);
        if (members === undefined) grouped.set(queueGroup, [subscription]);
        else members.push(subscription);
      } else if (subscription.isReliable) reliable.push(subscription);
      else direct.push(subscription.cell);
    }
    this.#direct = direct;
    this.#reliable = reliable;
    this.#groups = Array.from(grouped, ([name, members]) => ({ name, members, turn: members[0]?.turn ?? { next: 0 } }));
  }
}

function report(outcome: Offer, cell: ActorCell, envelope: Envelope, refused: Refused): void {
  if (outcome === REFUSED_FULL) refused(cell, envelope, "mailbox-full");
  else if (outcome === REFUSED_STOPPED) refused(cell, envelope, "stopped");
}

/** Passes over members that have no room, while one has. */
function deliverToOne(group: QueueGroup, envelope: Envelope): boolean {
  const { members, turn } = group;
  const first = turn.next;
  for (let step = 0; step < members.length; step += 1) {
    const member = members[(first + step) % members.length];
    if (member?.hasRoom !== true) continue;
    turn.next = (first + step + 1) % members.length;
    return member.offer(envelope) === ACCEPTED;
  }
  return false;
}
