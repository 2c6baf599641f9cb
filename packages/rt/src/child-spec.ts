import type { AnyActorFactory } from "./actor.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { Shutdown } from "./family.ts";
import type { MailboxOptions } from "./mailbox.ts";
import type { MessageSchema } from "./message-schema.ts";
import type { Intensity } from "./restart-intensity.ts";
import type { Restart } from "./restart-plan.ts";

/** How a supervisor finds out that a child which has not failed is of no use any more. */
export interface HealthCheckOptions {
  readonly intervalMs: number;
  /** How long the answer may take. */
  readonly timeoutMs: number;
  /** How many checks in a row must fail to count as a failure of the child. */
  readonly failureThreshold: number;
}

/** An actor under a supervisor. */
export interface ActorSpec {
  /** Unique among the supervisor's children; the last segment of the path. */
  readonly id: string;
  /** Builds the actor, anew for each restart. */
  readonly start: AnyActorFactory;
  /** `permanent` unless said. */
  readonly restart?: Restart;
  /** How long it may take to stop before it is killed; 5000 unless said. */
  readonly shutdownMs?: Shutdown;
  readonly mailbox?: MailboxOptions;
  /** What every message that others send must fit. */
  readonly schema?: MessageSchema;
  /** This child's own allowance of restarts, counted instead of the supervisor's. */
  readonly intensity?: Intensity;
  /** Instead of the supervisor's. */
  readonly backoff?: BackoffOptions;
  readonly health?: HealthCheckOptions;
}

/** A supervisor: which children, and what to do when one leaves. */
export interface SupervisorSpec {
  readonly id: string;
  readonly strategy: "one-for-one";
  /** 3 restarts within 5000 ms unless said. One more, and the supervisor fails. */
  readonly intensity?: Intensity;
  /** Children are restarted at once unless given. */
  readonly backoff?: BackoffOptions;
  /** Started in this order, each when the one before has; stopped in reverse. */
  readonly children: readonly ChildSpec[];
  /** Under another supervisor: whether this one comes back; `permanent` unless said. */
  readonly restart?: Restart;
  /** Under another supervisor: how long its whole subtree may take to stop; `infinity` unless said. */
  readonly shutdownMs?: Shutdown;
}

export type ChildSpec = ActorSpec | SupervisorSpec;

export function isSupervisorSpec(spec: ChildSpec): spec is SupervisorSpec {
  return "children" in spec;
}
