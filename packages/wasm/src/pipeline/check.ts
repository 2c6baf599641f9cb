import { ManifestError, type ManifestProblem } from "@airssys/security";
import { nearestKey, parseToml, quoted, readingOf, type Reading } from "@airssys/security/document";
import { PipelineInvalidError } from "../errors.ts";
import type { PipelineDefinition, PipelineInput } from "./definition.ts";
import { complete, readDraft, type Draft } from "./draft.ts";
import { checkFormats, checkIntake, type Understood } from "./formats.ts";
import { checkGraph, type Graph } from "./graph.ts";

export interface PipelineCheckOptions {
  /** What problems name the pipeline by; `pipeline.toml` for a text and `pipeline` for an object, unless given. */
  readonly file?: string;
  /** The names that stages may be made of; any unless given. */
  readonly components?: readonly string[];
}

/** What else is known of the components when a pipeline is started. */
interface StartOptions extends PipelineCheckOptions {
  /** Those that take no messages. */
  readonly deaf?: readonly string[];
}

/** A definition in which nothing was found wrong so far, and where each part of it is written. */
export interface CheckedPipeline {
  readonly definition: PipelineDefinition;
  readonly draft: Draft;
  readonly graph: Graph;
  readonly reading: Reading;
}

const nothingKnown: Understood = () => undefined;

/** The pipeline in a TOML text. @throws PipelineInvalidError with every problem of the text, whatever the text is */
export function parsePipeline(text: string, options: PipelineCheckOptions = {}): PipelineDefinition {
  return checkText(text, options).definition;
}

/** The same pipeline that `parsePipeline` would make of the same settings in TOML. @throws PipelineInvalidError with every problem */
export function definePipeline(input: PipelineInput, options: PipelineCheckOptions = {}): PipelineDefinition {
  return checkInput(input, options).definition;
}

export function checkText(text: string, options: StartOptions): CheckedPipeline {
  const { file = "pipeline.toml" } = options;
  return check(syntax(text, file), readingOf(file, text), options);
}

export function checkInput(input: PipelineInput, options: StartOptions): CheckedPipeline {
  return check(input, readingOf(options.file ?? "pipeline"), options);
}

/** What was not known before the components ran. @throws PipelineInvalidError when stages do not understand what they would get */
export function checkUnderstood({ draft, graph, reading }: CheckedPipeline, understood: Understood): void {
  for (const stage of draft.stages) checkIntake(stage, understood, reading);
  checkFormats(graph, draft, reading, understood);
  refuseProblems(reading.problems);
}

function check(source: unknown, reading: Reading, { components, deaf = [] }: StartOptions): CheckedPipeline {
  const draft = readDraft(source, reading);
  const graph = checkGraph(draft, reading);
  checkFormats(graph, draft, reading, nothingKnown);
  if (components !== undefined) checkComponents(draft, components, deaf, reading);
  refuseProblems(reading.problems);
  return { definition: complete(draft), draft, graph, reading };
}

function checkComponents({ stages }: Draft, known: readonly string[], deaf: readonly string[], reading: Reading): void {
  for (const name of new Set(known.filter((one, index) => known.indexOf(one) < index))) {
    reading.report([], "key", { expected: "one component or actor of each name", found: `two of ${quoted(name)}` });
  }
  for (const { fields, component } of stages) {
    if (component === undefined) continue;
    if (deaf.includes(component)) {
      const found = `${quoted(component)}, which exports no component-lifecycle`;
      reading.report(fields.at("component"), "value", { expected: "a component that takes messages", found });
    }
    if (known.includes(component)) continue;
    const nearest = nearestKey(component, known);
    reading.report(fields.at("component"), "value", {
      expected: known.length === 0 ? "a component, and none is there" : `one of ${known.slice(0, 20).join(", ")}`,
      found: quoted(component),
      hint: nearest && `did you mean ${nearest}?`,
    });
  }
}

function syntax(text: string, file: string): unknown {
  try {
    return parseToml(text, file);
  } catch (error) {
    if (error instanceof ManifestError) throw new PipelineInvalidError(error.problems, { cause: error });
    throw error;
  }
}

function refuseProblems(problems: readonly ManifestProblem[]): void {
  if (problems.length > 0) throw new PipelineInvalidError(problems);
}
