import type { AnyActorFactory } from "./actor.ts";
import type { BackoffOptions } from "./backoff.ts";
import { InvalidOptionError } from "./errors.ts";
import type { Shutdown } from "./family.ts";
import type { MailboxOptions } from "./mailbox.ts";
import type { MessageSchema } from "./message-schema.ts";
import type { Intensity } from "./restart-intensity.ts";
import type { AutoShutdown, Restart, Strategy } from "./restart-plan.ts";

/** How a supervisor finds out that a child which has not failed is of no use any more. */
export interface HealthCheckOptions {
  readonly intervalMs: number;
  /** How long the answer may take. */
  readonly timeoutMs: number;
  /** How many checks in a row must fail to count as a failure of the child. */
  readonly failureThreshold: number;
}

/** An actor under a supervisor. With the type of its factory, the supervisor's user knows what it accepts. */
export interface ActorSpec<Start extends AnyActorFactory = AnyActorFactory> {
  /** Unique among the supervisor's children; the last segment of the path. */
  readonly id: string;
  /** Builds the actor, anew for each restart. */
  readonly start: Start;
  /** `permanent` unless said. */
  readonly restart?: Restart;
  /** Whether its end for good counts for the supervisor's `autoShutdown`. Only transient and temporary children may be. */
  readonly significant?: boolean;
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

/** What all supervisors have. */
interface SupervisorOptions {
  readonly id: string;
  /** 3 restarts within 5000 ms unless said. One more, and the supervisor fails. */
  readonly intensity?: Intensity;
  /** Children are restarted at once unless given. */
  readonly backoff?: BackoffOptions;
  /** Whether the end of significant children ends the supervisor, with the reason `shutdown`; `never` unless said. */
  readonly autoShutdown?: AutoShutdown;
  /** Under another supervisor: whether this one comes back; `permanent` unless said. */
  readonly restart?: Restart;
  /** Under another supervisor: whether its end for good counts for that one's `autoShutdown`. */
  readonly significant?: boolean;
  /** Under another supervisor: how long its whole subtree may take to stop; `infinity` unless said. */
  readonly shutdownMs?: Shutdown;
}

/** A supervisor: which children, and what to do when one leaves. */
export interface SupervisorSpec extends SupervisorOptions {
  readonly strategy: Strategy;
  /** Started in this order, each when the one before has; stopped in reverse. */
  readonly children: readonly ChildSpec[];
}

/** An actor or a supervisor as a dynamic supervisor starts it: its spec, without the id. */
export type ChildTemplate = Omit<ActorSpec, "id"> | Omit<SupervisorSpec, "id">;

/**
 * A supervisor of children that come and go, all made from one template. It starts with none; one that leaves and is not
 * restarted is forgotten. Its strategy is one-for-one, and it stops them all at once.
 */
export interface DynamicSpec<Argument, Template extends ChildTemplate = ChildTemplate> extends SupervisorOptions {
  /** What to start for an argument. Called once for each child; a restart builds the actor anew from the same template. */
  readonly template: (argument: Argument) => Template;
  /** As many as memory holds, unless said. */
  readonly maxChildren?: number;
}

/** A dynamic supervisor of any kind, where it is only one child among others. */
export type AnyDynamicSpec = DynamicSpec<never>;

export type ChildSpec = ActorSpec | SupervisorSpec | AnyDynamicSpec;

export function isSupervisorSpec(spec: ChildSpec): spec is SupervisorSpec {
  return "children" in spec;
}

export function isDynamicSpec(spec: ChildSpec): spec is AnyDynamicSpec {
  return "template" in spec;
}

/** @throws InvalidOptionError when a child is significant whose end could not count. */
export function checkSignificance({ id, significant, restart }: ChildSpec, autoShutdown: AutoShutdown): void {
  if (significant !== true) return;
  if (autoShutdown === "never") {
    throw new InvalidOptionError(`significant of child "${id}"`, "false under autoShutdown: never", significant);
  }
  if (restart === undefined || restart === "permanent") {
    throw new InvalidOptionError(`significant of child "${id}"`, "false for a permanent child", significant);
  }
}
