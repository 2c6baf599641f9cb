import type { ActorContext, AnyActor, HealthReport, Terminated } from "./actor.ts";
import { isPromise } from "./is-promise.ts";

/** What travels in the system lane: ahead of user messages, never bounded by the mailbox, never dropped. */
export type Signal =
  | { readonly kind: "terminated"; readonly terminated: Terminated }
  | { readonly kind: "health-check"; readonly answer: (report: HealthReport) => void }
  /** The outcome of work that an incarnation piped to itself; of interest to that one only. */
  | { readonly kind: "piped"; readonly actor: object; readonly message: () => unknown };

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
    case "piped":
      return undefined;
  }
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
