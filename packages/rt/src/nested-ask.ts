import type { AskOptions } from "./actor-ref.ts";
import { Ask, DEFAULT_ASK_TIMEOUT_MS } from "./ask.ts";
import { cycleThrough, type AskScope } from "./call-chain.ts";
import type { Clock } from "./clock.ts";
import type { DeadlineWheel } from "./deadline-wheel.ts";
import { Envelope } from "./envelope.ts";
import { AskCycleError } from "./errors.ts";
import { LocalRef } from "./local-ref.ts";

interface Asker {
  readonly kernel: { readonly clock: Clock; readonly deadlines: DeadlineWheel };
  readonly current: unknown;
}

interface Askable {
  ask(message: unknown, options: AskOptions): Promise<unknown>;
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
  const way = scope === null ? undefined : cycleThrough(target, scope);
  if (way !== undefined) return Promise.reject(new AskCycleError(way));
  const latestTick = asker.current instanceof Ask ? asker.current.dueTick : 0;
  return target.askFor(message, undefined, timeoutMs, scope, latestTick);
}

/** How long the message at hand may still take. */
function remainingMs({ kernel, current }: Asker): number {
  if (current instanceof Ask) return kernel.deadlines.remainingMs(current);
  if (!(current instanceof Envelope) || current.deadline === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, current.deadline - kernel.clock.wallTime());
}
