import type { ActorContext } from "@airssys/rt";
import type { Store } from "@airssys/storage";
import type { ComponentAccess } from "./access/component-access.ts";
import type { ComponentMeters } from "./access/component-meters.ts";
import type { ActorMessage } from "./actor-message.ts";
import type { ComponentDirectory } from "./component-directory.ts";
import type { HookSubject } from "./component-hooks.ts";
import type { ComponentLife } from "./component-life.ts";
import type { ComponentVersion } from "./component-version.ts";
import type { ComponentMetrics } from "./component-metrics.ts";
import type { DeferredReplies } from "./deferred-replies.ts";
import type { GuestLog } from "./guest-log.ts";
import type { OfferedInterfaces } from "./offered-interfaces.ts";
import { maxMessageBytes } from "./message-size.ts";
import type { OutstandingRequests } from "./outstanding-requests.ts";
import type { Subscriptions } from "./subscriptions.ts";

export type IncarnationContext = ActorContext<ActorMessage>;

/** One life of a component, from its instantiation to its trap or stop: all that its host functions may touch. */
export interface Incarnation extends ComponentVersion {
  /** `namespace/name`, by which others send to it. */
  readonly address: string;
  readonly context: IncarnationContext;
  /** What it may do, and all it has open on the system: ends with the incarnation. */
  readonly access: ComponentAccess;
  /** Fires when the incarnation is over, also when its actor was killed in the middle of something. */
  readonly signal: AbortSignal;
  readonly interfaces: OfferedInterfaces<Incarnation>;
  readonly directory: ComponentDirectory;
  readonly requests: OutstandingRequests;
  readonly deferred: DeferredReplies;
  /** They end with the incarnation. */
  readonly subscriptions: Subscriptions;
  readonly life: ComponentLife;
  /** Of the component: its other instances use the same. */
  readonly meters: ComponentMeters;
  /** Ends it as a crash does, as the next thing that its actor does. */
  readonly fail: (reason: unknown) => void;
  /** What is published reaches one of those that subscribe under the same name. */
  readonly queueGroup: string | undefined;
  readonly writeLog: GuestLog;
  readonly metrics: ComponentMetrics;
  readonly storage: Store | undefined;
}

/** The incarnation of another version, in the same actor. It makes requests of its own until it has taken over. */
export function successorOf(incarnation: Incarnation, version: ComponentVersion): Incarnation {
  const requests = incarnation.requests.successor(maxMessageBytes(version.manifest));
  const access = incarnation.access.successor(version);
  return { ...incarnation, ...version, access, requests, subscriptions: incarnation.subscriptions.successor() };
}

export function subjectOf({ address, id, prepared }: Incarnation): HookSubject {
  return { address, version: id.version, digest: prepared.digest };
}
