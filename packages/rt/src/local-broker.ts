import { cellOf, type ActorCell } from "./actor-cell.ts";
import { REFUSED_FULL, REFUSED_STOPPED } from "./offer.ts";
import type { AnyActorRef } from "./actor-ref.ts";
import { DEFAULT_ASK_TIMEOUT_MS } from "./ask.ts";
import type { Clock } from "./clock.ts";
import type { DeadLetterReason } from "./dead-letter.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { Envelope, type EnvelopeKind, type EnvelopeOptions } from "./envelope.ts";
import {
  BrokerNotPermittedError,
  MailboxFullError,
  PayloadTooLargeError,
  RateExceededError,
  RecipientNotFoundError,
} from "./errors.ts";
import type {
  MessageBroker,
  RateLimit,
  RequestOptions,
  SubscribeOptions,
  Subscription,
  TopicHandle,
} from "./message-broker.ts";
import type { Registry } from "./registry.ts";
import { TokenBucket } from "./token-bucket.ts";
import { checkTopic, TopicPattern } from "./topic-pattern.ts";
import { LocalSubscription } from "./local-subscription.ts";
import { Topic } from "./topic.ts";

export interface BrokerOptions {
  /** The largest byte payload that is taken; 1,048,576 unless said. Applies to `Uint8Array` payloads. */
  readonly maxPayloadBytes?: number;
  /** Whether this sender may send this; everybody may unless said. */
  readonly permits?: (sender: string | undefined, envelope: Envelope) => boolean;
  /** Sees every envelope that passed the checks, before it is routed. What it throws refuses the envelope. */
  readonly audit?: (envelope: Envelope) => void;
}

const DEFAULT_MAX_PAYLOAD_BYTES = 1_048_576;
/** Topics that only wildcards care about are remembered up to this many, then forgotten and worked out again. */
const MAX_REMEMBERED_TOPICS = 10_000;

/** Carries envelopes between the actors of one system. */
export class LocalBroker implements MessageBroker {
  readonly #origin: string;
  readonly #clock: Clock;
  readonly #registry: Registry;
  readonly #deadLetters: DeadLetters;
  readonly #maxPayloadBytes: number;
  readonly #permits: ((sender: string | undefined, envelope: Envelope) => boolean) | undefined;
  readonly #audit: ((envelope: Envelope) => void) | undefined;
  readonly #limits = new Map<string, TokenBucket>();
  readonly #topics = new Map<string, Topic>();
  readonly #wild = new Set<LocalSubscription>();
  readonly #byCell = new Map<ActorCell, readonly LocalSubscription[]>();
  #remembered = 0;
  #sequence = 0;
  readonly #refuseDelivery = (cell: ActorCell, envelope: Envelope, reason: DeadLetterReason): void => {
    this.#bury(envelope, cell.path, reason);
  };

  constructor(
    origin: string,
    clock: Clock,
    registry: Registry,
    deadLetters: DeadLetters,
    { maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, permits, audit }: BrokerOptions,
  ) {
    this.#origin = origin;
    this.#clock = clock;
    this.#registry = registry;
    this.#deadLetters = deadLetters;
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#permits = permits;
    this.#audit = audit;
  }

  send(to: string | AnyActorRef, payload: unknown, options?: EnvelopeOptions): void {
    const envelope = this.#envelope("tell", nameOf(to), payload, options);
    this.#check(envelope);
    const cell = this.#resolve(to, envelope);
    const outcome = cell.offer(envelope);
    if (outcome === REFUSED_STOPPED) this.#bury(envelope, cell.path, "stopped");
    else if (outcome === REFUSED_FULL) {
      this.#bury(envelope, cell.path, "mailbox-full");
      throw new MailboxFullError(cell.path, cell.capacity, payload);
    }
  }

  request(to: string | AnyActorRef, payload: unknown, options: RequestOptions = {}): Promise<unknown> {
    const { timeoutMs = DEFAULT_ASK_TIMEOUT_MS } = options;
    try {
      const deadline = this.#clock.wallTime() + timeoutMs;
      const envelope = this.#envelope("ask", nameOf(to), payload, { ...options, deadline });
      this.#check(envelope);
      const cell = this.#resolve(to, envelope);
      if (cell.isRefusing) this.#bury(envelope, cell.path, "mailbox-full");
      return cell.askFor(payload, envelope, timeoutMs);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  publish(topic: string, payload: unknown, options?: EnvelopeOptions): number {
    return this.#publishTo(this.#topics.get(topic) ?? this.#workOut(topic), payload, options);
  }

  topic(name: string): TopicHandle {
    const topic = this.#topics.get(name) ?? this.#workOut(name);
    this.#topics.set(name, topic);
    topic.hasHandle = true;
    return { name, publish: (payload, options) => this.#publishTo(topic, payload, options) };
  }

  subscribe(pattern: string, subscriber: AnyActorRef, { queueGroup }: SubscribeOptions = {}): Subscription {
    const cell = cellOf(subscriber);
    const held = this.#byCell.get(cell) ?? [];
    const same = held.find((one) => one.pattern === pattern && one.queueGroup === queueGroup);
    if (same !== undefined) return same;
    const interest = new TopicPattern(pattern);
    let detach: (() => void) | undefined;
    const subscription = new LocalSubscription(interest, cell, queueGroup, (ended) => {
      detach?.();
      this.#end(ended);
    });
    if (cell.isStopped) return subscription;
    detach = cell.attach(subscription);
    this.#byCell.set(cell, [...held, subscription]);
    if (interest.isWild) {
      this.#wild.add(subscription);
      for (const topic of this.#topics.values()) if (interest.matches(topic.name)) topic.add(subscription);
    } else {
      const topic = this.#topics.get(pattern) ?? this.#workOut(pattern);
      this.#topics.set(pattern, topic);
      topic.add(subscription);
    }
    return subscription;
  }

  limitRate(sender: string, limit: RateLimit | undefined): void {
    if (limit === undefined) this.#limits.delete(sender);
    else this.#limits.set(sender, new TokenBucket(limit, this.#clock.now()));
  }

  #end(subscription: LocalSubscription): void {
    const { cell, interest } = subscription;
    const held = this.#byCell.get(cell);
    if (held?.includes(subscription) !== true) return;
    const rest = held.filter((one) => one !== subscription);
    if (rest.length === 0) this.#byCell.delete(cell);
    else this.#byCell.set(cell, rest);
    if (interest.isWild) {
      this.#wild.delete(subscription);
      for (const topic of this.#topics.values()) if (interest.matches(topic.name)) topic.remove(subscription);
      return;
    }
    const topic = this.#topics.get(interest.text);
    topic?.remove(subscription);
    if (topic?.isNeeded === false) this.#topics.delete(topic.name);
  }

  #publishTo(topic: Topic, payload: unknown, options: EnvelopeOptions | undefined): number {
    const envelope = this.#envelope("event", topic.name, payload, options);
    this.#check(envelope);
    return topic.deliver(envelope, this.#refuseDelivery);
  }

  /** A topic nobody has asked for by name, with the wildcard subscriptions that match; remembered if there are any. */
  #workOut(name: string): Topic {
    checkTopic(name);
    const topic = new Topic(name);
    for (const subscription of this.#wild) if (subscription.interest.matches(name)) topic.add(subscription);
    if (topic.hasSubscribers) this.#remember(topic);
    return topic;
  }

  #remember(topic: Topic): void {
    if (this.#remembered >= MAX_REMEMBERED_TOPICS) {
      for (const known of this.#topics.values()) if (!known.isNeeded) this.#topics.delete(known.name);
      this.#remembered = 0;
    }
    this.#topics.set(topic.name, topic);
    this.#remembered += 1;
  }

  #envelope(kind: EnvelopeKind, destination: string, payload: unknown, options: EnvelopeOptions | undefined): Envelope {
    this.#sequence += 1;
    return new Envelope(kind, destination, payload, this.#origin, this.#sequence, this.#clock.wallTime(), options);
  }

  /** Sender, size, rate, audit: in this order, each refusal thrown and buried. */
  #check(envelope: Envelope): void {
    const { sender, destination, payload } = envelope;
    if (this.#permits !== undefined && !this.#permits(sender, envelope)) {
      this.#bury(envelope, destination, "not-permitted");
      throw new BrokerNotPermittedError(sender, destination);
    }
    if (payload instanceof Uint8Array && payload.byteLength > this.#maxPayloadBytes) {
      this.#bury(envelope, destination, "too-large");
      throw new PayloadTooLargeError(destination, payload.byteLength, this.#maxPayloadBytes);
    }
    const limit = sender === undefined ? undefined : this.#limits.get(sender);
    if (sender !== undefined && limit?.take(this.#clock.now()) === false) {
      this.#bury(envelope, destination, "rate-exceeded");
      throw new RateExceededError(sender, limit.messagesPerSecond);
    }
    if (this.#audit !== undefined) this.#callAudit(this.#audit, envelope);
  }

  #callAudit(audit: (envelope: Envelope) => void, envelope: Envelope): void {
    try {
      audit(envelope);
    } catch (error) {
      this.#bury(envelope, envelope.destination, "rejected");
      throw error;
    }
  }

  #resolve(to: string | AnyActorRef, envelope: Envelope): ActorCell {
    const ref = typeof to === "string" ? this.#registry.lookup(to) : to;
    if (ref !== undefined) return cellOf(ref);
    this.#bury(envelope, envelope.destination, "not-found");
    throw new RecipientNotFoundError(envelope.destination);
  }

  #bury(envelope: Envelope, recipient: string, reason: DeadLetterReason): void {
    this.#deadLetters.record({ reason, message: envelope.payload, recipient, envelope });
  }
}

function nameOf(to: string | AnyActorRef): string {
  return typeof to === "string" ? to : to.path;
}
