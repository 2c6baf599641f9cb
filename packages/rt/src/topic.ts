import type { ActorCell } from "./actor-cell.ts";
import { ACCEPTED, REFUSED_FULL, REFUSED_STOPPED } from "./offer.ts";
import type { Envelope } from "./envelope.ts";
import type { LocalSubscription } from "./local-subscription.ts";

/** Hears of a subscriber that could not take an envelope. */
export type Refusal = (cell: ActorCell, envelope: Envelope, reason: "stopped" | "mailbox-full") => void;

interface QueueGroup {
  readonly name: string;
  readonly members: readonly ActorCell[];
  next: number;
}

/**
 * One topic with its subscribers worked out, so that publishing is a loop over an array. A change makes new arrays: a publish
 * that is under way keeps the ones it began with.
 */
export class Topic {
  readonly name: string;
  /** Somebody holds this topic's handle; else it may be forgotten when nobody subscribes to exactly it. */
  hasHandle = false;
  #subscriptions: readonly LocalSubscription[] = [];
  #direct: readonly ActorCell[] = [];
  #groups: readonly QueueGroup[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get hasSubscribers(): boolean {
    return this.#subscriptions.length > 0;
  }

  /** Whether forgetting it would lose something that wildcard subscriptions cannot bring back. */
  get isNeeded(): boolean {
    return this.hasHandle || this.#subscriptions.some(({ interest }) => !interest.isWild);
  }

  add(subscription: LocalSubscription): void {
    this.#subscriptions = [...this.#subscriptions, subscription];
    const { cell, queueGroup } = subscription;
    if (queueGroup === undefined) this.#direct = [...this.#direct, cell];
    else this.#regroup(queueGroup);
  }

  remove(subscription: LocalSubscription): void {
    this.#subscriptions = this.#subscriptions.filter((one) => one !== subscription);
    const { cell, queueGroup } = subscription;
    if (queueGroup === undefined) this.#direct = this.#direct.toSpliced(this.#direct.indexOf(cell), 1);
    else this.#regroup(queueGroup);
  }

  /** Offers to every subscriber, one per queue group, and returns how many took it. */
  deliver(envelope: Envelope, refused: Refusal): number {
    const direct = this.#direct;
    let taken = 0;
    for (const cell of direct) {
      const outcome = cell.offer(envelope);
      if (outcome === ACCEPTED) taken += 1;
      else if (outcome === REFUSED_FULL) refused(cell, envelope, "mailbox-full");
      else if (outcome === REFUSED_STOPPED) refused(cell, envelope, "stopped");
    }
    for (const group of this.#groups) taken += deliverToOne(group, envelope, refused);
    return taken;
  }

  #regroup(name: string): void {
    const others = this.#groups.filter((group) => group.name !== name);
    const members = this.#subscriptions.filter(({ queueGroup }) => queueGroup === name).map(({ cell }) => cell);
    this.#groups = members.length === 0 ? others : [...others, { name, members, next: 0 }];
  }
}

/** Passes over members whose mailbox is full, while one is not. */
function deliverToOne(group: QueueGroup, envelope: Envelope, refused: Refusal): number {
  const { members } = group;
  const first = group.next;
  for (let step = 0; step < members.length; step += 1) {
    const cell = members[(first + step) % members.length];
    if (cell?.hasRoom !== true) continue;
    group.next = (first + step + 1) % members.length;
    return cell.offer(envelope) === ACCEPTED ? 1 : 0;
  }
  const unlucky = members[first];
  if (unlucky !== undefined) refused(unlucky, envelope, "mailbox-full");
  return 0;
}
