// What the stages of a pipeline are made of.
import type {
  ActorFactory,
  ActorRef,
  ActorSpec,
  ActorSystem,
  AnyChildren,
  Request,
  SupervisorNode,
  SupervisorSpec,
} from "@airssys/rt";
import { describeSelf, type ComponentMessage } from "../component-message.ts";
import type { InstalledComponent } from "../installed-component.ts";
import { codecs, type Codec } from "../payload.ts";
import type { PipelineDefinition, StageDefinition } from "./definition.ts";

/** What a stage is asked: bytes, for which it replies with bytes or with nothing. */
export type StageMessage = Uint8Array & Request<Uint8Array | undefined>;

/** A plain actor as a stage: what builds it, or that with how it is supervised. It comes back always, as every stage. */
export type StageActor = ActorFactory<StageMessage> | Omit<ActorSpec<ActorFactory<StageMessage>>, "id" | "restart">;

export interface PipelineParts {
  /** Installed components, which stages name by their address. They need not run: each stage has instances of its own. */
  readonly components?: Iterable<InstalledComponent>;
  /** Plain actors, which stages name likewise. */
  readonly actors?: Readonly<Record<string, StageActor>>;
}

/** The stages of a pipeline, running. */
export interface RunningStages {
  readonly supervisor: SupervisorNode;
  readonly stages: ReadonlyMap<string, RunningStage>;
}

export interface RunningStage {
  readonly node: SupervisorNode;
  readonly refs: readonly ActorRef<ComponentMessage>[];
  readonly isComponent: boolean;
}

/** The parts by the names that stages use. */
export class Parts {
  /** Every name as often as it was given. */
  readonly names: readonly string[];
  /** Of the components, those that take no messages. */
  readonly deaf: readonly string[];
  readonly #components: ReadonlyMap<string, InstalledComponent>;
  readonly #actors: ReadonlyMap<string, StageActor>;

  constructor({ components = [], actors = {} }: PipelineParts) {
    const listed = [...components];
    this.names = [...listed.map(({ address }) => address), ...Object.keys(actors)];
    this.deaf = listed.filter(({ takesMessages }) => !takesMessages).map(({ address }) => address);
    this.#components = new Map(listed.map((component) => [component.address, component]));
    this.#actors = new Map(Object.entries(actors));
  }

  isComponent({ component }: StageDefinition): boolean {
    return this.#components.has(component);
  }

  /** An instance of a stage, as a child of the stage's supervisor. A stage without instances would be of no use, so it comes back. */
  instance({ component: name }: StageDefinition, id: string): ActorSpec {
    const component = this.#components.get(name);
    if (component !== undefined) return { ...component.member().childSpec({ id }), restart: "permanent" };
    const actor = this.#actors.get(name);
    if (actor === undefined) throw new TypeError(`no part is called ${name}`);
    return { ...(typeof actor === "function" ? { start: actor } : actor), id, restart: "permanent" };
  }
}

/**
 * Starts the instances of every stage: a supervisor for each stage, and above them one that gives up when one of those does, since a
 * pipeline without a stage takes in what it cannot finish.
 */
export async function startStages(
  system: ActorSystem,
  definition: PipelineDefinition,
  parts: Parts,
): Promise<RunningStages> {
  const supervisor: SupervisorNode = await system.supervise({
    id: definition.name,
    strategy: "one-for-one",
    intensity: { maxRestarts: 0, withinMs: 1 },
    children: definition.stages.map((stage) => stageSpec(stage, parts)),
  });
  const stages = new Map(
    definition.stages.map((stage): [string, RunningStage] => {
      const node = supervisor.supervisor<AnyChildren>(stage.name);
      const refs = instanceIds(stage).map((id) => node.child<ComponentMessage>(id));
      return [stage.name, { node, refs, isComponent: parts.isComponent(stage) }];
    }),
  );
  return { supervisor, stages };
}

/** What a stage's component says it understands: undefined when that is anything, and for a plain actor. */
export async function askUnderstood({ refs, isComponent }: RunningStage): Promise<ReadonlySet<Codec> | undefined> {
  const [ref] = refs;
  if (ref === undefined || !isComponent) return undefined;
  const { codecs: declared } = await ref.ask(describeSelf());
  if (declared.length === 0) return undefined;
  return new Set((Object.keys(codecs) as readonly Codec[]).filter((name) => declared.includes(codecs[name])));
}

function stageSpec(stage: StageDefinition, parts: Parts): SupervisorSpec {
  return {
    id: stage.name,
    strategy: "one-for-one",
    children: instanceIds(stage).map((id) => parts.instance(stage, id)),
  };
}

function instanceIds({ pool }: StageDefinition): readonly string[] {
  return Array.from({ length: pool }, (_, index) => String(index + 1));
}
