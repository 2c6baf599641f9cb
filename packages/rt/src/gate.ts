import type { Clock } from "./clock.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import type { Envelope } from "./envelope.ts";
import { BrokerNotPermittedError, InvalidOptionError, PayloadTooLargeError } from "./errors.ts";
import type { EventStream } from "./event-stream.ts";
import { InFlight } from "./in-flight.ts";
import type { Interceptor } from "./interceptor.ts";
import { Meter, NO_METERS, type Excess } from "./meter.ts";
import type { Quota } from "./quota.ts";
import { Refusal } from "./refusal.ts";

export interface GateOptions {
  /** The largest byte payload that is taken; 1,048,576 unless said. Applies to `Uint8Array` payloads. */
  readonly maxPayloadBytes?: number;
  /** Whether this sender may send this; everybody may unless said. One that throws lets nobody through. */
  readonly permits?: (sender: string | undefined, envelope: Envelope) => boolean;
  /** In the order given; more can be added with `intercept`. */
  readonly interceptors?: readonly Interceptor[];
}

/** What becomes of an envelope that waits. */
export interface Held {
  proceed(): void;
  refuse(excess: Excess): void;
  abandon(): void;
}

/** Stands for an interceptor that threw. */
const FAILED = new Refusal(undefined);

type Bury = (envelope: Envelope, recipient: string, reason: DeadLetterReason) => void;

const DEFAULT_MAX_PAYLOAD_BYTES = 1_048_576;

/**
 * What an envelope must pass before it is routed: sender, size, rate and number in flight, interceptors, in this order. Each refusal is
 * thrown and buried.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #events: EventStream;
  readonly #bury: Bury;
  readonly #maxPayloadBytes: number;
  readonly #permits: ((sender: string | undefined, envelope: Envelope) => boolean) | undefined;
  readonly #senders = new Map<string, Meter>();
  #interceptors: readonly Interceptor[];
  /** Most senders send more than once in a row. */
  #latestSender: string | undefined;
  #latestMeter: Meter | undefined;

  constructor(clock: Clock, events: EventStream, bury: Bury, options: GateOptions) {
    const { maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, permits, interceptors = [] } = options;
    if (!(maxPayloadBytes >= 0)) throw new InvalidOptionError("broker.maxPayloadBytes", "at least 0", maxPayloadBytes);
    this.#clock = clock;
    this.#events = events;
    this.#bury = bury;
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#permits = permits;
    this.#interceptors = [...interceptors];
  }

  limitSender(sender: string, quota: Quota | undefined): void {
    const meter = quota === undefined ? undefined : new Meter(`"${sender}"`, quota, this.#clock);
    const former = this.#senders.get(sender);
    if (meter === undefined) this.#senders.delete(sender);
    else this.#senders.set(sender, meter);
    this.#latestSender = undefined;
    former?.lift();
  }

  intercept(interceptor: Interceptor): Disposable {
    const own: Interceptor = (envelope) => interceptor(envelope);
    this.#interceptors = [...this.#interceptors, own];
    return {
      [Symbol.dispose]: () => {
        this.#interceptors = this.#interceptors.filter((one) => one !== own);
      },
    };
  }

  close(): void {
    for (const meter of this.#senders.values()) meter.close();
  }

  /**
   * Sender, size, rate and number in flight. Undefined when the envelope may go on at once; else where it has to wait.
   * @throws what it is refused with
   */
  enter(envelope: Envelope, topicMeters: readonly Meter[]): Meter | undefined {
    const { sender, payload } = envelope;
    if (this.#permits !== undefined) this.#askPolicy(this.#permits, envelope);
    if (payload instanceof Uint8Array && payload.byteLength > this.#maxPayloadBytes) {
      const error = new PayloadTooLargeError(envelope.destination, payload.byteLength, this.#maxPayloadBytes);
      this.refuse(envelope, { reason: "too-large", error });
    }
    const meter = sender === undefined ? undefined : this.#meterOf(sender);
    if (topicMeters === NO_METERS) {
      if (meter === undefined) return undefined;
      if (meter.isSimple && meter.take(envelope.timestamp)) return undefined;
    }
    return this.#count(envelope, this.#metersOf(envelope, topicMeters));
  }

  /** Has an envelope wait where `enter` said, and counts it when its time has come. */
  hold(meter: Meter, envelope: Envelope, topicMeters: readonly Meter[], held: Held): void {
    const meters = this.#metersOf(envelope, topicMeters);
    meter.hold({
      envelope,
      meters,
      refuse: (excess) => held.refuse(excess),
      abandon: () => held.abandon(),
      proceed: (now) => {
        charge(envelope, meters, now);
        held.proceed();
      },
    });
  }

  /**
   * Interceptors. False when one of them failed: then the envelope is buried.
   * @throws what one of them refuses it with
   */
  inspect(envelope: Envelope): boolean {
    for (const interceptor of this.#interceptors) {
      const refusal = this.#intercepted(interceptor, envelope);
      if (refusal === undefined) continue;
      this.#bury(envelope, envelope.destination, "rejected");
      if (refusal === FAILED) return false;
      throw refusal.error;
    }
    return true;
  }

  /** Buries the envelope. @throws why */
  refuse(envelope: Envelope, { reason, error }: Excess): never {
    this.#bury(envelope, envelope.destination, reason);
    throw error;
  }

  /** Counts the envelope once it is sure that nothing stands against it: what is refused uses up nothing. */
  #count(envelope: Envelope, meters: readonly Meter[]): Meter | undefined {
    // A stamp may be a little old, and a bucket may have filled up since.
    const now = this.#clock.wallTime();
    for (const meter of meters) {
      const excess = meter.weigh(envelope);
      if (excess !== undefined) this.#exceed(envelope, meter, excess);
    }
    for (const meter of meters) {
      const excess = meter.excessAt(now);
      if (excess === undefined) continue;
      if (meter.onExceeded !== "throttle" || !meter.canHold) this.#exceed(envelope, meter, excess);
      return meter;
    }
    charge(envelope, meters, now);
    return undefined;
  }

  #exceed(envelope: Envelope, meter: Meter, excess: Excess): never {
    const { subject, onExceeded } = meter;
    if (this.#events.observes("quota-exceeded")) {
      this.#events.emit({ type: "quota-exceeded", path: envelope.destination, subject, action: onExceeded });
    }
    if (onExceeded === "stop") meter.bar();
    return this.refuse(envelope, excess);
  }

  #askPolicy(permits: (sender: string | undefined, envelope: Envelope) => boolean, envelope: Envelope): void {
    const { sender, destination } = envelope;
    let cause: unknown;
    try {
      if (permits(sender, envelope)) return;
    } catch (error) {
      cause = error;
    }
    this.#bury(envelope, destination, "not-permitted");
    throw new BrokerNotPermittedError(sender, destination, cause);
  }

  #intercepted(interceptor: Interceptor, envelope: Envelope): Refusal | undefined {
    try {
      return interceptor(envelope) ?? undefined;
    } catch (error) {
      if (this.#events.observes("interceptor-failed")) {
        this.#events.emit({ type: "interceptor-failed", path: envelope.destination, error });
      }
      return FAILED;
    }
  }

  /** All that an envelope is counted by. */
  #metersOf({ sender }: Envelope, topicMeters: readonly Meter[]): readonly Meter[] {
    const meter = sender === undefined ? undefined : this.#meterOf(sender);
    return meter === undefined ? topicMeters : [meter, ...topicMeters];
  }

  #meterOf(sender: string): Meter | undefined {
    if (sender !== this.#latestSender) {
      this.#latestMeter = this.#senders.get(sender);
      this.#latestSender = sender;
    }
    return this.#latestMeter;
  }
}

function charge(envelope: Envelope, meters: readonly Meter[], now: number): void {
  for (const meter of meters) meter.consume(now);
  if (meters.some(({ countsInFlight }) => countsInFlight)) envelope.receipt = new InFlight(meters);
}
