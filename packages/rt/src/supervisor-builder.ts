import type { ActorFactory } from "./actor.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { ActorSpec, AnyDynamicSpec, ChildSpec, SupervisorSpec } from "./child-spec.ts";
import type { Intensity } from "./restart-intensity.ts";
import type { AutoShutdown, Strategy } from "./restart-plan.ts";

type ActorOptions = Omit<ActorSpec, "id" | "start">;
type DynamicOptions = Omit<AnyDynamicSpec, "id" | "template">;
/** What a supervisor is to the one above it. */
type ChildOptions = Pick<SupervisorSpec, "restart" | "significant" | "shutdownMs">;

/** A supervisor's spec, step by step. Each step gives a new builder, so that one may be the start of many. */
export interface SupervisorBuilder {
  /** At most so many restarts; one more, and the supervisor fails. */
  allowing(maxRestarts: number, options: Pick<Intensity, "withinMs">): SupervisorBuilder;
  /** Waits between restarts. */
  backingOff(backoff: BackoffOptions): SupervisorBuilder;
  /** Ends with its significant children. */
  endingWith(autoShutdown: AutoShutdown): SupervisorBuilder;
  /** Under another supervisor: how that one treats this one. */
  as(options: ChildOptions): SupervisorBuilder;
  actor<M>(id: string, start: ActorFactory<M>, options?: ActorOptions): SupervisorBuilder;
  dynamic(id: string, template: AnyDynamicSpec["template"], options?: DynamicOptions): SupervisorBuilder;
  /** Adds a child from its spec, or from another builder. */
  child(child: ChildSpec | SupervisorBuilder): SupervisorBuilder;
  /** The spec as plain data. */
  build(): SupervisorSpec;
}

class SpecBuilder implements SupervisorBuilder {
  readonly #spec: SupervisorSpec;

  constructor(spec: SupervisorSpec) {
    this.#spec = spec;
  }

  allowing(maxRestarts: number, { withinMs }: Pick<Intensity, "withinMs">): SupervisorBuilder {
    return this.#with({ intensity: { maxRestarts, withinMs } });
  }

  backingOff(backoff: BackoffOptions): SupervisorBuilder {
    return this.#with({ backoff });
  }

  endingWith(autoShutdown: AutoShutdown): SupervisorBuilder {
    return this.#with({ autoShutdown });
  }

  as(options: ChildOptions): SupervisorBuilder {
    return this.#with(options);
  }

  actor<M>(id: string, start: ActorFactory<M>, options: ActorOptions = {}): SupervisorBuilder {
    return this.child({ ...options, id, start });
  }

  dynamic(id: string, template: AnyDynamicSpec["template"], options: DynamicOptions = {}): SupervisorBuilder {
    return this.child({ ...options, id, template });
  }

  child(child: ChildSpec | SupervisorBuilder): SupervisorBuilder {
    return this.#with({ children: [...this.#spec.children, "build" in child ? child.build() : child] });
  }

  build(): SupervisorSpec {
    return this.#spec;
  }

  #with(more: Partial<SupervisorSpec>): SupervisorBuilder {
    return new SpecBuilder({ ...this.#spec, ...more });
  }
}

/** Begins the spec of a supervisor; `one-for-one` unless said. */
export function supervisor(id: string, strategy: Strategy = "one-for-one"): SupervisorBuilder {
  return new SpecBuilder({ id, strategy, children: [] });
}
