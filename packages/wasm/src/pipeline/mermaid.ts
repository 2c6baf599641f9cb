import { DEAD_LETTERS, OUTPUT, type PipelineDefinition } from "./definition.ts";

/** The pipeline as a Mermaid flowchart: solid where outputs go, dotted where goes what a stage gave up. */
export function drawPipeline({ stages, entry, input, maxInFlight }: PipelineDefinition): string {
  // A stage may have any name, and some of them, such as `end`, mean something in Mermaid.
  const ids = new Map(stages.map(({ name }, index) => [name, `s${index + 1}`]));
  const idOf = (target: string): string => ids.get(target) ?? (target === OUTPUT ? "output" : "dead");
  const nodes = stages.map(({ name, component, pool }) => {
    const instances = pool === 1 ? "" : ` × ${pool}`;
    return `  ${idOf(name)}["${name}<br/>${component}${instances}"]`;
  });
  const edges = stages.flatMap(({ name, to, onError, gives }) => [
    ...to.map((target) => `  ${idOf(name)} -->${label(gives.type ?? gives.codec)} ${idOf(target)}`),
    `  ${idOf(name)} -.->|error| ${idOf(onError)}`,
  ]);
  return [
    "flowchart LR",
    `  input(["input, ${maxInFlight} in flight"])`,
    ...nodes,
    `  output(["output"])`,
    ...(stages.some(({ onError }) => onError === DEAD_LETTERS) ? [`  dead(["dead letters"])`] : []),
    `  input -->${label(input.type ?? input.codec)} ${idOf(entry)}`,
    ...edges,
    "",
  ].join("\n");
}

function label(text: string | undefined): string {
  return text === undefined ? "" : `|${text}|`;
}
