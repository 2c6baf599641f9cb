import type { AnyActorRef } from "./actor-ref.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { Envelope, EnvelopeOptions } from "./envelope.ts";
import type { Interceptor } from "./interceptor.ts";
import type { MessageBroker, RequestOptions, SubscribeOptions, Subscription, TopicHandle } from "./message-broker.ts";
import type { Nesting } from "./nested-ask.ts";
import type { Quota, QuotaSubject } from "./quota.ts";

/** A broker that can make a request as part of the message that somebody has at hand. */
export interface NestingBroker extends MessageBroker {
  request(to: string | AnyActorRef, payload: unknown, options?: RequestOptions, nesting?: Nesting): Promise<unknown>;
}

/** What the broker needs to know of the actor that uses it. */
interface User {
  readonly envelope: Envelope | undefined;
  readonly nesting: Nesting;
}

/**
 * The broker as one actor sees it: what goes through it came of the message at hand, and says so. All else is as with the broker
 * itself.
 */
export class ActorBroker implements MessageBroker {
  readonly #broker: NestingBroker;
  readonly #user: User;

  constructor(broker: NestingBroker, user: User) {
    this.#broker = broker;
    this.#user = user;
  }

  send(to: string | AnyActorRef, payload: unknown, options?: EnvelopeOptions): void {
    this.#broker.send(to, payload, this.#caused(options));
  }

  request(to: string | AnyActorRef, payload: unknown, options?: RequestOptions): Promise<unknown> {
    return this.#broker.request(to, payload, this.#caused(options), this.#user.nesting);
  }

  publish(topic: string, payload: unknown, options?: EnvelopeOptions): number {
    return this.#broker.publish(topic, payload, this.#caused(options));
  }

  topic(name: string): TopicHandle {
    const handle = this.#broker.topic(name);
    return { name, publish: (payload, options) => handle.publish(payload, this.#caused(options)) };
  }

  subscribe(pattern: string, subscriber: AnyActorRef, options?: SubscribeOptions): Subscription {
    return this.#broker.subscribe(pattern, subscriber, options);
  }

  subscriptionsOf(subscriber: AnyActorRef): readonly Subscription[] {
    return this.#broker.subscriptionsOf(subscriber);
  }

  limit(subject: QuotaSubject, quota: Quota | undefined): void {
    this.#broker.limit(subject, quota);
  }

  intercept(interceptor: Interceptor): Disposable {
    return this.#broker.intercept(interceptor);
  }

  replay(matches?: (letter: DeadLetter) => boolean): number {
    return this.#broker.replay(matches);
  }

  /** The same options, with the envelope at hand as the cause unless another is given. */
  #caused<Options extends EnvelopeOptions>(
    options?: Options,
  ): Options | Pick<EnvelopeOptions, "causationId"> | undefined {
    const { envelope } = this.#user;
    return envelope === undefined ? options : { ...options, causationId: options?.causationId ?? envelope.id };
  }
}
