import type { Clock } from "../clock.ts";
import { InvalidOperationError, RateLimitedError } from "../errors.ts";
import type { Middleware } from "./middleware.ts";

export interface RateLimit {
  readonly perSecond: number;
  /** Operations that may come at once after a rest. */
  readonly burst: number;
}

/** Throws RateLimitedError for what comes too soon. One for each actor, or one for several that share it. */
export function rateLimit({ perSecond, burst }: RateLimit, clock: Clock): Middleware {
  if (!(perSecond > 0 && perSecond < Infinity) || !Number.isInteger(burst) || burst < 1)
    throw new InvalidOperationError(
      "rateLimit",
      "perSecond",
      "a rate and a burst above 0",
      `${perSecond} and ${burst}`,
    );
  let tokens = burst;
  let filledAt = clock.now();
  return {
    name: "rate-limit",
    around: async ({ operation }, next) => {
      const now = clock.now();
      tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
      filledAt = now;
      if (tokens < 1) throw new RateLimitedError(operation.kind, Math.ceil(((1 - tokens) / perSecond) * 1000));
      tokens -= 1;
      return next();
    },
  };
}
