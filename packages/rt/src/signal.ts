import type { ActorContext, AnyActor, HealthReport, Terminated } from "./actor.ts";
import type { ActorTimer } from "./actor-timers.ts";
import { NOTHING } from "./backlog.ts";
import { LinkedActorError } from "./errors.ts";
import { isPromise } from "./is-promise.ts";

/** What travels in the system lane: ahead of user messages, never bounded by the mailbox, never dropped. */
export type Signal =
  | { readonly kind: "terminated"; readonly terminated: Terminated }
  | { readonly kind: "health-check"; readonly answer: (report: HealthReport) => void }
  /** A linked actor's incarnation ended; of interest to the incarnation that was linked only. */
  | { readonly kind: "linked-exit"; readonly actor: object | null; readonly exit: Terminated }
  /** The message at hand, in which something was asked, has been handled. */
  | { readonly kind: "handled" }
  /** A timer is due; of interest to the incarnation that set it only. */
  | { readonly kind: "timed"; readonly actor: object | null; readonly timer: ActorTimer }
  /** The outcome of work that an incarnation piped to itself; of interest to that one only. */
  | { readonly kind: "piped"; readonly actor: object; readonly message: () => unknown };

/** What obeying comes to when the actor is to stop with the reason `shutdown`. */
export const SHUT_DOWN: unique symbol = Symbol("shut down");

/**
 * Has the actor do what the signal says. What it returns is treated as a handler's result. What was piped by an incarnation that is
 * over comes to nothing.
 */
export function obey(actor: AnyActor, signal: Signal | undefined, context: ActorContext<unknown>): unknown {
  if (signal === undefined) return undefined;
  switch (signal.kind) {
    case "terminated":
      return actor.onTerminated?.(signal.terminated, context);
    case "health-check":
      return reportHealth(actor, signal.answer);
    case "linked-exit":
      return signal.actor === actor || signal.actor === null ? shareFate(actor, signal.exit, context) : undefined;
    case "handled":
    case "timed":
    case "piped":
      return undefined;
  }
}

/** The message that a signal brings with it, if it still concerns this incarnation; else NOTHING. */
export function messageOf(signal: Signal | undefined, actor: AnyActor): unknown {
  if (signal?.kind === "piped" && signal.actor === actor) return signal.message();
  if (signal?.kind !== "timed" || !signal.timer.take()) return NOTHING;
  return signal.timer.message;
}

/** An actor that does not want to hear of it goes the way the other went. */
function shareFate(actor: AnyActor, exit: Terminated, context: ActorContext<unknown>): unknown {
  if (actor.onLinkedExit !== undefined) return actor.onLinkedExit(exit, context);
  if (exit.reason.kind === "error") throw new LinkedActorError(context.path, exit.ref.path, exit.reason.error);
  return exit.reason.kind === "shutdown" ? SHUT_DOWN : undefined;
}

/** A check that throws is an answer, not a failure: the threshold decides. */
function reportHealth(actor: AnyActor, answer: (report: HealthReport) => void): Promise<void> | undefined {
  const failed = (error: unknown): void =>
    answer({ status: "unhealthy", detail: `health check threw ${String(error)}` });
  try {
    const report = actor.health?.() ?? { status: "healthy" };
    if (isPromise(report)) return report.then(answer, failed);
    answer(report);
  } catch (error) {
    failed(error);
  }
  return undefined;
}
