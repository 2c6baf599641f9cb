import type { ActorCell } from "./actor-cell.ts";
import type { Delivery } from "./delivery.ts";
import type { Envelope } from "./envelope.ts";
import type { Subscription } from "./message-broker.ts";
import type { Offer } from "./offer.ts";
import type { ReliableInbox } from "./reliable-inbox.ts";
import type { TopicPattern } from "./topic-pattern.ts";

/** One actor's interest in the topics of one pattern. */
export class LocalSubscription implements Subscription {
  readonly interest: TopicPattern;
  readonly cell: ActorCell;
  readonly queueGroup: string | undefined;
  readonly delivery: Delivery;
  /** Whose turn it is in the queue group, where this is its first member: one count for all topics of the pattern. */
  readonly turn: { next: number } = { next: 0 };
  readonly #inbox: ReliableInbox | undefined;
  readonly #end: (subscription: LocalSubscription) => void;

  constructor(
    interest: TopicPattern,
    cell: ActorCell,
    queueGroup: string | undefined,
    delivery: Delivery,
    inbox: ReliableInbox | undefined,
    end: (subscription: LocalSubscription) => void,
  ) {
    this.interest = interest;
    this.cell = cell;
    this.queueGroup = queueGroup;
    this.delivery = delivery;
    this.#inbox = inbox;
    this.#end = end;
  }

  get pattern(): string {
    return this.interest.text;
  }

  get isReliable(): boolean {
    return this.#inbox !== undefined;
  }

  get hasRoom(): boolean {
    return this.#inbox === undefined ? this.cell.hasRoom : this.#inbox.hasRoom;
  }

  offer(envelope: Envelope): Offer {
    return this.#inbox === undefined ? this.cell.offer(envelope) : this.#inbox.offer(envelope);
  }

  [Symbol.dispose](): void {
    this.#inbox?.end();
    this.#end(this);
  }
}
