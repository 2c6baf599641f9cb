// What is wrong with a pipeline as a whole. Pure: it reads a draft and reports.
import { nearestKey, quoted, type FieldPath, type Reading } from "@airssys/security/document";
import { DEAD_LETTERS, OUTPUT } from "./definition.ts";
import type { Draft, DraftStage } from "./draft.ts";

/** One way from a stage to the next, and where that is written. */
export interface Edge<Stage = DraftStage> {
  readonly from: Stage;
  readonly to: Stage;
  readonly isError: boolean;
  readonly at: FieldPath;
}

/** An input becomes at most so many items: a chain of forks and merges doubles them at each. */
const MOST_ITEMS = 1000;

/** The stages by name, the first of each, and the ways between them. */
export interface Graph {
  readonly stages: ReadonlyMap<string, DraftStage>;
  readonly edges: readonly Edge[];
  readonly entry: DraftStage | undefined;
}

/**
 * Reports names that are used twice or that nobody has, ways back, stages that nothing leads to, and inputs that become too many
 * items.
 */
export function checkGraph(draft: Draft, reading: Reading): Graph {
  const stages = namedStages(draft, reading);
  const edges: Edge[] = [];
  let isComplete = true;
  const resolve = (from: DraftStage, name: string | undefined, outside: string, at: FieldPath): void => {
    if (name === outside) return;
    const to = name === undefined ? undefined : stages.get(name);
    if (to !== undefined) edges.push({ from, to, isError: outside === DEAD_LETTERS, at });
    else isComplete = false;
    if (name !== undefined && to === undefined) reportUnknown(name, [...stages.keys(), outside], at, reading);
  };
  for (const stage of stages.values()) {
    for (const [index, name] of stage.to.entries()) {
      const at = stage.fields.at("to", index);
      if (name !== undefined && stage.to.indexOf(name) < index) {
        reading.report(at, "value", { expected: "each target once", found: `${quoted(name)} again` });
      } else resolve(stage, name, OUTPUT, at);
    }
    resolve(stage, stage.onError, DEAD_LETTERS, stage.fields.at("onError"));
  }
  const entry = draft.entry === undefined ? undefined : stages.get(draft.entry);
  if (entry === undefined && draft.entry !== undefined) {
    reportUnknown(draft.entry, [...stages.keys()], draft.entryAt, reading);
  }
  const graph = { stages, edges, entry };
  const hasCycle = reportCycles(graph, reading);
  // What follows from another problem is none of its own.
  if (entry !== undefined && isComplete) reportUnreachable(graph, entry, reading);
  if (entry !== undefined && !hasCycle) reportFlood(graph, entry, draft, reading);
  return graph;
}

function namedStages({ stages }: Draft, reading: Reading): ReadonlyMap<string, DraftStage> {
  const named = new Map<string, DraftStage>();
  for (const stage of stages) {
    if (stage.name === undefined) continue;
    if (!named.has(stage.name)) named.set(stage.name, stage);
    else {
      const found = `a second stage ${quoted(stage.name)}`;
      reading.report(stage.fields.at("name"), "value", { expected: "a name of its own", found });
    }
  }
  return named;
}

function reportUnknown(name: string, known: readonly string[], at: FieldPath, reading: Reading): void {
  const nearest = nearestKey(name, known);
  reading.report(at, "value", {
    expected: known.length === 0 ? "the name of a stage" : `one of ${known.slice(0, 20).join(", ")}`,
    found: quoted(name),
    hint: nearest && `did you mean ${nearest}?`,
  });
}

/** One problem for each edge that closes a way around. */
function reportCycles({ stages, edges }: Graph, reading: Reading): boolean {
  const done = new Set<DraftStage>();
  const way: DraftStage[] = [];
  let hasCycle = false;
  const visit = (stage: DraftStage): void => {
    way.push(stage);
    for (const { to, at } of edges.filter(({ from }) => from === stage)) {
      const start = way.indexOf(to);
      if (start !== -1) {
        hasCycle = true;
        const around = [...way.slice(start), to].map(({ name }) => name).join(" → ");
        reading.report(at, "value", { expected: "no way back", found: around });
      } else if (!done.has(to)) visit(to);
    }
    way.pop();
    done.add(stage);
  };
  for (const stage of stages.values()) if (!done.has(stage)) visit(stage);
  return hasCycle;
}

function reportUnreachable({ stages, edges }: Graph, entry: DraftStage, reading: Reading): void {
  const reached = new Set([entry]);
  // A set hands out what is added while it is walked.
  for (const stage of reached) for (const { from, to } of edges) if (from === stage) reached.add(to);
  for (const stage of stages.values()) {
    if (reached.has(stage)) continue;
    const expected = `a stage that ${entry.name ?? ""} leads to`;
    const found = `${quoted(stage.name ?? "")}, to which no way leads`;
    reading.report(stage.fields.at("name"), "value", { expected, found });
  }
}

function reportFlood({ edges }: Graph, entry: DraftStage, draft: Draft, reading: Reading): void {
  const counts = new Map<DraftStage, number>();
  const count = (stage: DraftStage): number => {
    const known = counts.get(stage);
    if (known !== undefined) return known;
    const below = edges.filter(({ from }) => from === stage);
    let forward = stage.to.includes(OUTPUT) ? 1 : 0;
    for (const { to, isError } of below) if (!isError) forward += count(to);
    const error = below.find(({ isError }) => isError);
    const most = Math.max(forward, error === undefined ? 0 : count(error.to));
    counts.set(stage, most);
    return most;
  };
  const items = count(entry);
  if (items <= MOST_ITEMS) return;
  const found = `ways from ${entry.name ?? ""} that make ${items < 1e15 ? items : "more than 10^15"} of it`;
  reading.report(draft.entryAt, "value", { expected: `at most ${MOST_ITEMS} items of one input`, found });
}
