import type { AnyActorRef } from "./actor-ref.ts";
import type { EnvelopeOptions } from "./envelope.ts";

export interface RequestOptions extends Omit<EnvelopeOptions, "deadline"> {
  /** How long to wait for the reply; 5000 unless said. The envelope's deadline follows from it. */
  readonly timeoutMs?: number;
}

export interface SubscribeOptions {
  /** Of the subscribers of one group, each message goes to one, in turn. */
  readonly queueGroup?: string;
}

/** Ends when disposed, or with its actor. */
export interface Subscription extends Disposable {
  readonly pattern: string;
  readonly queueGroup: string | undefined;
}

/** A topic looked up once, for publishing to it often. */
export interface TopicHandle {
  readonly name: string;
  publish(payload: unknown, options?: EnvelopeOptions): number;
}

/** A token bucket: at most `messagesPerSecond` in the long run, and `burst` at once. */
export interface RateLimit {
  readonly messagesPerSecond: number;
  /** `messagesPerSecond` unless said. */
  readonly burst?: number;
}

/**
 * Carries envelopes. Each is checked in this order: sender allowed, size, rate, audit; then it is routed. What is refused is
 * thrown to the sender and becomes a dead letter: BrokerNotPermittedError, PayloadTooLargeError, RateExceededError,
 * RecipientNotFoundError, MailboxFullError.
 *
 * Delivery is at most once. Envelopes from one sender to one actor arrive in the order sent, bare tells included.
 */
export interface MessageBroker {
  /** Sends to an actor, given by registered name or ref, and returns. */
  send(to: string | AnyActorRef, payload: unknown, options?: EnvelopeOptions): void;

  /** Sends to an actor and resolves to what its handler returns. Refusals reject. */
  request(to: string | AnyActorRef, payload: unknown, options?: RequestOptions): Promise<unknown>;

  /**
   * Sends to every subscriber of a topic and returns how many took it. A subscriber whose mailbox is full does not: for it,
   * the event becomes a dead letter.
   */
  publish(topic: string, payload: unknown, options?: EnvelopeOptions): number;

  /** The handle of a topic, for hot publishing. */
  topic(name: string): TopicHandle;

  /**
   * Delivers what is published to matching topics. In a pattern `*` stands for one segment, and `#` at the end for all that
   * remain, which may be none. The same actor, pattern and group is one subscription, so subscribing in `preStart` survives
   * restarts; two patterns that both match deliver twice.
   */
  subscribe(pattern: string, subscriber: AnyActorRef, options?: SubscribeOptions): Subscription;

  /** Limits what one sender may send; `undefined` lifts the limit. Senders without a limit are unlimited. */
  limitRate(sender: string, limit: RateLimit | undefined): void;
}
