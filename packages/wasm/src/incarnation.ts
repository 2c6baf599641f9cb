import type { ActorContext } from "@airssys/rt";
import type { Manifest } from "@airssys/security";
import type { ActorMessage } from "./actor-message.ts";
import type { ComponentDirectory } from "./component-directory.ts";
import type { ComponentId } from "./generated/airssys-core-types-types.ts";
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
  readonly writeLog: GuestLog;
  readonly metrics: ComponentMetrics;
}
