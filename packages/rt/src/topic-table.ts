import type { ActorCell } from "./actor-cell.ts";
import type { Clock } from "./clock.ts";
import { redeliveryFrom } from "./delivery.ts";
import { LocalSubscription } from "./local-subscription.ts";
import type { SubscribeOptions } from "./message-broker.ts";
import { Meter } from "./meter.ts";
import type { Quota } from "./quota.ts";
import { type Fallback, ReliableInbox } from "./reliable-inbox.ts";
import { SeenIds } from "./seen-ids.ts";
import { Topic } from "./topic.ts";
import { checkTopic, TopicPattern } from "./topic-pattern.ts";

/** Topics that only wildcards care about are remembered up to this many, then forgotten and worked out again. */
const MAX_REMEMBERED_TOPICS = 10_000;

interface TopicQuota {
  readonly interest: TopicPattern;
  readonly meter: Meter;
}

/** Topics, who subscribes to them, and what they are counted by. Patterns are matched when something changes, not when it is sent. */
export class TopicTable {
  readonly #clock: Clock;
  readonly #bury: Fallback["bury"];
  readonly #topics = new Map<string, Topic>();
  readonly #wild = new Set<LocalSubscription>();
  readonly #byCell = new Map<ActorCell, Map<string, LocalSubscription>>();
  readonly #quotas = new Map<string, TopicQuota>();
  /** Goes up whenever what `find` gives may have changed. */
  version = 0;
  #remembered = 0;

  constructor(clock: Clock, bury: Fallback["bury"]) {
    this.#clock = clock;
    this.#bury = bury;
  }

  /** @throws InvalidTopicError */
  find(name: string): Topic {
    return this.#topics.get(name) ?? this.#workOut(name);
  }

  subscribe(pattern: string, cell: ActorCell, options: SubscribeOptions): LocalSubscription {
    const { queueGroup, delivery = "at-most-once" } = options;
    const key = `${pattern} ${queueGroup ?? ""}`;
    const same = this.#byCell.get(cell)?.get(key);
    if (same?.delivery === delivery) return same;
    const interest = new TopicPattern(pattern);
    const redelivery = redeliveryFrom(options.redelivery);
    same?.[Symbol.dispose]();
    let inbox: ReliableInbox | undefined;
    if (delivery !== "at-most-once" && !cell.isStopped) {
      const seen = delivery === "exactly-once" ? new SeenIds(redelivery.rememberedIds) : undefined;
      inbox = new ReliableInbox(cell, redelivery, seen, {
        bury: this.#bury,
        passOn: (envelope) =>
          queueGroup !== undefined && this.find(envelope.destination).deliverToGroup(queueGroup, envelope),
      });
    }
    let detach: (() => void) | undefined;
    const subscription = new LocalSubscription(interest, cell, queueGroup, delivery, inbox, (ended) => {
      detach?.();
      this.#end(ended, key);
    });
    if (cell.isStopped) return subscription;
    detach = cell.attach(subscription);
    this.version += 1;
    this.#hold(cell, key, subscription);
    if (interest.isWild) {
      this.#wild.add(subscription);
      for (const topic of this.#topics.values()) if (interest.matches(topic.name)) topic.add(subscription);
    } else this.#keep(pattern).add(subscription);
    return subscription;
  }

  subscriptionsOf(cell: ActorCell): readonly LocalSubscription[] {
    return [...(this.#byCell.get(cell)?.values() ?? [])];
  }

  /** The subscription by which this actor is sure to get what is published to a topic, if it has one. */
  reliableSubscription(cell: ActorCell, topic: string): LocalSubscription | undefined {
    for (const subscription of this.#byCell.get(cell)?.values() ?? []) {
      if (subscription.isReliable && subscription.interest.matches(topic)) return subscription;
    }
    return undefined;
  }

  limit(pattern: string, quota: Quota | undefined): void {
    const interest = new TopicPattern(pattern);
    const meter = quota === undefined ? undefined : new Meter(`topic ${pattern}`, quota, this.#clock);
    this.version += 1;
    const former = this.#quotas.get(pattern)?.meter;
    if (meter === undefined) this.#quotas.delete(pattern);
    else this.#quotas.set(pattern, { interest, meter });
    for (const topic of this.#topics.values()) if (interest.matches(topic.name)) this.#meter(topic);
    former?.lift();
  }

  close(): void {
    for (const { meter } of this.#quotas.values()) meter.close();
  }

  #hold(cell: ActorCell, key: string, subscription: LocalSubscription): void {
    const held = this.#byCell.get(cell);
    if (held === undefined) this.#byCell.set(cell, new Map([[key, subscription]]));
    else held.set(key, subscription);
  }

  #end(subscription: LocalSubscription, key: string): void {
    const { cell, interest } = subscription;
    const held = this.#byCell.get(cell);
    if (held?.get(key) !== subscription) return;
    this.version += 1;
    held.delete(key);
    if (held.size === 0) this.#byCell.delete(cell);
    if (interest.isWild) {
      this.#wild.delete(subscription);
      for (const topic of this.#topics.values()) if (interest.matches(topic.name)) topic.remove(subscription);
      return;
    }
    const topic = this.#topics.get(interest.text);
    topic?.remove(subscription);
    if (topic?.isNeeded === false) this.#topics.delete(topic.name);
  }

  #keep(name: string): Topic {
    const topic = this.find(name);
    this.#topics.set(name, topic);
    return topic;
  }

  /** A topic nobody has asked for by name, with the wildcard subscriptions that match; remembered if there are any. */
  #workOut(name: string): Topic {
    checkTopic(name);
    const topic = new Topic(name);
    for (const subscription of this.#wild) if (subscription.interest.matches(name)) topic.add(subscription);
    this.#meter(topic);
    if (topic.hasSubscribers) this.#remember(topic);
    return topic;
  }

  #meter(topic: Topic): void {
    if (this.#quotas.size === 0 && topic.meters.length === 0) return;
    topic.meters = [...this.#quotas.values()]
      .filter(({ interest }) => interest.matches(topic.name))
      .map(({ meter }) => meter);
  }

  #remember(topic: Topic): void {
    if (this.#remembered >= MAX_REMEMBERED_TOPICS) {
      for (const known of this.#topics.values()) if (!known.isNeeded) this.#topics.delete(known.name);
      this.#remembered = 0;
    }
    this.#topics.set(topic.name, topic);
    this.#remembered += 1;
  }
}
