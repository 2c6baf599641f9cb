import type { PreparedComponent } from "@airssys/engine";
import type { ActorContext } from "@airssys/rt";
import type { Manifest } from "@airssys/security";
import type { ActorMessage } from "./actor-message.ts";
import type { ComponentDirectory } from "./component-directory.ts";
import type { ComponentId } from "./generated/airssys-core-types-types.ts";
import type { HookSubject } from "./component-hooks.ts";
import type { ComponentLife } from "./component-life.ts";
import type { ComponentMetrics } from "./component-metrics.ts";
import type { DeferredReplies } from "./deferred-replies.ts";
import type { GuestLog } from "./guest-log.ts";
import type { OutstandingRequests } from "./outstanding-requests.ts";

export type IncarnationContext = ActorContext<ActorMessage>;

/** One life of a component, from its instantiation to its trap or stop: all that its host functions may touch. */
export interface Incarnation {
  /** `namespace/name`, by which others send to it. */
  readonly address: string;
  readonly id: ComponentId;
  readonly manifest: Manifest;
  readonly context: IncarnationContext;
  readonly directory: ComponentDirectory;
  readonly requests: OutstandingRequests;
  readonly deferred: DeferredReplies;
  /** By pattern. They end with the incarnation. */
  readonly subscriptions: Map<string, Disposable>;
  readonly prepared: PreparedComponent;
  readonly life: ComponentLife;
  readonly writeLog: GuestLog;
  readonly metrics: ComponentMetrics;
}

/** What a successor that takes over the state takes over with it. */
export type Carried = Pick<Incarnation, "requests" | "deferred">;

export function subjectOf({ address, id, prepared }: Incarnation): HookSubject {
  return { address, version: id.version, digest: prepared.digest };
}

export function releaseSubscriptions({ subscriptions }: Incarnation): void {
  for (const subscription of subscriptions.values()) subscription[Symbol.dispose]();
  subscriptions.clear();
}
