import type { CallUsage, Isolation } from "@airssys/engine";
import type { Actor, ActorFactory, ActorSpec } from "@airssys/rt";
import type { CapabilitySet, Manifest } from "@airssys/security";
import type { Store } from "@airssys/storage";
import type { AccessOptions } from "./access/access-options.ts";
import { ComponentAccess } from "./access/component-access.ts";
import type { ComponentMeters } from "./access/component-meters.ts";
import { Death } from "./actor-message.ts";
import { ComponentActor } from "./component-actor.ts";
import type { ComponentDirectory } from "./component-directory.ts";
import type { ComponentHooks } from "./component-hooks.ts";
import { ComponentLife } from "./component-life.ts";
import type { LifecycleState, TransitionListener } from "./component-lifecycle.ts";
import type { ComponentMessage } from "./component-message.ts";
import type { ComponentMetrics } from "./component-metrics.ts";
import type { ComponentVersion } from "./component-version.ts";
import { DeferredReplies } from "./deferred-replies.ts";
import { IllegalTransitionError } from "./errors.ts";
import type { ExecutionState } from "./execution.ts";
import type { GuestLog } from "./guest-log.ts";
import type { OfferedInterfaces } from "./offered-interfaces.ts";
import type { Incarnation, IncarnationContext } from "./incarnation.ts";
import { takesMessages } from "./lifecycle-exports.ts";
import { maxMessageBytes } from "./message-size.ts";
import { OutstandingRequests } from "./outstanding-requests.ts";
import { Replacement } from "./replacement.ts";
import { Subscriptions } from "./subscriptions.ts";

/** What all components of a host share. */
export interface Surroundings {
  readonly interfaces: OfferedInterfaces<Incarnation>;
  readonly directory: ComponentDirectory;
  readonly writeLog: GuestLog;
  readonly metrics: ComponentMetrics;
  readonly storage: Store | undefined;
  readonly access: AccessOptions;
  readonly meters: ComponentMeters;
}

/** How a component fares. */
export interface ComponentStatus {
  readonly state: LifecycleState;
  /** What its instance is doing; undefined when there is none. */
  readonly execution: ExecutionState | undefined;
  /** Fuel, time and memory of the last call into an instance, also when that call was its end. */
  readonly lastCall: CallUsage | undefined;
}

/** A component that was checked, granted what it asked for, and compiled: ready to run as an actor. */
export class InstalledComponent {
  /** `namespace/name`: what other components send to. Belongs to the running actor. */
  readonly address: string;
  readonly #surroundings: Surroundings;
  readonly #life: ComponentLife;
  #version: ComponentVersion;
  /** Made so far, by all incarnations. */
  #requests = 0;

  readonly #isMember: boolean;
  readonly #runningMembers = new Set<InstalledComponent>();

  constructor(
    address: string,
    version: ComponentVersion,
    surroundings: Surroundings,
    hooks: ComponentHooks,
    isMember = false,
  ) {
    this.address = address;
    this.#version = version;
    this.#surroundings = surroundings;
    this.#isMember = isMember;
    this.#life = new ComponentLife(address, hooks);
    this.#life.lifecycle.take("install");
    this.#life.lifecycle.take("installed");
  }

  get manifest(): Manifest {
    return this.#version.manifest;
  }

  /** Of the code that runs: `sha256:` and the digest of its bytes. */
  get digest(): string {
    return this.#version.prepared.digest;
  }

  /** What it may do. What is revoked here is refused from then on, also to what runs. */
  get grants(): CapabilitySet {
    return this.#version.grants;
  }

  /** What it uses of its quotas, over all its instances. */
  get usage(): ReturnType<ComponentMeters["usage"]> {
    return this.#surroundings.meters.usage();
  }

  /** All that the host knows of the version that runs, or will. */
  get version(): ComponentVersion {
    return this.#version;
  }

  /** Whether it handles payloads. One that does not can only be called by the names of its exports. */
  get takesMessages(): boolean {
    return takesMessages(this.#version.prepared);
  }

  /** Where the operator has it run; undefined where that is left to what it imports. */
  get isolation(): Isolation | undefined {
    return this.#version.isolation;
  }

  get status(): ComponentStatus {
    const { lifecycle, running, lastCall } = this.#life;
    return { state: lifecycle.state, execution: running?.execution, lastCall };
  }

  /** Hears of every step of its lifecycle from now on. */
  onTransition(listener: TransitionListener): Disposable {
    return this.#life.lifecycle.onTransition(listener);
  }

  /** Builds one incarnation: `system.spawn(component.start)`. One actor at a time runs a component. */
  readonly start: ActorFactory<ComponentMessage> = (context) => {
    // Nobody outside can name what it tells itself: to others the actor takes component messages only.
    const own = context as IncarnationContext;
    const { registry } = own.system;
    if (!this.#isMember && registry.lookup(this.address) !== own.self) registry.register(this.address, own.self);
    return new ComponentActor(this.#incarnate(own)) as Actor<ComponentMessage>;
  };

  /**
   * The child of a supervisor, with what the manifest says in `[supervision]`, and a mailbox that holds no more bytes than the component
   * may have memory. Its id is the component's name unless given.
   */
  childSpec(options: { readonly id?: string } = {}): ActorSpec<ActorFactory<ComponentMessage>> {
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

  /**
   * Has another version take over: between two messages where one runs, else at the next start. See `ComponentHost.update`.
   * @throws IllegalTransitionError while it starts, stops or is being updated
   */
  async takeOver(version: ComponentVersion): Promise<void> {
    const { lifecycle } = this.#life;
    if (!lifecycle.can("start")) {
      const replacement = new Replacement(this.address, version);
      this.#life.update(replacement);
      await replacement.done;
    }
    this.#version = version;
    this.#surroundings.meters.adopt(version.manifest.quotas);
  }

  /**
   * The same, to run beside others of it: it does not take the address for itself, and shares each topic with the others.
   * @throws IllegalTransitionError when it was uninstalled
   */
  member(): InstalledComponent {
    const { state } = this.#life.lifecycle;
    if (state === "uninstalled") throw new IllegalTransitionError(this.address, state, "start");
    const member = new InstalledComponent(this.address, this.#version, this.#surroundings, this.#life.hooks, true);
    member.onTransition(() => {
      if (member.#life.lifecycle.can("uninstall")) this.#runningMembers.delete(member);
      else this.#runningMembers.add(member);
    });
    return member;
  }

  /** @throws IllegalTransitionError while it runs, or a member does */
  uninstall(): void {
    for (const member of this.#runningMembers) member.uninstall();
    this.#life.lifecycle.take("uninstall");
  }

  #incarnate(context: IncarnationContext): Incarnation {
    const { access, meters, ...surroundings } = this.#surroundings;
    let hasFailed = false;
    const fail = (reason: unknown): void => {
      if (!hasFailed) context.pipeToSelf(Promise.resolve(), () => new Death(reason));
      hasFailed = true;
    };
    return {
      ...this.#version,
      ...surroundings,
      access: new ComponentAccess(this.address, this.#version, {
        options: access,
        clock: context.clock,
        account: meters.accountFor(fail),
      }),
      meters,
      fail,
      address: this.address,
      context,
      // No message is at hand: it is that of the incarnation.
      signal: context.signal,
      requests: new OutstandingRequests({
        pipeToSelf: (work, toMessage) => context.pipeToSelf(work, toMessage),
        nextId: () => `request-${(this.#requests += 1)}`,
        maxReplyBytes: maxMessageBytes(this.manifest),
      }),
      deferred: new DeferredReplies(),
      subscriptions: new Subscriptions(),
      life: this.#life,
      queueGroup: this.#isMember ? this.address : undefined,
    };
  }
}
