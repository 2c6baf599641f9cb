// Components as stages.
import { settled } from "@airssys/testkit";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseJsonPayload, startPipeline, type PipelineInput, type PushOutcome } from "../../src/index.ts";
import { rejection, script, Stage, textOf } from "../stage.ts";
import { transform } from "./works.ts";

const soon = { backoff: { minMs: 10, maxMs: 10, jitter: 0 }, maxRestarts: 100 };
const one = (stage: Partial<PipelineInput["stages"][number]> = {}): PipelineInput => ({
  name: "line",
  stages: [{ name: "puppet", component: "test/puppet", ...stage }],
});

describe("a component as a stage", () => {
  it("replies to one that is a plain actor, and one that is a plain actor to it", async () => {
    const stage = new Stage();
    const outputs: string[] = [];
    const pipeline = await startPipeline(
      stage.system,
      {
        name: "mixed",
        stages: [
          { name: "write", component: "writer", to: ["perform"] },
          { name: "perform", component: "test/puppet", to: ["shout"] },
          { name: "shout", component: "shouter" },
        ],
      },
      {
        components: [await stage.install("puppet")],
        actors: {
          writer: transform((words) => `say ${words}\ncount`),
          shouter: transform((words) => words.toUpperCase()),
        },
        onOutput: ({ payload }) => void outputs.push(textOf(payload)),
      },
    );
    for (const words of ["one", "two"]) await pipeline.push(script(words));
    await pipeline.end();
    expect(outputs).toEqual(["ONE\n1", "TWO\n2"]);
  });

  it("has instances of its own, several if the stage says so, and may be two stages", async () => {
    const stage = new Stage();
    const outputs: string[] = [];
    const puppet = await stage.install("puppet");
    const alone = stage.system.spawn(puppet.start);
    const pipeline = await startPipeline(
      stage.system,
      {
        name: "twice",
        stages: [
          { name: "first", component: "test/puppet", to: ["second"], pool: 2 },
          { name: "second", component: "test/puppet" },
        ],
      },
      { components: [puppet], onOutput: ({ payload }) => void outputs.push(textOf(payload)) },
    );
    for (let turn = 0; turn < 4; turn += 1) await (await pipeline.push(script("say count"))).outcome;
    await pipeline.end();
    expect(outputs).toEqual(["1", "2", "3", "4"]);
    expect(textOf(await alone.ask(script("count")))).toBe("1");
  });

  it("that traps is restarted by its supervisor, and the item takes the error route after its attempts", async () => {
    const stage = new Stage();
    const outputs: string[] = [];
    const outcomes: PushOutcome[] = [];
    const pipeline = await startPipeline(stage.system, one({ retry: { attempts: 2, backoffMs: 0 } }), {
      components: [await stage.install("puppet", { supervision: soon })],
      onOutput: ({ payload }) => void outputs.push(textOf(payload)),
    });
    for (const commands of ["count", "trap", "count", "refuse-input no", "refuse no", "silence", "count"]) {
      const { outcome } = await pipeline.push(script(commands));
      void outcome.then((settledOutcome) => outcomes.push(settledOutcome));
    }
    await stage.clock.advance(100);
    await pipeline.end();
    expect(outputs).toEqual(["1", "1", "2"]);
    expect(outcomes.flatMap(({ failures }) => failures)).toMatchObject([
      { attempts: 2, error: { code: "RT_ACTOR_CRASHED" } },
      { attempts: 1, error: { code: "WASM_COMPONENT_REFUSED", answer: { tag: "invalid-input" } } },
      { attempts: 2, error: { code: "WASM_COMPONENT_REFUSED", answer: { tag: "failed" } } },
    ]);
    expect(pipeline.status).toMatchObject({ pushed: 7, left: 7, delivered: 3, filtered: 1, failed: 3 });
    expect(stage.events.allOf("actor-restarted").length).toBe(2);
  });

  it("is told which pipeline it serves, and the attempt", async () => {
    const stage = new Stage();
    const outputs: string[] = [];
    const pipeline = await startPipeline(stage.system, one(), {
      components: [await stage.install("puppet")],
      onOutput: ({ payload }) => void outputs.push(textOf(payload)),
    });
    await pipeline.push(script("envelope"));
    await pipeline.end();
    expect(outputs[0]).toMatch(/^nobody topic=none correlation=line\.1 at=\S+ pipeline=line stage=puppet attempt=1$/);
  });

  it("may put off replies, and then has as many items as the stage allows", async () => {
    const stage = new Stage();
    const outputs: string[] = [];
    const pipeline = await startPipeline(stage.system, one({ concurrency: 2 }), {
      components: [await stage.install("puppet")],
      onOutput: ({ payload }) => void outputs.push(textOf(payload)),
    });
    await pipeline.push(script("defer"));
    await pipeline.push(script("reply given late", "say second"));
    await pipeline.end();
    expect(outputs.toSorted()).toEqual(["given late", "ok\nsecond"]);
  });
});

describe("a pipeline of components", () => {
  it("is not started when one does not understand what it would get, as it said when it started", async () => {
    const stage = new Stage();
    const components = [await stage.install("puppet"), await stage.install("plain", { guest: "plain" })];
    const definition: PipelineInput = {
      name: "mismatch",
      stages: [
        { name: "puppet", component: "test/puppet", to: ["plain"], gives: { codec: "raw" } },
        { name: "plain", component: "test/plain", takes: { codecs: ["json", "cbor"] } },
      ],
    };
    const { takes: _, ...silent } = definition.stages[1] ?? { name: "", component: "" };
    const lenient = { ...definition, stages: [...definition.stages.slice(0, 1), silent] };
    expect(await rejection(startPipeline(stage.system, definition, { components }))).toMatchObject({
      code: "WASM_PIPELINE_INVALID",
      problems: [
        {
          field: "stages[0].to[0]",
          expected: "a stage that understands raw",
          found: '"plain", which understands json, cbor',
        },
      ],
    });
    expect(await rejection(startPipeline(stage.system, lenient, { components }))).toMatchObject({
      code: "WASM_PIPELINE_INVALID",
      problems: [{ field: "stages[0].to[0]", found: '"plain", which understands json' }],
    });
    const boastful = { ...definition, stages: definition.stages.slice(1), entry: "plain" };
    expect(await rejection(startPipeline(stage.system, boastful, { components }))).toMatchObject({
      problems: [{ field: "stages[0].takes.codecs[1]", found: "cbor" }],
    });
    await settled(stage.system);
    expect(stage.system.tree().children).toEqual([]);
  });

  it("is not started when one refuses to, and nothing is left running", async () => {
    const stage = new Stage();
    const components = [
      await stage.install("puppet"),
      await stage.install("sulky", { config: { at_init: "refuse not today", codecs: "" } }),
    ];
    const definition: PipelineInput = {
      name: "sulky",
      stages: [
        { name: "puppet", component: "test/puppet", to: ["sulky"] },
        { name: "sulky", component: "test/sulky" },
      ],
    };
    const refusal = await rejection(startPipeline(stage.system, definition, { components }));
    expect(refusal).toMatchObject({ code: "RT_ACTOR_START_FAILED" });
    expect(stage.system.tree().children).toEqual([]);
  });

  it("is read from a file, and problems name its lines", async () => {
    const stage = new Stage();
    const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "greet.toml");
    await writeFile(file, '[pipeline]\nname = "greet"\n\n[[stage]]\nname = "plain"\ncomponent = "test/plain"\n');
    const components = [await stage.install("plain", { guest: "plain" })];
    const pipeline = await startPipeline(stage.system, pathToFileURL(file), { components });
    const json = new Uint8Array([0x80, 0x04, ...new TextEncoder().encode('{"command":"self"}')]);
    await pipeline.push(json);
    const { value } = await pipeline.output[Symbol.asyncIterator]().next();
    expect(parseJsonPayload(value?.payload ?? new Uint8Array())).toMatchObject({ name: "plain" });
    await pipeline.end();
    expect(await rejection(startPipeline(stage.system, file))).toMatchObject({
      code: "WASM_PIPELINE_INVALID",
      problems: [{ file, line: 6, column: 13, field: "stage[0].component" }],
    });
    expect(await rejection(startPipeline(stage.system, join(folder, "none.toml")))).toMatchObject({
      code: "WASM_ARTIFACT_UNREADABLE",
    });
  });

  it("is not started with a component that takes no messages", async () => {
    const stage = new Stage();
    const components = [await stage.install("puppet", { guest: "stranger" })];
    expect(await rejection(startPipeline(stage.system, one(), { components }))).toMatchObject({
      problems: [
        {
          field: "stages[0].component",
          expected: "a component that takes messages",
          found: '"test/puppet", which exports no component-lifecycle',
        },
      ],
    });
  });

  it("has one component or actor of each name", async () => {
    const stage = new Stage();
    const options = {
      components: [await stage.install("puppet")],
      actors: { "test/puppet": transform((words) => words) },
    };
    expect(await rejection(startPipeline(stage.system, one(), options))).toMatchObject({
      problems: [{ expected: "one component or actor of each name", found: 'two of "test/puppet"' }],
    });
  });
});
