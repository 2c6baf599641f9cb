import type { ActorRef, ActorSystem, ExitReason, SupervisorNode, SupervisorTerminated } from "@airssys/rt";
import { fileURLToPath } from "node:url";
import { readRegularFile } from "../component-source.ts";
import { PayloadError, PipelineStoppedError } from "../errors.ts";
import { codecOf } from "../payload.ts";
import { checkInput, checkText, checkUnderstood, type CheckedPipeline } from "./check.ts";
import type { PipelineDefinition, PipelineInput } from "./definition.ts";
import { Desk } from "./desk.ts";
import { Input, type PushOutcome } from "./input.ts";
import { drawPipeline } from "./mermaid.ts";
import { ListenerOutlet, QueueOutlet, type Outlet, type PipelineOutput } from "./outlet.ts";
import { Room } from "./room.ts";
import { PipelineRunner, type RunnerMessage, type Works } from "./runner.ts";
import {
  askUnderstood,
  Parts,
  startStages,
  type PipelineParts,
  type RunningStage,
  type RunningStages,
} from "./running-stages.ts";
import type { PipelineStatus, StageStatus } from "./status.ts";

/** The file of a pipeline in TOML, or the pipeline in code. */
export type PipelineSource = string | URL | PipelineInput;

export interface PipelineOptions extends PipelineParts {
  /**
   * Takes what leaves the pipeline, one output at a time: the next comes when it is done. What it throws makes a dead letter of that
   * output. Without it, `pipeline.output` is where outputs are.
   */
  readonly onOutput?: (output: PipelineOutput) => void | Promise<void>;
}

/** An input that was taken. */
export interface Pushed {
  /** From 1, in the order taken. */
  readonly id: number;
  /** Resolves when all that came of it has left the pipeline, or when it is lost; never rejects. */
  readonly outcome: Promise<PushOutcome>;
}

/** As large as the parser takes. */
const maxDefinitionBytes = 2 ** 20;

/** Components, and plain actors, that hand on to each other what they reply, under a supervisor of their own. */
export class Pipeline implements AsyncDisposable {
  readonly definition: PipelineDefinition;
  readonly supervisor: SupervisorNode;
  readonly #works: Works;
  readonly #stages: ReadonlyMap<string, RunningStage>;
  readonly #runner: ActorRef<RunnerMessage>;
  readonly #room: Room;
  readonly #queue: QueueOutlet;
  readonly #inFlight = new Set<Input>();
  readonly #down = new Set<SupervisorNode>();
  #counts = { pushed: 0, left: 0, lost: 0, delivered: 0, filtered: 0, failed: 0 };
  #state: PipelineStatus["state"] = "running";
  #emptied: PromiseWithResolvers<void> | undefined;

  /** Of stages and a runner that run: see `startPipeline`. */
  constructor(running: RunningStages, runner: ActorRef<RunnerMessage>, works: Works, queue: QueueOutlet) {
    this.definition = works.definition;
    this.supervisor = running.supervisor;
    this.#works = works;
    this.#stages = running.stages;
    this.#runner = runner;
    this.#room = new Room(works.definition.maxInFlight);
    this.#queue = queue;
    for (const { node } of running.stages.values()) {
      node.onTerminated(({ reason }) => {
        this.#down.add(node);
        this.#room.clear(this.#stoppedBy(reason));
      });
    }
    running.supervisor.onTerminated((terminated) => this.#terminated(terminated));
  }

  /**
   * What leaves the pipeline, for whoever asks first. An input has left when its outputs were taken from here, so that who is slow to
   * take them slows down who pushes. Ends with the pipeline, and throws PipelineStoppedError when that gave up. Empty with `onOutput`.
   */
  get output(): AsyncIterable<PipelineOutput> {
    return this.#queue;
  }

  /**
   * Resolves when there was room for it, in the order pushed: await it, and a slow stage slows you down. Its bytes belong to the pipeline
   * from then on. Rejects with PipelineStoppedError when the pipeline takes no more, and PayloadError for what is not bytes of the codec
   * that is pushed; then nothing of it was taken.
   */
  async push(payload: Uint8Array): Promise<Pushed> {
    this.#checkPayload(payload);
    await this.#room.enter();
    if (this.#state === "stopped") throw new PipelineStoppedError(this.definition.name);
    this.#counts.pushed += 1;
    const input = new Input(this.#counts.pushed, payload, (settled, outcome) => this.#settled(settled, outcome));
    this.#inFlight.add(input);
    this.#runner.tell({ kind: "pushed", input });
    return { id: input.id, outcome: input.outcome };
  }

  get status(): PipelineStatus {
    const stages = this.definition.stages.map((stage) => this.#statusOf(stage.name));
    return {
      ...this.#counts,
      state: this.#state,
      inFlight: this.#inFlight.size,
      waiting: this.#room.waiting,
      stages,
    };
  }

  /** The pipeline as a Mermaid flowchart. */
  mermaid(): string {
    return drawPipeline(this.definition);
  }

  /** Takes no more, waits until what was pushed has left, and stops. Outputs must be taken meanwhile. */
  async end(): Promise<void> {
    if (this.#state === "running") this.#state = "ending";
    this.#room.close(new PipelineStoppedError(this.definition.name));
    if (this.#state !== "stopped" && this.#room.taken > 0) {
      this.#emptied ??= Promise.withResolvers<void>();
      await this.#emptied.promise;
    }
    await this.stop();
  }

  /** Stops now. What is under way is lost, as those who pushed it are told. */
  async stop(): Promise<void> {
    if (this.#state === "stopped") return;
    this.#room.clear(new PipelineStoppedError(this.definition.name));
    await this.supervisor.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #checkPayload(payload: Uint8Array): void {
    const { name, input } = this.definition;
    if (!(payload instanceof Uint8Array)) throw new PayloadError(`what is pushed into ${name} is bytes`);
    const codec = codecOf(payload);
    if (input.codec === undefined || codec === input.codec) return;
    const found = codec ?? "bytes that name no codec";
    throw new PayloadError(`what is pushed into ${name} is ${input.codec}, not ${found}`);
  }

  #settled(input: Input, outcome: PushOutcome): void {
    this.#inFlight.delete(input);
    const { pushed, left, lost, delivered, filtered, failed } = this.#counts;
    this.#counts = {
      pushed,
      left: left + (outcome.status === "left" ? 1 : 0),
      lost: lost + (outcome.status === "lost" ? 1 : 0),
      delivered: delivered + outcome.delivered,
      filtered: filtered + outcome.filtered,
      failed: failed + outcome.failures.length,
    };
    this.#room.leave();
    if (this.#room.taken === 0) this.#emptied?.resolve();
  }

  #terminated({ reason }: SupervisorTerminated): void {
    const error = this.#stoppedBy(reason);
    this.#state = "stopped";
    this.#room.clear(error);
    for (const input of this.#inFlight) input.lose(error);
    this.#works.outlet.close(error.cause === undefined ? undefined : error);
    this.#emptied?.resolve();
  }

  #stoppedBy(reason: ExitReason): PipelineStoppedError {
    const cause = reason.kind === "error" ? reason.error : "cause" in reason ? reason.cause : undefined;
    return new PipelineStoppedError(this.definition.name, cause === undefined ? {} : { cause });
  }

  #statusOf(name: string): StageStatus {
    const desk = this.#works.desks.get(name);
    const cast = this.#stages.get(name);
    if (desk === undefined || cast === undefined) throw new TypeError(`${this.definition.name} has no stage ${name}`);
    const { stage, counts, waiting, busy } = desk;
    const children = this.#down.has(cast.node) ? [] : cast.node.whichChildren();
    const instances = children.map(({ id, state, restarts }) => ({ id, state, restarts }));
    return { name, component: stage.component, ...counts, waiting, busy, instances };
  }
}

/**
 * Checks a pipeline, starts instances of its own for every stage, and takes inputs from then on. Rejects with PipelineInvalidError naming
 * every problem, ArtifactUnreadableError for a file that cannot be read, DuplicateIdError when a pipeline of that name runs, and what
 * keeps a stage from starting. Nothing is left running then.
 */
export async function startPipeline(
  system: ActorSystem,
  source: PipelineSource,
  options: PipelineOptions = {},
): Promise<Pipeline> {
  const parts = new Parts(options);
  const checked = await check(source, parts);
  const { definition } = checked;
  const running = await startStages(system, definition, parts);
  try {
    await checkStages(checked, running);
    const queue = new QueueOutlet();
    const works: Works = { definition, desks: desksOf(definition, running), outlet: outletOf(options, queue) };
    const runner = await running.supervisor.startChild({
      id: "runner",
      start: (context) => new PipelineRunner(works, context),
      mailbox: { capacity: definition.maxInFlight },
      intensity: { maxRestarts: 3, withinMs: 5000 },
    });
    return new Pipeline(running, runner, works, queue);
  } catch (error) {
    await running.supervisor.stop();
    throw error;
  }
}

async function check(source: PipelineSource, { names, deaf }: Parts): Promise<CheckedPipeline> {
  const known = { components: names, deaf };
  if (typeof source !== "string" && !(source instanceof URL)) return checkInput(source, known);
  const file = source instanceof URL ? fileURLToPath(source) : source;
  const text = (await readRegularFile(file, maxDefinitionBytes)).toString("utf8");
  return checkText(text, { file, ...known });
}

/** What the components say of themselves is known when they have started; no input has reached them by then. */
async function checkStages(checked: CheckedPipeline, { stages }: RunningStages): Promise<void> {
  const said = await Promise.all([...stages].map(async ([name, cast]) => [name, await askUnderstood(cast)] as const));
  const understood = new Map(said);
  checkUnderstood(checked, ({ name }) => (name === undefined ? undefined : understood.get(name)));
}

function desksOf({ stages }: PipelineDefinition, running: RunningStages): Works["desks"] {
  return new Map(
    stages.map((stage) => {
      const { refs = [], isComponent = false } = running.stages.get(stage.name) ?? {};
      return [stage.name, new Desk(stage, refs, !isComponent)];
    }),
  );
}

function outletOf({ onOutput }: PipelineOptions, queue: QueueOutlet): Outlet {
  if (onOutput === undefined) return queue;
  queue.close();
  return new ListenerOutlet(onOutput);
}
