import type { Now } from "../clock.ts";
import { InvalidQuotaError } from "./quota-errors.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What is limited: how fast, how much in all, or how many at once. */
export type QuotaLimit =
  | { readonly kind: "rate"; readonly perSecond: number }
  | { readonly kind: "capacity"; readonly max: number }
  | { readonly kind: "concurrency"; readonly max: number };

/** What happens to what is over the quota. */
export type QuotaAction = "reject" | "throttle" | "stop";

export type QuotaLevel = "normal" | "warning" | "critical";

export type QuotaOutcome =
  | { readonly type: "consumed" }
  | { readonly type: "rejected" }
  /** Try again then; nothing was consumed. Without a time: when something was released. */
  | { readonly type: "throttled"; readonly waitMs: number | undefined }
  /** The component is to be stopped; nothing was consumed. */
  | { readonly type: "stopped" };

export interface QuotaUsage {
  readonly used: number;
  readonly limit: number;
  readonly level: QuotaLevel;
  /** From here on the level is `warning`. */
  readonly warning: number;
  /** From here on the level is `critical`. */
  readonly critical: number;
}

export interface QuotaLevelChange extends QuotaUsage {
  readonly quota: string;
  readonly previous: QuotaLevel;
}

export interface QuotaMeterOptions {
  readonly action: QuotaAction;
  readonly now: Now;
  /** Told when the level changes; must not throw. */
  readonly onLevel?: ((change: QuotaLevelChange) => void) | undefined;
}

const WARNING = 0.8;
const CRITICAL = 0.95;
/** A level is left only below this share of where it begins: usage that hovers there is one event and not a thousand. */
const LEAVING = 0.9;

const CONSUMED: QuotaOutcome = Object.freeze({ type: "consumed" });
const REJECTED: QuotaOutcome = Object.freeze({ type: "rejected" });
const STOPPED: QuotaOutcome = Object.freeze({ type: "stopped" });

/** One quota of one component. Checking and consuming is one step, so that no two can both have what is left for one. */
export class QuotaMeter {
  readonly #name: string;
  readonly #limit: number;
  readonly #bucket: TokenBucket | undefined;
  readonly #isWhole: boolean;
  readonly #action: QuotaAction;
  readonly #now: Now;
  readonly #onLevel: ((change: QuotaLevelChange) => void) | undefined;
  #used = 0;
  #level: QuotaLevel = "normal";

  /** @throws InvalidQuotaError when the limit is no positive number, or for what is counted no integer */
  constructor(name: string, limit: QuotaLimit, { action, now, onLevel }: QuotaMeterOptions) {
    this.#name = name;
    this.#limit = limit.kind === "rate" ? limit.perSecond : limit.max;
    this.#isWhole = limit.kind === "concurrency";
    if (!(this.#limit > 0) || !Number.isFinite(this.#limit))
      throw new InvalidQuotaError(name, "a limit above 0", this.#limit);
    if (this.#isWhole && !Number.isInteger(this.#limit))
      throw new InvalidQuotaError(name, "a whole limit", this.#limit);
    this.#bucket = limit.kind === "rate" ? new TokenBucket(limit.perSecond, now()) : undefined;
    this.#action = action;
    this.#now = now;
    this.#onLevel = onLevel;
  }

  /** Consumes so much, or nothing at all. @throws InvalidQuotaError for an amount that is none */
  consume(amount: number = 1): QuotaOutcome {
    if (!(amount >= 0 && amount <= Number.MAX_SAFE_INTEGER))
      throw new InvalidQuotaError(this.#name, "an amount of 0 or more", amount);
    if (this.#isWhole && !Number.isInteger(amount)) throw new InvalidQuotaError(this.#name, "a whole amount", amount);
    const now = this.#bucket ? this.#now() : 0;
    const waitMs = this.#bucket ? this.#bucket.take(amount, now) : this.#takeUp(amount);
    this.#watch(this.#bucket ? this.#bucket.used(now) : this.#used);
    return waitMs === 0 ? CONSUMED : this.#excess(waitMs);
  }

  /** Gives back what was consumed of a capacity, or at once. More than was consumed cannot be given back. */
  release(amount: number = 1): void {
    const isTooMuch = this.#bucket !== undefined || amount > this.#used;
    if (!(amount >= 0) || isTooMuch)
      throw new InvalidQuotaError(this.#name, `at most ${this.#used} to release`, amount);
    this.#used -= amount;
    this.#watch(this.#used);
  }

  /** Takes over how much of a capacity is used, where that is counted elsewhere. */
  observe(used: number): void {
    if (this.#bucket !== undefined || !(used >= 0))
      throw new InvalidQuotaError(this.#name, "0 or more of a capacity to be used", used);
    this.#used = used;
    this.#watch(used);
  }

  usage(): QuotaUsage {
    const used = this.#bucket ? this.#bucket.used(this.#now()) : this.#used;
    this.#watch(used);
    return this.#usageAt(used);
  }

  #takeUp(amount: number): number {
    if (this.#used + amount > this.#limit) return Infinity;
    this.#used += amount;
    return 0;
  }

  #excess(waitMs: number): QuotaOutcome {
    switch (this.#action) {
      case "reject":
        return REJECTED;
      case "stop":
        return STOPPED;
      case "throttle":
        if (!this.#bucket) return { type: "throttled", waitMs: undefined };
        // More than the bucket ever holds is not had by waiting.
        return waitMs === Infinity ? REJECTED : { type: "throttled", waitMs };
    }
  }

  #usageAt(used: number): QuotaUsage {
    return {
      used,
      limit: this.#limit,
      level: this.#level,
      warning: this.#limit * WARNING,
      critical: this.#limit * CRITICAL,
    };
  }

  #watch(used: number): void {
    const share = used / this.#limit;
    if (this.#level === "normal" && share < WARNING) return;
    const level = levelAt(share, this.#level);
    if (level === this.#level) return;
    const previous = this.#level;
    this.#level = level;
    this.#onLevel?.({ ...this.#usageAt(used), quota: this.#name, previous });
  }
}

function levelAt(share: number, level: QuotaLevel): QuotaLevel {
  if (share >= CRITICAL || (level === "critical" && share >= CRITICAL * LEAVING)) return "critical";
  return share >= WARNING || (level !== "normal" && share >= WARNING * LEAVING) ? "warning" : "normal";
}
