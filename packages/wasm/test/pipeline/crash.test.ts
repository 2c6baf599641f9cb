// Stages that crash: what was pushed has left the pipeline, or whoever pushed it knows better.
import { seededDispatch, seededRandom } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import type { PipelineInput, PipelineOutput, StageActor } from "../../src/index.ts";
import { rejection, textOf } from "../stage.ts";
import { text, transform, Works } from "./works.ts";

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));
const plenty = { intensity: { maxRestarts: 100_000, withinMs: 1 } };
const once = { retry: { attempts: 1 } };

/** Crashes when it is told to, and is restarted however often that is. */
function fragile(crashes: (words: string, headers: Readonly<Record<string, string>>) => boolean): StageActor {
  const start = transform((words, headers) => {
    if (crashes(words, headers)) throw new Error(`crashed on ${words}`);
    return words;
  });
  if (typeof start !== "function") throw new TypeError("a transform is a factory");
  return { start, ...plenty };
}

const three = (middle: Partial<PipelineInput["stages"][number]> = {}): PipelineInput => ({
  name: "three",
  maxInFlight: 8,
  stages: [
    { name: "first", component: "pass", to: ["middle"] },
    { name: "middle", component: "fragile", to: ["last"], ...middle },
    { name: "last", component: "pass" },
  ],
});
const pass = transform((words) => words);

describe("a stage that crashes", () => {
  it("is restarted, and gets the item again after the delay, before those behind it", async () => {
    const works = new Works();
    const seen: string[] = [];
    const actors = {
      pass,
      fragile: fragile((words, { attempt }) => {
        seen.push(`${words}/${attempt}`);
        return words === "2" && attempt !== "3";
      }),
    };
    const pipeline = await works.start(three({ retry: { attempts: 3, backoffMs: 50 } }), actors);
    const pushing = works.push(pipeline, "1", "2", "3");
    await works.settled();
    expect(works.outputs).toEqual(["1"]);
    await works.clock.advance(49);
    expect(seen).toEqual(["1/1", "2/1"]);
    await works.clock.advance(1);
    expect(seen).toEqual(["1/1", "2/1", "2/2"]);
    await works.clock.advance(100);
    await pushing;
    await pipeline.end();
    expect(seen).toEqual(["1/1", "2/1", "2/2", "2/3", "3/1"]);
    expect(works.outputs).toEqual(["1", "2", "3"]);
    expect(pipeline.status).toMatchObject({ pushed: 3, left: 3, delivered: 3, failed: 0 });
    expect(pipeline.status.stages[1]).toMatchObject({ retries: 2, handled: 3 });
    expect(works.events.allOf("actor-restarted").map(({ path }) => path)).toEqual(
      Array(2).fill("/user/three/middle/1"),
    );
  });

  it("on the same item as often as it may is rid of it: the item takes the error route", async () => {
    const works = new Works();
    const crashes = fragile((words) => words === "2");
    const pipeline = await works.start(three({ retry: { attempts: 4, backoffMs: 0 } }), { pass, fragile: crashes });
    await works.push(pipeline, "1", "2", "3");
    await pipeline.end();
    expect(works.outputs).toEqual(["1", "3"]);
    expect(works.system.deadLetters.count("attempts-exhausted")).toBe(1);
    expect(works.outcomes.find(({ delivered }) => delivered === 0)).toMatchObject({
      status: "left",
      failures: [{ stage: "middle", attempts: 4, error: { code: "RT_ACTOR_CRASHED" } }],
    });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "at random loses nothing: pushed = delivered + given up, each once (seed %d)",
    async (seed) => {
      const works = new Works({ dispatcher: seededDispatch(seed) });
      const random = seededRandom(seed);
      const shaky = { to: ["output"], onError: "last", pool: 3, retry: { attempts: 2, backoffMs: 10 } };
      let most = 0;
      const pipeline = await works.start(three(shaky), {
        pass: transform((words) => {
          most = Math.max(most, pipeline.status.inFlight);
          return words;
        }),
        fragile: fragile(() => random() < 0.3),
      });
      const pushing = works.push(pipeline, ...numbers(300));
      const ended = pushing.then(() => pipeline.end());
      while (pipeline.status.state !== "stopped") await works.clock.advance(10);
      await ended;
      expect(works.outputs.toSorted()).toEqual(numbers(300).toSorted());
      expect(pipeline.status).toMatchObject({ pushed: 300, left: 300, lost: 0, delivered: 300 });
      const [, middle, last] = pipeline.status.stages;
      expect(middle?.handled).toBe(300 - pipeline.status.failed);
      expect(last?.handled).toBe(pipeline.status.failed);
      expect(pipeline.status.failed).toBeGreaterThan(5);
      expect(most).toBeLessThanOrEqual(8);
      expect(most).toBeGreaterThan(4);
    },
  );

  it("that hangs is given up when the time of an attempt is over", async () => {
    const works = new Works();
    const never = new Promise<string>(() => undefined);
    const hanging = transform((words) => (words === "1" ? never : words));
    const pipeline = await works.start(three({ ...once, timeoutMs: 1000, pool: 2 }), { pass, fragile: hanging });
    await works.push(pipeline, "1", "2");
    await works.clock.advance(1100);
    expect(works.outputs).toEqual(["2"]);
    expect(works.outcomes.flatMap(({ failures }) => failures)).toMatchObject([{ error: { code: "RT_ASK_TIMEOUT" } }]);
    const stopping = pipeline.stop();
    await works.clock.advance(60_000);
    await stopping;
  });

  it("more often than it may takes the pipeline down: what is under way is lost, and the cause is told", async () => {
    const works = new Works();
    const start: StageActor = transform(() => {
      throw new Error("always");
    });
    const pipeline = await works.start(three({ retry: { attempts: 100, backoffMs: 0 } }), { pass, fragile: start }, {});
    const taking = rejection(pipeline.output[Symbol.asyncIterator]().next());
    await works.push(pipeline, "1", "2");
    await works.settled();
    expect(await taking).toMatchObject({ code: "WASM_PIPELINE_STOPPED" });
    expect(works.outcomes).toMatchObject([
      { status: "lost", cause: { code: "WASM_PIPELINE_STOPPED" } },
      { status: "lost", cause: { code: "WASM_PIPELINE_STOPPED" } },
    ]);
    const refusal = await rejection(pipeline.push(text("3")));
    expect(refusal).toMatchObject({ cause: { code: "RT_RESTART_INTENSITY_EXCEEDED" } });
    expect(pipeline.status).toMatchObject({ state: "stopped", pushed: 2, left: 0, lost: 2, inFlight: 0 });
    expect(pipeline.status.stages.map(({ instances }) => instances)).toEqual([[], [], []]);
  });
});

describe("a pipeline whose runner is stopped", () => {
  it("tells of what it had, and goes on with a fresh one", async () => {
    const works = new Works();
    const turn = Promise.withResolvers<string>();
    const slow = transform((words) => (words === "1" ? turn.promise : words));
    const pipeline = await works.start(three(), { pass, fragile: slow });
    await works.push(pipeline, "1");
    await works.settled();
    await works.system.stop(pipeline.supervisor.child<unknown>("runner"));
    await works.settled();
    expect(works.outcomes).toMatchObject([{ status: "lost" }]);
    turn.resolve("too late");
    await works.push(pipeline, "2");
    await pipeline.end();
    expect(works.outputs).toEqual(["2"]);
    expect(pipeline.status).toMatchObject({ pushed: 2, left: 1, lost: 1, inFlight: 0 });
  });

  it.each(["restarted", "stopped"])("puts out nothing of the inputs that it said were lost (%s)", async (way) => {
    const works = new Works();
    const turn = Promise.withResolvers<void>();
    const taken: string[] = [];
    const onOutput = async ({ payload }: PipelineOutput): Promise<void> => {
      taken.push(textOf(payload));
      await turn.promise;
    };
    const pipeline = await works.start(three(), { pass, fragile: pass }, { onOutput });
    await works.push(pipeline, "1", "2", "3");
    await works.settled();
    if (way === "stopped") await pipeline.stop();
    else await works.system.stop(pipeline.supervisor.child<unknown>("runner"));
    await works.settled();
    expect(works.outcomes.map(({ status }) => status)).toEqual(["lost", "lost", "lost"]);
    turn.resolve();
    await works.settled();
    expect(taken).toEqual(["1"]);
    if (way === "stopped") return;
    await works.push(pipeline, "4");
    await pipeline.end();
    expect(taken).toEqual(["1", "4"]);
  });

  it("keeps for its reader nothing of the inputs that it said were lost", async () => {
    const works = new Works();
    const pipeline = await works.start(three(), { pass, fragile: pass }, {});
    await works.push(pipeline, "1", "2");
    await works.settled();
    await works.system.stop(pipeline.supervisor.child<unknown>("runner"));
    await works.settled();
    await works.push(pipeline, "3");
    const ending = pipeline.end();
    for await (const { payload } of pipeline.output) works.outputs.push(textOf(payload));
    await ending;
    expect(works.outputs).toEqual(["3"]);
    expect(pipeline.status).toMatchObject({ pushed: 3, left: 1, lost: 2, delivered: 1 });
  });
});
