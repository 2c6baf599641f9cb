import type { DeadLetter } from "./dead-letter.ts";
import type { RestartIntensityExceededError } from "./errors.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { QuotaAction } from "./quota.ts";

/**
 * Everything that happens to actors and supervisors. `path` is always the one it happened to. Who hears all of them knows at any time
 * which actors and supervisors are starting, running or stopping, and which are not there or wait for a restart.
 */
export type LifecycleEvent =
  /** Its `preStart` is waited for. One that starts at once is not announced. */
  | { readonly type: "actor-starting"; readonly path: string }
  | { readonly type: "actor-started"; readonly path: string }
  /** It is to end, and something is waited for: the message at hand, children, or its last hooks. */
  | { readonly type: "actor-stopping"; readonly path: string; readonly reason: ExitReason }
  /** An incarnation of a supervised actor ended, or did not start. Its supervisor decides: it is restarted, or has stopped. */
  | { readonly type: "actor-left"; readonly path: string; readonly reason: ExitReason }
  | { readonly type: "actor-stopped"; readonly path: string; readonly reason: ExitReason }
  | { readonly type: "actor-failed"; readonly path: string; readonly error: unknown }
  | { readonly type: "actor-restarted"; readonly path: string; readonly restartCount: number }
  | { readonly type: "actor-killed"; readonly path: string }
  | { readonly type: "pre-restart-failed"; readonly path: string; readonly error: unknown }
  | { readonly type: "post-stop-failed"; readonly path: string; readonly error: unknown }
  | {
      readonly type: "restart-delayed";
      readonly path: string;
      readonly delayMs: number;
      readonly reason: ExitReason;
    }
  | { readonly type: "restart-failed"; readonly path: string; readonly error: unknown }
  | {
      readonly type: "health-check-failed";
      readonly path: string;
      readonly failure: string;
      readonly failuresInARow: number;
    }
  /** It waits for a child to start. */
  | { readonly type: "supervisor-starting"; readonly path: string }
  | { readonly type: "supervisor-started"; readonly path: string }
  /** It waits for a child to stop. */
  | { readonly type: "supervisor-stopping"; readonly path: string; readonly reason: ExitReason }
  | { readonly type: "supervisor-stopped"; readonly path: string; readonly reason: ExitReason }
  /** It gave up on `child`, which left for `reason` after `restartCount` restarts; `cause` is what lies behind that. */
  | {
      readonly type: "supervisor-failed";
      readonly path: string;
      readonly error: RestartIntensityExceededError;
      readonly child: string;
      readonly reason: ExitReason;
      readonly cause: unknown;
      readonly restartCount: number;
    }
  | { readonly type: "message-dead-lettered"; readonly path: string; readonly letter: DeadLetter }
  | { readonly type: "mailbox-overflowed"; readonly path: string; readonly capacity: number }
  | {
      readonly type: "redelivery-delayed";
      readonly path: string;
      /** Of the envelope. */
      readonly id: string;
      /** The attempt that failed. */
      readonly attempt: number;
      readonly delayMs: number;
      readonly reason: DeadLetterReason;
    }
  /** An event that its subscriber has handled already came again, and was not handled again. */
  | { readonly type: "duplicate-suppressed"; readonly path: string; readonly id: string }
  /** Here and in `interceptor-failed`, `path` is the envelope's destination. */
  | {
      readonly type: "quota-exceeded";
      readonly path: string;
      readonly subject: string;
      readonly action: QuotaAction;
    }
  | { readonly type: "interceptor-failed"; readonly path: string; readonly error: unknown }
  | { readonly type: "group-joined"; readonly path: string; readonly group: string }
  | { readonly type: "group-left"; readonly path: string; readonly group: string }
  | {
      readonly type: "listener-failed";
      readonly path: string;
      readonly event: LifecycleEvent;
      readonly error: unknown;
    };

export type LifecycleEventType = LifecycleEvent["type"];

/** The event of one type. */
export type LifecycleEventOf<T extends LifecycleEventType> = Extract<LifecycleEvent, { readonly type: T }>;
