import type { PreparedComponent } from "@airssys/engine";
import type { Actor, ActorFactory, ActorSpec } from "@airssys/rt";
import type { Manifest } from "@airssys/security";
import { ComponentActor } from "./component-actor.ts";
import type { ComponentDirectory } from "./component-directory.ts";
import type { ComponentMetrics } from "./component-metrics.ts";
import type { ComponentMessage } from "./component-message.ts";
import { DeferredReplies } from "./deferred-replies.ts";
import type { ComponentId } from "./generated/airssys-core-types-types.ts";
import type { GuestLog } from "./guest-log.ts";
import type { IncarnationContext } from "./incarnation.ts";
import { maxMessageBytes } from "./message-size.ts";
import { OutstandingRequests } from "./outstanding-requests.ts";

/** What an installed component is made of. */
export interface InstallationParts {
  readonly address: string;
  readonly id: ComponentId;
  readonly manifest: Manifest;
  readonly prepared: PreparedComponent;
  readonly directory: ComponentDirectory;
  readonly writeLog: GuestLog;
  readonly metrics: ComponentMetrics;
}

/** A component that was checked, granted what it asked for, and compiled: ready to run as an actor. */
export class InstalledComponent {
  /** `namespace/name`: what other components send to. Belongs to the running actor. */
  readonly address: string;
  readonly manifest: Manifest;
  readonly #parts: InstallationParts;
  /** Made so far, by all incarnations. */
  #requests = 0;

  constructor(parts: InstallationParts) {
    this.address = parts.address;
    this.manifest = parts.manifest;
    this.#parts = parts;
  }

  /** Of the code that runs: `sha256:` and the digest of its bytes. */
  get digest(): string {
    return this.#parts.prepared.digest;
  }

  /** Builds one incarnation: `system.spawn(component.start)`. One actor at a time runs a component. */
  readonly start: ActorFactory<ComponentMessage> = (context) =>
    // Nobody outside can name what it tells itself: to others the actor takes component messages only.
    this.#incarnate(context as IncarnationContext) as Actor<ComponentMessage>;

  /**
   * The child of a supervisor, with what the manifest says in `[supervision]`, and a mailbox that holds no more bytes than the component
   * may have memory. Its id is the component's name unless given.
   */
  childSpec(options: { readonly id?: string } = {}): ActorSpec {
    const { supervision, resources } = this.manifest;
    const { restart, maxRestarts, withinMs, backoff, shutdownMs, health } = supervision;
    return {
      id: options.id ?? this.manifest.component.name,
      start: this.start,
      mailbox: { maxBytes: resources.memory.maxBytes },
      restart,
      intensity: { maxRestarts, withinMs },
      backoff,
      shutdownMs,
      health,
    };
  }

  #incarnate(context: IncarnationContext): ComponentActor {
    const { address, id, manifest, prepared, directory, writeLog, metrics } = this.#parts;
    const { registry } = context.system;
    if (registry.lookup(address) !== context.self) registry.register(address, context.self);
    const requests = new OutstandingRequests({
      pipeToSelf: (work, toMessage) => context.pipeToSelf(work, toMessage),
      nextId: () => `request-${(this.#requests += 1)}`,
      maxReplyBytes: maxMessageBytes(manifest),
    });
    return new ComponentActor(prepared, {
      address,
      id,
      manifest,
      context,
      directory,
      writeLog,
      metrics,
      requests,
      deferred: new DeferredReplies(),
      subscriptions: new Map(),
    });
  }
}
