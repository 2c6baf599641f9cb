import type { ActorCell } from "./actor-cell.ts";
import type { Subscription } from "./message-broker.ts";
import type { TopicPattern } from "./topic-pattern.ts";

/** One actor's interest in the topics of one pattern. */
export class LocalSubscription implements Subscription {
  readonly interest: TopicPattern;
  readonly cell: ActorCell;
  readonly queueGroup: string | undefined;
  readonly #end: (subscription: LocalSubscription) => void;

  constructor(
    interest: TopicPattern,
    cell: ActorCell,
    queueGroup: string | undefined,
    end: (subscription: LocalSubscription) => void,
  ) {
    this.interest = interest;
    this.cell = cell;
    this.queueGroup = queueGroup;
    this.#end = end;
  }

  get pattern(): string {
    return this.interest.text;
  }

  [Symbol.dispose](): void {
    this.#end(this);
  }
}
