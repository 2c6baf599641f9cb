// Whatever the definition is: a pipeline, or a PipelineInvalidError.
import { seededRandom } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  definePipeline,
  parsePipeline,
  PipelineInvalidError,
  type PipelineDefinition,
  type PipelineInput,
} from "../../src/index.ts";

const keys = ["name", "component", "to", "onError", "retry", "takes", "gives", "pool", "stages", "entry", "__proto__"];
const atoms: readonly unknown[] = [
  "a",
  "b",
  "c",
  "output",
  "dead-letters",
  "x".repeat(200),
  "\uD800",
  "\u202E",
  "",
  0,
  1,
  -1,
  1.5,
  Number.NaN,
  2n,
  null,
  undefined,
  true,
  new Date(0),
  Symbol("s"),
  () => 1,
  [],
  {},
  new Map(),
  new Uint8Array(2),
];

function anything(random: () => number, depth: number): unknown {
  const kind = random();
  if (depth === 0 || kind < 0.5) return pick(atoms, random);
  if (kind < 0.75) return Array.from({ length: Math.floor(random() * 4) }, () => anything(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: Math.floor(random() * 6) }, () => [pick(keys, random), anything(random, depth - 1)]),
  );
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** Stages that name each other at random: most have a way back, some are sound. */
function tangle(random: () => number): unknown {
  const names = ["a", "b", "c", "d", "e"].slice(0, 1 + Math.floor(random() * 5));
  const targets = [...names, "output", "nobody"];
  const stages = names.map((name) => ({
    name: random() < 0.05 ? pick(names, random) : name,
    component: "test/stage",
    to: Array.from({ length: Math.floor(random() * 3) }, () => pick(targets, random)),
    onError: random() < 0.3 ? pick([...names, "dead-letters"], random) : undefined,
    retry: random() < 0.1 ? anything(random, 1) : undefined,
  }));
  return { name: "tangle", stages };
}

/** Throws whatever else it came to. */
function outcome(read: () => PipelineDefinition): "sound" | "unsound" | "refused" {
  try {
    return isSound(read()) ? "sound" : "unsound";
  } catch (error) {
    if (!(error instanceof PipelineInvalidError) || error.problems.length === 0) throw error;
    return "refused";
  }
}

/** Every input comes to an end: following any way from any stage, no stage comes twice, and every name is somebody's. */
function isSound({ stages, entry }: PipelineDefinition): boolean {
  const reached = new Set<string>();
  const ends = (name: string, way: readonly string[]): boolean => {
    if (name === "output" || name === "dead-letters") return true;
    const stage = stages.find((one) => one.name === name);
    if (stage === undefined || way.includes(name)) return false;
    reached.add(name);
    return [...stage.to, stage.onError].every((next) => ends(next, [...way, name]));
  };
  return ends(entry, []) && reached.size === stages.length;
}

describe("a definition", () => {
  it.each([1, 2, 3, 4])("of anything is a pipeline or a PipelineInvalidError (seed %d)", (seed) => {
    const next = seededRandom(seed);
    for (let turn = 0; turn < 500; turn += 1) {
      expect(outcome(() => definePipeline(anything(next, 4) as PipelineInput))).not.toBe("unsound");
    }
  });

  it.each([1, 2, 3, 4])("of stages that name each other at random is sound or refused (seed %d)", (seed) => {
    const next = seededRandom(seed);
    const outcomes = Array.from({ length: 1000 }, () => outcome(() => definePipeline(tangle(next) as PipelineInput)));
    expect(outcomes).not.toContain("unsound");
    expect(outcomes.filter((one) => one === "sound").length).toBeGreaterThan(20);
    expect(outcomes.filter((one) => one === "refused").length).toBeGreaterThan(20);
  });

  it.each([1, 2, 3, 4])("of broken TOML is a pipeline or a PipelineInvalidError (seed %d)", (seed) => {
    const next = seededRandom(seed);
    const text =
      '[pipeline]\nname = "a"\ninput = { codec = "raw" }\n[[stage]]\nname = "b"\ncomponent = "x/y"\nto = ["c"]\n[[stage]]\nname = "c"\ncomponent = "x/y"\nretry = { attempts = 2 }\n';
    const letters = '[]{}="\n,.#abc0-_\u0000\uD800';
    for (let turn = 0; turn < 1000; turn += 1) {
      let broken = text;
      for (let cut = 0; cut < 1 + next() * 3; cut += 1) {
        const at = Math.floor(next() * broken.length);
        const letter = letters[Math.floor(next() * letters.length)] ?? "";
        broken = broken.slice(0, at) + letter + broken.slice(at + Math.floor(next() * 4));
      }
      expect(outcome(() => parsePipeline(broken))).not.toBe("unsound");
    }
  });
});
