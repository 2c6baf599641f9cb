import type { Codec } from "../payload.ts";

/** Where a stage's output goes when it names no other stage: out of the pipeline. */
export const OUTPUT = "output";
/** Where what a stage gives up goes when it names no other stage: to the dead letters of the system. */
export const DEAD_LETTERS = "dead-letters";

/** What bytes are, as far as somebody said. `type` is a name that both sides agree on, such as `ppm`. */
export interface Format {
  readonly codec?: Codec | undefined;
  readonly type?: string | undefined;
}

/** What a stage understands. Without `codecs`, what its component says of itself when it has started. */
export interface Intake {
  readonly codecs?: readonly Codec[] | undefined;
  readonly type?: string | undefined;
}

/** How often a stage tries an item that it crashed on, timed out on, or failed on, and how long it waits before it tries again. */
export interface RetryPolicy {
  /** In all, the first one included. */
  readonly attempts: number;
  /** Before the second attempt; doubled before each one after. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/** One step of a pipeline, checked and complete. */
export interface StageDefinition {
  readonly name: string;
  /** The component, or the plain actor, that it is made of. */
  readonly component: string;
  /** Stages that get what it replies, or `output`. */
  readonly to: readonly string[];
  /** The stage that gets what it gave up, or `dead-letters`. */
  readonly onError: string;
  readonly retry: RetryPolicy;
  /** How many instances there are. */
  readonly pool: number;
  /** How many items one instance has at once: more than one is for those that put off replies. */
  readonly concurrency: number;
  /** How long one attempt may take, the restart of an instance included. */
  readonly timeoutMs: number;
  readonly takes: Intake;
  readonly gives: Format;
}

/** A pipeline that was checked and is complete. */
export interface PipelineDefinition {
  readonly name: string;
  /** The stage that gets what is pushed. */
  readonly entry: string;
  /** How many inputs are under way at once. */
  readonly maxInFlight: number;
  /** Whether outputs come in the order of the inputs that they came of. */
  readonly ordered: boolean;
  /** What is pushed. */
  readonly input: Format;
  readonly stages: readonly StageDefinition[];
}

/** A stage as it is written in TypeScript: what has a default may be left out. */
export interface StageInput extends Partial<Omit<StageDefinition, "retry">> {
  readonly name: string;
  readonly component: string;
  readonly retry?: Partial<RetryPolicy>;
}

/** A pipeline as it is written in TypeScript. Any {@link PipelineDefinition} is one too. */
export interface PipelineInput extends Partial<Omit<PipelineDefinition, "stages">> {
  readonly name: string;
  readonly stages: readonly StageInput[];
}

/** The stage of that name. @throws TypeError when there is none, which a definition that was checked does not ask for */
export function stageOf(definition: PipelineDefinition, name: string): StageDefinition {
  const stage = definition.stages.find((one) => one.name === name);
  if (stage === undefined) throw new TypeError(`${definition.name} has no stage ${name}`);
  return stage;
}
