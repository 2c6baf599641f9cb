import { ActorCell, cellOf } from "./actor-cell.ts";
import { REFUSED_FULL, REFUSED_STOPPED } from "./offer.ts";
import type { AnyActorRef } from "./actor-ref.ts";
import { DEFAULT_ASK_TIMEOUT_MS } from "./ask.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { Envelope, type EnvelopeKind, type EnvelopeOptions } from "./envelope.ts";
import {
  ActorStoppedError,
  AskTimeoutError,
  EnvelopeRejectedError,
  ForeignRefError,
  MailboxFullError,
  RecipientNotFoundError,
} from "./errors.ts";
import type { EventStream } from "./event-stream.ts";
import { Gate, type GateOptions } from "./gate.ts";
import { InFlight } from "./in-flight.ts";
import type { Interceptor } from "./interceptor.ts";
import { LocalRef } from "./local-ref.ts";
import { LocalTopicHandle } from "./local-topic-handle.ts";
import { NO_METERS, type Meter } from "./meter.ts";
import { NOT_NESTED, type Nesting } from "./nested-ask.ts";
import type { NestingBroker } from "./actor-broker.ts";
import type { RequestOptions, SubscribeOptions, Subscription, TopicHandle } from "./message-broker.ts";
import type { Quota, QuotaSubject } from "./quota.ts";
import type { Registry } from "./registry.ts";
import { firstOf, Router } from "./router.ts";
import { TopicTable } from "./topic-table.ts";
import type { Topic } from "./topic.ts";
import type { TurnClock } from "./turn-clock.ts";

export type BrokerOptions = GateOptions;

/** Carries envelopes between the actors of one system. */
export class LocalBroker implements NestingBroker {
  readonly #origin: string;
  readonly #clock: TurnClock;
  readonly #registry: Registry;
  readonly #deadLetters: DeadLetters;
  readonly #gate: Gate;
  readonly #topics: TopicTable;
  #sequence = 0;
  readonly #refuseDelivery = (cell: ActorCell, envelope: Envelope, reason: DeadLetterReason): void => {
    this.#lose(envelope, cell, reason);
  };

  constructor(
    origin: string,
    clock: TurnClock,
    registry: Registry,
    deadLetters: DeadLetters,
    events: EventStream,
    options: BrokerOptions,
  ) {
    this.#origin = origin;
    this.#clock = clock;
    this.#registry = registry;
    this.#deadLetters = deadLetters;
    this.#gate = new Gate(
      clock,
      events,
      (envelope, recipient, reason) => this.#bury(envelope, recipient, reason),
      options,
    );
    this.#topics = new TopicTable(clock, (envelope, cell, reason) => this.#record(envelope, cell, reason));
  }

  send(to: string | AnyActorRef, payload: unknown, options?: EnvelopeOptions): void {
    const envelope = this.#envelope("tell", nameOf(to), payload, options);
    const meter = this.#gate.enter(envelope, NO_METERS);
    if (meter === undefined) this.#route(to, envelope);
    else this.#hold(meter, envelope, NO_METERS, () => this.#route(to, envelope));
  }

  request(
    to: string | AnyActorRef,
    payload: unknown,
    options: RequestOptions = {},
    nesting: Nesting = NOT_NESTED,
  ): Promise<unknown> {
    const timeoutMs = Math.min(options.timeoutMs ?? DEFAULT_ASK_TIMEOUT_MS, nesting.remainingMs);
    try {
      const deadline = this.#clock.wallTime() + timeoutMs;
      const envelope = this.#envelope("ask", nameOf(to), payload, { ...options, deadline });
      const meter = this.#gate.enter(envelope, NO_METERS);
      return meter === undefined
        ? this.#ask(to, envelope, timeoutMs, nesting)
        : this.#askLater(meter, to, envelope, timeoutMs, nesting);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  publish(topic: string, payload: unknown, options?: EnvelopeOptions): number {
    return this.#publishTo(this.#topics.find(topic), payload, options);
  }

  topic(name: string): TopicHandle {
    return new LocalTopicHandle(name, this.#topics, (topic, payload, options) =>
      this.#publishTo(topic, payload, options),
    );
  }

  subscribe(pattern: string, subscriber: AnyActorRef, options: SubscribeOptions = {}): Subscription {
    return this.#topics.subscribe(pattern, cellOf(subscriber), options);
  }

  subscriptionsOf(subscriber: AnyActorRef): readonly Subscription[] {
    return this.#topics.subscriptionsOf(cellOf(subscriber));
  }

  limit(subject: QuotaSubject, quota: Quota | undefined): void {
    if ("sender" in subject) this.#gate.limitSender(subject.sender, quota);
    else this.#topics.limit(subject.topic, quota);
  }

  intercept(interceptor: Interceptor): Disposable {
    return this.#gate.intercept(interceptor);
  }

  replay(matches: (letter: DeadLetter) => boolean = () => true): number {
    let sent = 0;
    for (const letter of this.#deadLetters.take((one) => isReplayable(one) && matches(one))) {
      if (this.#succeeds(() => this.#replay(letter))) sent += 1;
    }
    return sent;
  }

  /** What waits for its quota becomes dead letters. */
  close(): void {
    this.#gate.close();
    this.#topics.close();
  }

  #publishTo(topic: Topic, payload: unknown, options: EnvelopeOptions | undefined): number {
    const envelope = this.#envelope("event", topic.name, payload, options);
    const meter = this.#gate.enter(envelope, topic.meters);
    if (meter === undefined) return this.#deliver(topic, envelope);
    this.#hold(meter, envelope, topic.meters, () => void this.#deliver(this.#topics.find(topic.name), envelope));
    return 0;
  }

  #deliver(topic: Topic, envelope: Envelope): number {
    if (!this.#gate.inspect(envelope)) return 0;
    if (envelope.receipt instanceof InFlight) envelope.receipt.expect(topic.receivers);
    return topic.deliver(envelope, this.#refuseDelivery);
  }

  #route(to: string | AnyActorRef, envelope: Envelope): void {
    if (!this.#gate.inspect(envelope)) return;
    const target = this.#resolve(to, envelope);
    if (target instanceof ActorCell) this.#offer(target, envelope);
    else for (const cell of this.#choose(target, envelope)) this.#offer(cell, envelope);
  }

  #offer(cell: ActorCell, envelope: Envelope): void {
    const outcome = cell.offer(envelope);
    if (outcome === REFUSED_STOPPED) this.#lose(envelope, cell, "stopped");
    else if (outcome === REFUSED_FULL) {
      this.#lose(envelope, cell, "mailbox-full");
      throw new MailboxFullError(cell.path, cell.limits, envelope.payload);
    }
  }

  #ask(to: string | AnyActorRef, envelope: Envelope, timeoutMs: number, nesting: Nesting): Promise<unknown> {
    if (!this.#gate.inspect(envelope)) throw new EnvelopeRejectedError(envelope.destination);
    const target = this.#resolve(to, envelope);
    if (target instanceof ActorCell) return this.#askCell(target, envelope, timeoutMs, nesting);
    return firstOf(this.#choose(target, envelope).map((cell) => this.#askCell(cell, envelope, timeoutMs, nesting)));
  }

  #askCell(cell: ActorCell, envelope: Envelope, timeoutMs: number, { scope, latestTick }: Nesting): Promise<unknown> {
    if (cell.isRefusing) this.#lose(envelope, cell, "mailbox-full");
    return cell.askFor(envelope.payload, envelope, timeoutMs, scope, latestTick);
  }

  /** The time that a request waits for its quota counts. */
  #askLater(
    meter: Meter,
    to: string | AnyActorRef,
    envelope: Envelope,
    timeoutMs: number,
    nesting: Nesting,
  ): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const due = this.#clock.now() + timeoutMs;
    const expire = (): void => reject(new AskTimeoutError(envelope.destination, timeoutMs));
    const timer = this.#clock.schedule(expire, timeoutMs);
    this.#gate.hold(meter, envelope, NO_METERS, {
      proceed: () => {
        timer.cancel();
        const leftMs = due - this.#clock.now();
        if (leftMs <= 0) {
          this.#bury(envelope, envelope.destination, "expired");
          expire();
          return;
        }
        try {
          resolve(this.#ask(to, envelope, leftMs, nesting));
        } catch (error) {
          reject(error);
        }
      },
      refuse: ({ reason, error }) => {
        timer.cancel();
        this.#bury(envelope, envelope.destination, reason);
        reject(error);
      },
      abandon: () => {
        timer.cancel();
        this.#bury(envelope, envelope.destination, "stopped");
        reject(new ActorStoppedError(envelope.destination));
      },
    });
    return promise;
  }

  #hold(meter: Meter, envelope: Envelope, topicMeters: readonly Meter[], route: () => void): void {
    this.#gate.hold(meter, envelope, topicMeters, {
      proceed: () => void this.#succeeds(route),
      refuse: ({ reason }) => this.#bury(envelope, envelope.destination, reason),
      abandon: () => this.#bury(envelope, envelope.destination, "stopped"),
    });
  }

  /** Nobody is there to throw to, and whatever is refused is a dead letter already. */
  #succeeds(route: () => boolean | void): boolean {
    try {
      return route() !== false;
    } catch {
      return false;
    }
  }

  /** Through all checks, to whoever did not get it. False when it is not under way. */
  #replay({ reason, recipient, message, envelope, ref }: DeadLetter): boolean {
    if (envelope === undefined) {
      if (ref === undefined) return false;
      const outcome = cellOf(ref).offer(message);
      if (outcome !== REFUSED_FULL && outcome !== REFUSED_STOPPED) return true;
      this.#deadLetters.record({ reason, message, recipient, envelope, ref });
      return false;
    }
    const again = envelope.asReplay();
    const topic = again.topic === undefined ? undefined : this.#topics.find(again.topic);
    const meters = topic?.meters ?? NO_METERS;
    const route = (): void => {
      if (topic !== undefined && ref === undefined) void this.#deliver(this.#topics.find(topic.name), again);
      else if (topic !== undefined && ref !== undefined) this.#deliverAgain(cellOf(ref), again);
      else this.#route(this.#registry.lookup(again.destination) ?? ref ?? again.destination, again);
    };
    const meter = this.#gate.enter(again, meters);
    if (meter === undefined) route();
    else this.#hold(meter, again, meters, route);
    return true;
  }

  /** To the one subscriber that did not get it, and by its guarantee. */
  #deliverAgain(cell: ActorCell, envelope: Envelope): void {
    if (!this.#gate.inspect(envelope)) return;
    const subscription = this.#topics.reliableSubscription(cell, envelope.destination);
    if (subscription === undefined) this.#offer(cell, envelope);
    else if (subscription.offer(envelope) === REFUSED_FULL) this.#lose(envelope, cell, "mailbox-full");
  }

  #envelope(kind: EnvelopeKind, destination: string, payload: unknown, options: EnvelopeOptions | undefined): Envelope {
    this.#sequence += 1;
    return new Envelope(kind, destination, payload, this.#origin, this.#sequence, this.#clock.stamp(), options);
  }

  #resolve(to: string | AnyActorRef, envelope: Envelope): ActorCell | Router {
    const ref = typeof to === "string" ? this.#registry.lookup(to) : to;
    if (ref === undefined) {
      this.#bury(envelope, envelope.destination, "not-found");
      throw new RecipientNotFoundError(envelope.destination);
    }
    const target = LocalRef.addresseeOf(ref);
    if (target instanceof ActorCell || target instanceof Router) return target;
    this.#bury(envelope, envelope.destination, "not-found");
    throw new ForeignRefError(ref.path);
  }

  #choose(router: Router, envelope: Envelope): readonly ActorCell[] {
    let chosen: readonly ActorCell[];
    try {
      chosen = router.choose(envelope.payload);
    } catch (error) {
      this.#bury(envelope, envelope.destination, "not-found");
      throw error;
    }
    if (envelope.receipt instanceof InFlight) envelope.receipt.expect(chosen.length);
    return chosen;
  }

  #lose(envelope: Envelope, cell: ActorCell, reason: DeadLetterReason): void {
    envelope.receipt?.lost(envelope, reason);
    this.#record(envelope, cell, reason);
  }

  #record(envelope: Envelope, cell: ActorCell, reason: DeadLetterReason): void {
    this.#deadLetters.record({ reason, message: envelope.payload, recipient: cell.path, envelope, ref: cell.self });
  }

  #bury(envelope: Envelope, recipient: string, reason: DeadLetterReason): void {
    envelope.receipt?.lost(envelope, reason);
    this.#deadLetters.record({ reason, message: envelope.payload, recipient, envelope });
  }
}

function nameOf(to: string | AnyActorRef): string {
  return typeof to === "string" ? to : to.path;
}

/** A late reply is a reply to nobody. */
function isReplayable({ reason, envelope, ref }: DeadLetter): boolean {
  return reason !== "late-reply" && (envelope !== undefined || ref !== undefined);
}
