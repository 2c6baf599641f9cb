import type { AnyActorRef } from "./actor-ref.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { Delivery, RedeliveryOptions } from "./delivery.ts";
import type { EnvelopeOptions } from "./envelope.ts";
import type { Interceptor } from "./interceptor.ts";
import type { Quota, QuotaSubject } from "./quota.ts";

export interface RequestOptions extends Omit<EnvelopeOptions, "deadline"> {
  /** How long to wait for the reply; 5000 unless said. The envelope's deadline follows from it. */
  readonly timeoutMs?: number;
}

export interface SubscribeOptions {
  /** Of the subscribers of one group, each message goes to one, in turn. */
  readonly queueGroup?: string | undefined;
  /** `at-most-once` unless said. */
  readonly delivery?: Delivery;
  /** For what is delivered again: other than `at-most-once`. */
  readonly redelivery?: RedeliveryOptions;
}

/** Ends when disposed, or with its actor. What it has taken is still delivered. */
export interface Subscription extends Disposable {
  readonly pattern: string;
  readonly queueGroup: string | undefined;
  readonly delivery: Delivery;
}

/** A topic looked up once, for publishing to it often. */
export interface TopicHandle {
  readonly name: string;
  publish(payload: unknown, options?: EnvelopeOptions): number;
}

/**
 * Carries envelopes. Each is checked in this order: sender allowed, size, rate and number in flight, interceptors; then it is routed.
 * What is refused is thrown to the sender and becomes a dead letter: BrokerNotPermittedError, PayloadTooLargeError,
 * RateExceededError, InFlightExceededError, BarredError, what an interceptor refuses with, RecipientNotFoundError, MailboxFullError.
 *
 * Delivery is at most once, unless a subscription asks for more. Envelopes from one sender to one actor arrive in the order sent,
 * bare tells included; what is delivered again arrives behind what came meanwhile.
 */
export interface MessageBroker {
  /** Sends to an actor or a router, given by registered name or ref, and returns. */
  send(to: string | AnyActorRef, payload: unknown, options?: EnvelopeOptions): void;

  /** Sends to an actor and resolves to what its handler returns. Refusals reject. */
  request(to: string | AnyActorRef, payload: unknown, options?: RequestOptions): Promise<unknown>;

  /**
   * Sends to every subscriber of a topic and returns how many took it. A subscriber whose mailbox is full does not: for it, the
   * event becomes a dead letter. An event that waits for its quota has been taken by nobody yet.
   */
  publish(topic: string, payload: unknown, options?: EnvelopeOptions): number;

  /** The handle of a topic, for hot publishing. It holds nothing in the broker: drop it when it is of no use any more. */
  topic(name: string): TopicHandle;

  /**
   * Delivers what is published to matching topics. In a pattern `*` stands for one segment, and `#` at the end for all that
   * remain, which may be none. The same actor, pattern and group is one subscription, so subscribing in `preStart` survives
   * restarts; two patterns that both match deliver twice.
   */
  subscribe(pattern: string, subscriber: AnyActorRef, options?: SubscribeOptions): Subscription;

  /** What an actor subscribes to now, in the order in which it began to. */
  subscriptionsOf(subscriber: AnyActorRef): readonly Subscription[];

  /**
   * Limits what one sender may send, or what may be published to the topics of one pattern; `undefined` lifts the limit. Who has
   * none is unlimited. An envelope is counted by all that apply to it or, when one of them refuses it, by none.
   */
  limit(subject: QuotaSubject, quota: Quota | undefined): void;

  /** Adds an interceptor behind those there are, until the result is disposed. */
  intercept(interceptor: Interceptor): Disposable;

  /**
   * Sends the dead letters that match again, or all, and returns how many are under way. Each keeps its envelope, marked as
   * `isReplay` and without its deadline, passes all checks anew, and goes to the one that did not handle it; nobody hears what a
   * request replies. What cannot be sent is a dead letter once more.
   */
  replay(matches?: (letter: DeadLetter) => boolean): number;
}
