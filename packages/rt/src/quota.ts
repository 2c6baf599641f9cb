import { InvalidOptionError } from "./errors.ts";

/** A token bucket: at most `messagesPerSecond` in the long run, and `burst` at once. */
export interface RateLimit {
  readonly messagesPerSecond: number;
  /** `messagesPerSecond` unless said. */
  readonly burst?: number;
}

/**
 * What happens to an envelope beyond its quota. `reject`: it is refused. `throttle`: it waits until the quota allows it, in the order
 * sent, and is refused only when too many wait. `stop`: it is refused, and so is everything after it until the quota is set anew.
 * An envelope that is too large is never throttled: waiting does not make it smaller.
 */
export type QuotaAction = "reject" | "throttle" | "stop";

/** What one sender may send, or what may be published to some topics. What is not given is not limited. */
export interface Quota {
  readonly rate?: RateLimit;
  /** Of byte payloads; the broker's own limit holds besides. */
  readonly maxPayloadBytes?: number;
  /** How many envelopes may be under way: sent, and not yet handled, answered or lost by all who got them. */
  readonly maxInFlight?: number;
  /** `reject` unless said. */
  readonly onExceeded?: QuotaAction;
  /** How many envelopes may wait with `throttle`; 1000 unless said. */
  readonly maxWaiting?: number;
}

/** Whom a quota is for: a sender by name, or the topics of a pattern, which then share it. */
export type QuotaSubject = { readonly sender: string } | { readonly topic: string };

/** @throws InvalidOptionError */
export function checkQuota({ maxPayloadBytes = 0, maxInFlight = 1, maxWaiting = 1 }: Quota): void {
  if (!(maxPayloadBytes >= 0)) throw new InvalidOptionError("quota.maxPayloadBytes", "at least 0", maxPayloadBytes);
  if (!(maxInFlight >= 1)) throw new InvalidOptionError("quota.maxInFlight", "at least 1", maxInFlight);
  if (!(maxWaiting >= 1)) throw new InvalidOptionError("quota.maxWaiting", "at least 1", maxWaiting);
}
