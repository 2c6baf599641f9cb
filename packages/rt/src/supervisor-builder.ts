import type { ActorFactory } from "./actor.ts";
import type { ActorRef } from "./actor-ref.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { ActorSpec, AnyDynamicSpec, ChildSpec, ChildTemplate, SupervisorSpec } from "./child-spec.ts";
import type { DynamicSupervisor } from "./dynamic-supervisor.ts";
import type { Intensity } from "./restart-intensity.ts";
import type { AutoShutdown, Strategy } from "./restart-plan.ts";
import type { ChildOf, ChildrenOf, Knowing, SupervisorNode } from "./supervisor-node.ts";

type ActorOptions = Omit<ActorSpec, "id" | "start">;
type DynamicOptions = Omit<AnyDynamicSpec, "id" | "template">;
/** What a supervisor is to the one above it. */
type ChildOptions = Pick<SupervisorSpec, "restart" | "significant" | "shutdownMs">;

/** What a builder builds: plain data, that knows by its type which children it has. */
export interface BuiltSpec<Id extends string, Children> extends SupervisorSpec, Knowing<Children> {
  readonly id: Id;
}

/**
 * A supervisor's spec, step by step. Each step gives a new builder, so that one may be the start of many. `Children` is what there will
 * be of each child, by its id.
 */
export interface SupervisorBuilder<Id extends string = string, Children = object> {
  /** At most so many restarts; one more, and the supervisor fails. */
  allowing(maxRestarts: number, options: Pick<Intensity, "withinMs">): SupervisorBuilder<Id, Children>;
  /** Waits between restarts. */
  backingOff(backoff: BackoffOptions): SupervisorBuilder<Id, Children>;
  /** Ends with its significant children. */
  endingWith(autoShutdown: AutoShutdown): SupervisorBuilder<Id, Children>;
  /** Under another supervisor: how that one treats this one. */
  as(options: ChildOptions): SupervisorBuilder<Id, Children>;
  actor<const ActorId extends string, M>(
    id: ActorId,
    start: ActorFactory<M>,
    options?: ActorOptions,
  ): SupervisorBuilder<Id, Children & Readonly<Record<ActorId, ActorRef<M>>>>;
  dynamic<const DynamicId extends string, Argument, Template extends ChildTemplate>(
    id: DynamicId,
    template: (argument: Argument) => Template,
    options?: DynamicOptions,
  ): SupervisorBuilder<Id, Children & Readonly<Record<DynamicId, DynamicSupervisor<Argument, ChildOf<Template>>>>>;
  /** Adds a child from its spec, or from another builder. */
  child<InnerId extends string, Inner>(
    child: SupervisorBuilder<InnerId, Inner>,
  ): SupervisorBuilder<Id, Children & Readonly<Record<InnerId, SupervisorNode<Inner>>>>;
  child<const Child extends ChildSpec>(child: Child): SupervisorBuilder<Id, Children & ChildrenOf<Child>>;
  /** The spec as plain data. */
  build(): BuiltSpec<Id, Children>;
}

/** Knows nothing of the types that its interface keeps track of. */
class SpecBuilder {
  readonly #spec: SupervisorSpec;

  constructor(spec: SupervisorSpec) {
    this.#spec = spec;
  }

  allowing(maxRestarts: number, { withinMs }: Pick<Intensity, "withinMs">): SpecBuilder {
    return this.#with({ intensity: { maxRestarts, withinMs } });
  }

  backingOff(backoff: BackoffOptions): SpecBuilder {
    return this.#with({ backoff });
  }

  endingWith(autoShutdown: AutoShutdown): SpecBuilder {
    return this.#with({ autoShutdown });
  }

  as(options: ChildOptions): SpecBuilder {
    return this.#with(options);
  }

  actor(id: string, start: ActorSpec["start"], options: ActorOptions = {}): SpecBuilder {
    return this.child({ ...options, id, start });
  }

  dynamic(id: string, template: AnyDynamicSpec["template"], options: DynamicOptions = {}): SpecBuilder {
    return this.child({ ...options, id, template });
  }

  child(child: ChildSpec | SpecBuilder): SpecBuilder {
    return this.#with({ children: [...this.#spec.children, "build" in child ? child.build() : child] });
  }

  build(): SupervisorSpec {
    return this.#spec;
  }

  #with(more: Partial<SupervisorSpec>): SpecBuilder {
    return new SpecBuilder({ ...this.#spec, ...more });
  }
}

/** Begins the spec of a supervisor; `one-for-one` unless said. */
export function supervisor<const Id extends string>(id: Id, strategy?: Strategy): SupervisorBuilder<Id>;
export function supervisor(id: string, strategy: Strategy = "one-for-one"): unknown {
  return new SpecBuilder({ id, strategy, children: [] });
}
