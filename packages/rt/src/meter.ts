import type { Clock, Timer } from "./clock.ts";
import type { Envelope } from "./envelope.ts";
import { BarredError, InFlightExceededError, PayloadTooLargeError, RateExceededError, type RtError } from "./errors.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import { checkQuota, type Quota, type QuotaAction } from "./quota.ts";
import { TokenBucket } from "./token-bucket.ts";

const DEFAULT_MAX_WAITING = 1000;

/** Of what is not counted. */
export const NO_METERS: readonly Meter[] = Object.freeze([]);

/** Why an envelope may not pass. */
export interface Excess {
  readonly reason: Extract<DeadLetterReason, "too-large" | "rate-exceeded" | "in-flight-exceeded" | "barred">;
  readonly error: RtError;
}

/** An envelope that waits for its quota. */
export interface Waiting {
  readonly envelope: Envelope;
  /** All that it is counted by. */
  readonly meters: readonly Meter[];
  /** It may pass all of them now. */
  proceed(now: number): void;
  refuse(excess: Excess): void;
  abandon(): void;
}

/** Counts one sender, or the topics of one pattern, against a quota. */
export class Meter {
  /** As it is called in errors and events. */
  readonly subject: string;
  readonly onExceeded: QuotaAction;
  /** A rate is all there is to count, and nobody waits. */
  isSimple: boolean;
  readonly #clock: Clock;
  readonly #bucket: TokenBucket | undefined;
  readonly #maxPayloadBytes: number;
  readonly #maxInFlight: number;
  readonly #maxWaiting: number;
  readonly #countsInFlight: boolean;
  #inFlight = 0;
  #isBarred = false;
  #isLifted = false;
  #waiting: Waiting[] = [];
  #timer: Timer | undefined;

  constructor(subject: string, quota: Quota, clock: Clock) {
    checkQuota(quota);
    const { rate, maxPayloadBytes, maxInFlight, onExceeded = "reject", maxWaiting = DEFAULT_MAX_WAITING } = quota;
    this.subject = subject;
    this.onExceeded = onExceeded;
    this.#clock = clock;
    this.#bucket = rate === undefined ? undefined : new TokenBucket(rate, clock.wallTime());
    this.#maxPayloadBytes = maxPayloadBytes ?? Number.POSITIVE_INFINITY;
    this.#maxInFlight = maxInFlight ?? Number.POSITIVE_INFINITY;
    this.#countsInFlight = maxInFlight !== undefined;
    this.#maxWaiting = maxWaiting;
    this.isSimple = rate !== undefined && maxPayloadBytes === undefined && maxInFlight === undefined;
    this.isSimple &&= onExceeded === "reject";
  }

  get countsInFlight(): boolean {
    return this.#countsInFlight;
  }

  get canHold(): boolean {
    return this.#waiting.length < this.#maxWaiting;
  }

  /** Takes one from the rate, where that is all there is to count. */
  take(now: number): boolean {
    return this.#bucket === undefined || this.#bucket.take(now);
  }

  /** What is wrong with the size, if anything. */
  weigh({ destination, payload }: Envelope): Excess | undefined {
    if (!(payload instanceof Uint8Array) || payload.byteLength <= this.#maxPayloadBytes) return undefined;
    const error = new PayloadTooLargeError(destination, payload.byteLength, this.#maxPayloadBytes);
    return { reason: "too-large", error };
  }

  /** Why no envelope may pass at `now`, if so. Who comes while others wait has to wait too. */
  excessAt(now: number): Excess | undefined {
    if (this.#isBarred) return { reason: "barred", error: new BarredError(this.subject) };
    if (this.#waiting.length > 0) return this.#isFull() ? this.#inFlightExcess() : this.#rateExcess();
    return this.#shortageAt(now);
  }

  /** Counts an envelope that may pass. */
  consume(now: number): void {
    this.#bucket?.take(now);
    if (this.#countsInFlight) this.#inFlight += 1;
  }

  /** An envelope that was counted is no longer under way. */
  release(): void {
    if (this.#countsInFlight) this.#inFlight -= 1;
    if (this.#waiting.length > 0) this.#serve();
  }

  /** Refuses everything from now on. */
  bar(): void {
    this.#isBarred = true;
  }

  hold(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#serve();
  }

  /** Nobody is counted here any more. What waits goes on. */
  lift(): void {
    this.#isLifted = true;
    this.#serve();
  }

  /** What waits will not be sent. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one.abandon();
  }

  /** Lets those go on that may, in order. */
  #serve(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const now = this.#clock.wallTime();
      if (!this.#isLifted && this.#shortageAt(now) !== undefined) {
        this.#serveLater();
        return;
      }
      this.#waiting.shift();
      this.#passOn(first, now);
    }
  }

  /** Past this meter; another one may still hold it, or refuse it. */
  #passOn(waiting: Waiting, now: number): void {
    const others = waiting.meters.filter((meter) => meter !== this);
    for (const other of others) {
      const excess = other.excessAt(now);
      if (excess === undefined) continue;
      if (other.onExceeded === "throttle" && other.canHold && excess.reason !== "barred") other.hold(waiting);
      else waiting.refuse(excess);
      return;
    }
    waiting.proceed(now);
  }

  #serveLater(): void {
    if (this.#timer !== undefined || this.#isFull() || this.#bucket === undefined) return;
    this.#timer = this.#clock.schedule(
      () => {
        this.#timer = undefined;
        this.#serve();
      },
      Math.max(1, this.#bucket.waitMs),
    );
  }

  #shortageAt(now: number): Excess | undefined {
    if (this.#isFull()) return this.#inFlightExcess();
    return this.#bucket?.has(now) === false ? this.#rateExcess() : undefined;
  }

  #isFull(): boolean {
    return this.#inFlight >= this.#maxInFlight;
  }

  #inFlightExcess(): Excess {
    return { reason: "in-flight-exceeded", error: new InFlightExceededError(this.subject, this.#maxInFlight) };
  }

  #rateExcess(): Excess {
    const messagesPerSecond = this.#bucket?.messagesPerSecond ?? Number.POSITIVE_INFINITY;
    return { reason: "rate-exceeded", error: new RateExceededError(this.subject, messagesPerSecond) };
  }
}
