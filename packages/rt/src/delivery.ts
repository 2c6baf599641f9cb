import { InvalidOptionError } from "./errors.ts";

/**
 * What a subscription promises. `at-most-once`: an event is handled once or not at all. `at-least-once`: an event whose handler
 * failed is delivered again. `exactly-once`: the same, and an event that was handled is not handled again; effectively once, that
 * is, because a handler that fails half-way has done its half.
 */
export type Delivery = "at-most-once" | "at-least-once" | "exactly-once";

/**
 * How often, and after how long, an event is delivered again. The defaults are slow enough that one event which always crashes its
 * handler does not exhaust a supervisor's default intensity.
 */
export interface RedeliveryOptions {
  /** The first delivery counts; 5 unless said. Then the event is a dead letter, `attempts-exhausted`. */
  readonly maxAttempts?: number;
  /** Before the second attempt; 1000 unless said. */
  readonly minMs?: number;
  /** Never longer than this; 30,000 unless said. */
  readonly maxMs?: number;
  /** Each delay is this many times the last; 2 unless said. */
  readonly factor?: number;
  /** How many events may be unfinished at once; 1000 unless said. What comes beyond is a dead letter, `mailbox-full`. */
  readonly maxUnfinished?: number;
  /** How many ids of handled events `exactly-once` remembers; 10,000 unless said. */
  readonly rememberedIds?: number;
}

/** Redelivery options with every field decided. */
export type Redelivery = Required<RedeliveryOptions>;

const DEFAULT_REDELIVERY: Redelivery = {
  maxAttempts: 5,
  minMs: 1000,
  maxMs: 30_000,
  factor: 2,
  maxUnfinished: 1000,
  rememberedIds: 10_000,
};

/** @throws InvalidOptionError */
export function redeliveryFrom(options: RedeliveryOptions | undefined): Redelivery {
  if (options === undefined) return DEFAULT_REDELIVERY;
  const redelivery = { ...DEFAULT_REDELIVERY, ...options };
  const { maxAttempts, minMs, maxMs, factor, maxUnfinished, rememberedIds } = redelivery;
  for (const [name, value] of Object.entries({ maxAttempts, maxUnfinished, rememberedIds })) {
    if (!(value >= 1)) throw new InvalidOptionError(`redelivery.${name}`, "at least 1", value);
  }
  if (!(minMs >= 0)) throw new InvalidOptionError("redelivery.minMs", "at least 0", minMs);
  if (!(maxMs >= minMs)) throw new InvalidOptionError("redelivery.maxMs", `at least minMs (${minMs})`, maxMs);
  if (!(factor >= 1)) throw new InvalidOptionError("redelivery.factor", "at least 1", factor);
  return redelivery;
}

/** How long to wait after the `attempt`th attempt has failed. */
export function delayAfter(attempt: number, { minMs, maxMs, factor }: Redelivery): number {
  return Math.min(maxMs, minMs * factor ** (attempt - 1));
}
