import { describe, expect, it } from "vitest";
import { PipelineStoppedError, type PipelineOutput, type StageActor } from "../../src/index.ts";
import { rejection, textOf } from "../stage.ts";
import { refuser, text, transform, Works } from "./works.ts";

const double = transform((words) => words + words);
const shout = transform((words) => words.toUpperCase());
const vandal: StageActor = () => ({ receive: (payload) => payload.fill(0x55) });
const fullDisk = (): Promise<void> => Promise.reject(new Error("disk full"));
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));

/** Does nothing until it is told to; then it replies with what it was given. */
class Gate {
  readonly waiting: PromiseWithResolvers<void>[] = [];
  readonly seen: string[] = [];
  readonly stage: StageActor = transform(async (words) => {
    this.seen.push(words);
    const turn = Promise.withResolvers<void>();
    this.waiting.push(turn);
    await turn.promise;
    return words;
  });

  open(): void {
    for (const turn of this.waiting.splice(0)) turn.resolve();
  }
}

describe("a pipeline", () => {
  it("hands what each stage replies to the next, and out, in order", async () => {
    const works = new Works();
    const pipeline = await works.start(
      {
        name: "words",
        stages: [
          { name: "double", component: "double", to: ["shout"] },
          { name: "shout", component: "shout" },
        ],
      },
      { double, shout },
    );
    await works.push(pipeline, "a", "b", "c");
    await pipeline.end();
    expect(works.outputs).toEqual(["AA", "BB", "CC"]);
    expect(works.outcomes).toEqual(
      works.outputs.map(() => ({ status: "left", delivered: 1, filtered: 0, failures: [] })),
    );
  });

  it("lets an item end where a stage replies with nothing", async () => {
    const works = new Works();
    const even = transform((words) => (Number(words) % 2 === 0 ? words : undefined));
    const pipeline = await works.start({ name: "even", stages: [{ name: "even", component: "even" }] }, { even });
    await works.push(pipeline, ...numbers(10));
    await pipeline.end();
    expect(works.outputs).toEqual(["2", "4", "6", "8", "10"]);
    expect(pipeline.status).toMatchObject({ pushed: 10, left: 10, delivered: 5, filtered: 5, failed: 0 });
  });

  it("gives what a stage replies to every stage it names, and merges where several name one", async () => {
    const works = new Works();
    const pipeline = await works.start(
      {
        name: "diamond",
        maxInFlight: 3,
        stages: [
          { name: "fork", component: "fork", to: ["double", "shout", "output"] },
          { name: "double", component: "double", to: ["join"] },
          { name: "shout", component: "shout", to: ["join"] },
          { name: "join", component: "join" },
        ],
      },
      { fork: transform((words) => words), double, shout, join: transform((words) => `<${words}>`) },
    );
    await works.push(pipeline, "a", "b", "c", "d");
    await pipeline.end();
    const expected = ["a", "b", "c", "d"].flatMap((word) => [word, `<${word}${word}>`, `<${word.toUpperCase()}>`]);
    expect(works.outputs.toSorted()).toEqual(expected.toSorted());
    expect(works.outcomes.map(({ delivered }) => delivered)).toEqual([3, 3, 3, 3]);
    expect(pipeline.status.stages.map(({ name, handled }) => [name, handled])).toEqual([
      ["fork", 4],
      ["double", 4],
      ["shout", 4],
      ["join", 8],
    ]);
  });

  it("keeps what one stage writes into its payload from the others", async () => {
    const works = new Works();
    const pipeline = await works.start(
      {
        name: "copies",
        stages: [
          { name: "fork", component: "fork", to: ["vandal", "shout"] },
          { name: "vandal", component: "vandal" },
          { name: "shout", component: "shout" },
        ],
      },
      { fork: transform((words) => words), vandal, shout },
    );
    await works.push(pipeline, "abc");
    await pipeline.end();
    expect(works.outputs.toSorted()).toEqual(["ABC", "UUU"]);
  });

  it("keeps what a reader writes into an output from the stages that get it too", async () => {
    const works = new Works();
    const gate = new Gate();
    const onOutput = ({ payload, stage }: PipelineOutput): void => {
      works.outputs.push(`${stage} ${textOf(payload)}`);
      payload.fill(0x55);
    };
    const pipeline = await works.start(
      {
        name: "own",
        stages: [
          { name: "fork", component: "fork", to: ["output", "gate"] },
          { name: "gate", component: "gate" },
        ],
      },
      { fork: transform((words) => words), gate: gate.stage },
      { onOutput },
    );
    await works.push(pipeline, "abc", "def");
    while (works.outputs.length < 4) {
      await works.settled();
      gate.open();
    }
    await pipeline.end();
    expect(works.outputs.toSorted()).toEqual(["fork abc", "fork def", "gate abc", "gate def"]);
  });

  it("is drawn, and says how it fares", async () => {
    const works = new Works();
    const pipeline = await works.start(
      { name: "one", stages: [{ name: "shout", component: "shout", pool: 2 }] },
      { shout },
    );
    expect(pipeline.mermaid()).toContain('s1["shout<br/>shout × 2"]');
    expect(pipeline.status).toMatchObject({ state: "running", inFlight: 0, waiting: 0, pushed: 0 });
    expect(pipeline.status.stages[0]?.instances).toEqual([
      { id: "1", state: "running", restarts: 0 },
      { id: "2", state: "running", restarts: 0 },
    ]);
    await pipeline.end();
    expect(pipeline.status).toMatchObject({ state: "stopped" });
    expect(pipeline.status.stages[0]?.instances).toEqual([]);
  });
});

describe("an error route", () => {
  it("gets what a stage refused, as the stage was given it, and is told why", async () => {
    const works = new Works();
    const told: Readonly<Record<string, string>>[] = [];
    const quarantine = transform((words, headers) => {
      told.push(headers);
      return `quarantined ${words}`;
    });
    const pipeline = await works.start(
      {
        name: "strict",
        stages: [
          { name: "shout", component: "shout", to: ["check"] },
          { name: "check", component: "check", onError: "quarantine" },
          { name: "quarantine", component: "quarantine" },
        ],
      },
      { shout, check: refuser("not for me\n"), quarantine },
    );
    await works.push(pipeline, "a");
    await pipeline.end();
    expect(works.outputs).toEqual(["quarantined A"]);
    expect(told).toEqual([
      {
        pipeline: "strict",
        stage: "quarantine",
        attempt: "1",
        "failed-stage": "check",
        "error-code": "",
        error: "not for me\\u000a",
      },
    ]);
    expect(works.outcomes[0]).toMatchObject({
      status: "left",
      delivered: 1,
      failures: [{ stage: "check", attempts: 1, routedTo: "quarantine", error: { message: "not for me\n" } }],
    });
    expect(textOf(works.outcomes[0]?.failures[0]?.payload)).toBe("A");
  });

  it("is the dead letters unless said, and a letter that is sent again harms nobody", async () => {
    const works = new Works();
    const pipeline = await works.start(
      { name: "strict", stages: [{ name: "check", component: "check" }] },
      { check: refuser("no") },
    );
    await works.push(pipeline, "a");
    await works.settled();
    expect(works.system.deadLetters.count("rejected")).toBe(1);
    expect(works.outcomes[0]).toMatchObject({ status: "left", delivered: 0, failures: [{ routedTo: "dead-letters" }] });
    works.system.broker.replay();
    await works.settled();
    expect(works.system.deadLetters.count("rejected")).toBe(2);
    expect(pipeline.status).toMatchObject({ state: "running", pushed: 1, left: 1, failed: 1 });
  });

  it("gets an output that its listener failed on", async () => {
    const works = new Works();
    const pipeline = await works.start(
      { name: "one", stages: [{ name: "shout", component: "shout" }] },
      { shout },
      { onOutput: fullDisk },
    );
    await works.push(pipeline, "a", "b");
    await pipeline.end();
    expect(works.outcomes.map(({ delivered, failures }) => [delivered, failures[0]?.stage])).toEqual([
      [0, "output"],
      [0, "output"],
    ]);
    expect(works.system.deadLetters.count("rejected")).toBe(2);
  });
});

describe("back-pressure", () => {
  it("lets no more in than may be in flight; the next push waits until one has left", async () => {
    const works = new Works();
    const gate = new Gate();
    const pipeline = await works.start(
      { name: "slow", maxInFlight: 3, stages: [{ name: "gate", component: "gate", pool: 2 }] },
      { gate: gate.stage },
    );
    const pushing = works.push(pipeline, ...numbers(6));
    await works.settled();
    expect(pipeline.status).toMatchObject({ inFlight: 3, waiting: 1, pushed: 3 });
    expect(pipeline.status.stages[0]).toMatchObject({ busy: 2, waiting: 1 });
    gate.open();
    await works.settled();
    expect(pipeline.status.pushed).toBe(5);
    while (pipeline.status.left < 6) {
      gate.open();
      await works.settled();
    }
    await pushing;
    await pipeline.end();
    expect(works.outputs.toSorted()).toEqual(numbers(6));
  });

  it("comes from whoever takes the outputs, too", async () => {
    const works = new Works();
    const pipeline = await works.start(
      { name: "queue", maxInFlight: 2, stages: [{ name: "shout", component: "shout" }] },
      { shout },
      {},
    );
    const pushing = works.push(pipeline, "a", "b", "c", "d");
    await works.settled();
    expect(pipeline.status).toMatchObject({ inFlight: 2, waiting: 1, pushed: 2, left: 0 });
    const taken: string[] = [];
    const ended = (async () => {
      for await (const { payload, stage, input } of pipeline.output) taken.push(`${input} ${stage} ${textOf(payload)}`);
    })();
    await pushing;
    await pipeline.end();
    await ended;
    expect(taken).toEqual(["1 shout A", "2 shout B", "3 shout C", "4 shout D"]);
    expect(pipeline.status).toMatchObject({ left: 4, delivered: 4 });
  });

  it("lets those who wait in in the order they came", async () => {
    const works = new Works();
    const pipeline = await works.start(
      { name: "line", maxInFlight: 1, stages: [{ name: "shout", component: "shout" }] },
      { shout },
    );
    await Promise.all(numbers(50).map((words) => works.push(pipeline, words)));
    await pipeline.end();
    expect(works.outputs).toEqual(numbers(50));
  });
});

describe("the order of outputs", () => {
  /** The first of each pair takes longer than the second. */
  const uneven = transform(async (words) => {
    if (Number(words) % 2 === 1) for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    return words;
  });
  const stages = [{ name: "uneven", component: "uneven", pool: 4 }];

  it("is as it comes, where a stage has several at once", async () => {
    const works = new Works();
    const pipeline = await works.start({ name: "free", stages }, { uneven });
    await works.push(pipeline, ...numbers(8));
    await pipeline.end();
    expect(works.outputs).not.toEqual(numbers(8));
    expect(works.outputs.toSorted()).toEqual(numbers(8));
  });

  it("is that of the inputs in a pipeline that is `ordered`", async () => {
    const works = new Works();
    const pipeline = await works.start({ name: "ordered", ordered: true, stages }, { uneven });
    await works.push(pipeline, ...numbers(50));
    await pipeline.end();
    expect(works.outputs).toEqual(numbers(50));
  });
});

describe("the end of a pipeline", () => {
  it("waits for what was pushed, those who wait for room included, and takes no more", async () => {
    const works = new Works();
    const gate = new Gate();
    const pipeline = await works.start(
      { name: "slow", maxInFlight: 1, stages: [{ name: "gate", component: "gate" }] },
      { gate: gate.stage },
    );
    const pushing = works.push(pipeline, "1", "2");
    await works.settled();
    const ending = pipeline.end();
    expect(await rejection(pipeline.push(text("3")))).toMatchObject({ code: "WASM_PIPELINE_STOPPED" });
    expect(pipeline.status.state).toBe("ending");
    for (let turn = 0; turn < 2; turn += 1) {
      gate.open();
      await works.settled();
    }
    await Promise.all([pushing, ending]);
    expect(works.outputs).toEqual(["1", "2"]);
    expect(pipeline.status).toMatchObject({ state: "stopped", pushed: 2, left: 2, lost: 0 });
  });

  it("by `stop` tells whoever pushed what is under way, or waits, that it is lost", async () => {
    const works = new Works();
    const gate = new Gate();
    const pipeline = await works.start(
      { name: "slow", maxInFlight: 2, stages: [{ name: "gate", component: "gate" }] },
      { gate: gate.stage },
    );
    await works.push(pipeline, "1", "2");
    const waiting = rejection(pipeline.push(text("3")));
    await works.settled();
    const stopping = pipeline.stop();
    await works.clock.advance(60_000);
    await stopping;
    expect(await waiting).toBeInstanceOf(PipelineStoppedError);
    expect(works.outcomes.map(({ status }) => status)).toEqual(["lost", "lost"]);
    expect(pipeline.status).toMatchObject({ pushed: 2, left: 0, lost: 2, inFlight: 0, waiting: 0 });
    expect(await rejection(pipeline.push(text("4")))).toBeInstanceOf(PipelineStoppedError);
    await pipeline.end();
  });
});

describe("what is pushed", () => {
  it("is refused when it is no bytes, or not of the codec of the input", async () => {
    const works = new Works();
    const pipeline = await works.start(
      { name: "raw", input: { codec: "json" }, stages: [{ name: "shout", component: "shout" }] },
      { shout },
    );
    for (const payload of [text("a"), new Uint8Array(), "text" as never]) {
      expect(await rejection(pipeline.push(payload))).toMatchObject({ code: "WASM_PAYLOAD_INVALID" });
    }
    expect(pipeline.status).toMatchObject({ pushed: 0, inFlight: 0 });
  });
});
