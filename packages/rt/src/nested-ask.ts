import type { AskOptions } from "./actor-ref.ts";
import { Ask, DEFAULT_ASK_TIMEOUT_MS } from "./ask.ts";
import type { AskScope } from "./call-chain.ts";
import type { Clock } from "./clock.ts";
import type { DeadlineWheel } from "./deadline-wheel.ts";
import { Envelope } from "./envelope.ts";
import { LocalRef } from "./local-ref.ts";

interface Asker {
  readonly kernel: { readonly clock: Clock; readonly deadlines: DeadlineWheel };
  readonly current: unknown;
}

interface Askable {
  ask(message: unknown, options: AskOptions): Promise<unknown>;
}

/** As part of what something is asked. */
export interface Nesting {
  /** The message that waits for the reply; null when none does. */
  readonly scope: AskScope | null;
  /** How long that message may still take. */
  readonly remainingMs: number;
  /** The same as a tick of the deadline wheel; 0 does not limit. */
  readonly latestTick: number;
}

/** Nothing waits for the reply but who asks. */
export const NOT_NESTED: Nesting = { scope: null, remainingMs: Number.POSITIVE_INFINITY, latestTick: 0 };

/** As part of the message that `asker` has at hand. */
export function nestingOf(asker: Asker, scope: AskScope | null): Nesting {
  return { scope, remainingMs: remainingMs(asker), latestTick: latestTick(asker) };
}

/** Asks as part of the message that `asker` has at hand: within its deadline, and not around in a circle. */
export function askWithin(
  asker: Asker,
  scope: AskScope | null,
  ref: Askable,
  message: unknown,
  wantedMs: number = DEFAULT_ASK_TIMEOUT_MS,
): Promise<unknown> {
  const timeoutMs = Math.min(wantedMs, remainingMs(asker));
  const target = LocalRef.addresseeOf(ref);
  if (target === undefined) return ref.ask(message, { timeoutMs });
  return target.askFor(message, undefined, timeoutMs, scope, latestTick(asker));
}

function latestTick({ current }: Asker): number {
  return current instanceof Ask ? current.dueTick : 0;
}

/** How long the message at hand may still take. */
function remainingMs({ kernel, current }: Asker): number {
  if (current instanceof Ask) return kernel.deadlines.remainingMs(current);
  if (!(current instanceof Envelope) || current.deadline === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, current.deadline - kernel.clock.wallTime());
}
