// Pipelines of any shape, whose stages do anything: what comes of each input is what following its ways on paper says.
import { refuse } from "@airssys/rt";
import { seededDispatch, seededRandom } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { definePipeline, type PipelineDefinition, type PushOutcome, type StageActor } from "../../src/index.ts";
import { textOf } from "../stage.ts";
import { text, Works } from "./works.ts";

type Deed = "reply" | "keep" | "refuse" | "crash" | "crash-once";

interface Tally {
  delivered: number;
  filtered: number;
  failed: number;
}

const deeds: readonly Deed[] = ["reply", "reply", "reply", "reply", "keep", "refuse", "crash", "crash-once"];

/** What a stage does with an item depends on nothing but both of them. */
function deedOf(stage: string, words: string, seed: number): Deed {
  let mixed = seed;
  for (const character of stage + words) mixed = (Math.imul(mixed, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return deeds[Math.floor(seededRandom(mixed)() * deeds.length)] ?? "reply";
}

/** Each stage leads to later ones only, and each but the first is led to by an earlier one. */
function anyPipeline(random: () => number): PipelineDefinition {
  const names = ["a", "b", "c", "d", "e", "f"].slice(0, 1 + Math.floor(random() * 6));
  const routes = names.map((name, index) => {
    const later = names.slice(index + 1);
    const to = later.filter(() => random() < 0.4);
    return {
      name,
      component: name,
      to: random() < 0.3 ? [...to, "output"] : to,
      onError: random() < 0.4 ? later[Math.floor(random() * later.length)] : undefined,
      pool: 1 + Math.floor(random() * 2),
      retry: { attempts: 2, backoffMs: 5 },
    };
  });
  for (const [index, { name }] of routes.entries()) {
    const before = routes[Math.floor(random() * index)];
    if (index > 0 && before !== undefined && !before.to.includes(name)) before.to.push(name);
  }
  const stages = routes.map(({ onError, ...route }) =>
    onError === undefined ? route : Object.assign(route, { onError }),
  );
  return definePipeline({ name: "any", maxInFlight: 5, ordered: random() < 0.5, stages });
}

function onPaper(definition: PipelineDefinition, name: string, words: string, seed: number, tally: Tally): void {
  const stage = definition.stages.find((one) => one.name === name);
  if (stage === undefined) {
    tally.delivered += name === "output" ? 1 : 0;
    return;
  }
  const deed = deedOf(name, words, seed);
  if (deed === "keep") tally.filtered += 1;
  else if (deed === "reply" || deed === "crash-once") {
    for (const next of stage.to) onPaper(definition, next, words + name, seed, tally);
  } else {
    tally.failed += 1;
    onPaper(definition, stage.onError, words, seed, tally);
  }
}

function actorOf(name: string, seed: number): StageActor {
  return {
    intensity: { maxRestarts: 100_000, withinMs: 1 },
    start: () => ({
      receive: (payload, { envelope }) => {
        const words = textOf(payload);
        const deed = deedOf(name, words, seed);
        if (deed === "crash" || (deed === "crash-once" && envelope?.headers["attempt"] === "1")) throw new Error(words);
        if (deed === "refuse") return refuse(new RangeError(words));
        return deed === "keep" ? undefined : text(words + name);
      },
    }),
  };
}

describe("a pipeline of any shape, whose stages reply, keep, refuse and crash", () => {
  it.each(Array.from({ length: 40 }, (_, index) => index + 1))(
    "makes of each input what its ways say, within its room, and in order if it is ordered (seed %d)",
    async (seed) => {
      const random = seededRandom(seed);
      const definition = anyPipeline(random);
      const works = new Works({ dispatcher: seededDispatch(seed) });
      const actors = Object.fromEntries(definition.stages.map(({ name }) => [name, actorOf(name, seed)]));
      const inputs: number[] = [];
      let most = 0;
      const pipeline = await works.start(definition, actors, {
        onOutput: ({ input }) => {
          inputs.push(input);
          most = Math.max(most, pipeline.status.inFlight);
        },
      });
      const outcomes: PushOutcome[] = [];
      const pushAll = async (): Promise<void> => {
        for (let index = 1; index <= 30; index += 1) {
          const { id, outcome } = await pipeline.push(text(String(index)));
          void outcome.then((one) => (outcomes[id - 1] = one));
        }
        await pipeline.end();
      };
      const done = pushAll();
      while (pipeline.status.state !== "stopped") await works.clock.advance(5);
      await done;
      const expected = Array.from({ length: 30 }, (_, index) => {
        const tally = { delivered: 0, filtered: 0, failed: 0 };
        onPaper(definition, definition.entry, String(index + 1), seed, tally);
        return tally;
      });
      const found = outcomes.map(({ delivered, filtered, failures }) => ({
        delivered,
        filtered,
        failed: failures.length,
      }));
      expect(found).toEqual(expected);
      expect(outcomes.filter(({ status }) => status !== "left")).toEqual([]);
      expect(most).toBeLessThanOrEqual(5);
      expect(definition.ordered ? inputs : []).toEqual(definition.ordered ? inputs.toSorted((a, b) => a - b) : []);
    },
  );
});
