import { describe, expect, it } from "vitest";
import {
  definePipeline,
  drawPipeline,
  parsePipeline,
  PipelineInvalidError,
  type PipelineInput,
} from "../../src/index.ts";

const sound = `[pipeline]
name = "thumbnails"
max_in_flight = 8
input = { codec = "raw", type = "ppm" }

[[stage]]
name = "decode"
component = "images/decode"
to = ["gray", "scale"]
on_error = "quarantine"
retry = { attempts = 5, backoff_ms = 50 }
takes = { codecs = ["raw"], type = "ppm" }
gives = { codec = "raw", type = "pixels" }

[[stage]]
name = "gray"
component = "images/gray"
to = ["encode"]
pool = 2

[[stage]]
name = "scale"
component = "images/scale"
to = ["encode"]

[[stage]]
name = "encode"
component = "images/encode"

[[stage]]
name = "quarantine"
component = "images/quarantine"
`;

/** What is said to be wrong with a pipeline, without the file. */
function complaints(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof PipelineInvalidError) return error.message.split("\n");
    throw error;
  }
  return [];
}

const complain = (text: string, components?: readonly string[]): readonly string[] =>
  complaints(() => parsePipeline(text, components === undefined ? {} : { components })).map((line) =>
    line.replace("pipeline.toml:", ""),
  );

describe("a pipeline in TOML", () => {
  it("is complete with defaults, and frozen", () => {
    const definition = parsePipeline(sound);
    expect(definition).toMatchObject({ name: "thumbnails", entry: "decode", maxInFlight: 8, ordered: false });
    expect(definition.stages.map(({ name }) => name)).toEqual(["decode", "gray", "scale", "encode", "quarantine"]);
    expect(definition.stages[3]).toEqual({
      name: "encode",
      component: "images/encode",
      to: ["output"],
      onError: "dead-letters",
      retry: { attempts: 3, backoffMs: 100, maxBackoffMs: 30_000 },
      pool: 1,
      concurrency: 1,
      timeoutMs: 60_000,
      takes: {},
      gives: {},
    });
    expect(Object.isFrozen(definition) && Object.isFrozen(definition.stages[0]?.retry)).toBe(true);
  });

  it("is the same written in code, and a definition is one too", () => {
    const definition = parsePipeline(sound);
    expect(definePipeline(definition)).toEqual(definition);
    const short: PipelineInput = {
      name: "short",
      stages: [{ name: "one", component: "a/one", retry: { attempts: 1 } }],
    };
    const text = '[pipeline]\nname = "short"\n[[stage]]\nname = "one"\ncomponent = "a/one"\nretry = { attempts = 1 }\n';
    expect(definePipeline(short)).toEqual(parsePipeline(text));
  });

  it("is drawn as a Mermaid flowchart", () => {
    expect(drawPipeline(parsePipeline(sound)).split("\n")).toEqual([
      "flowchart LR",
      '  input(["input, 8 in flight"])',
      '  s1["decode<br/>images/decode"]',
      '  s2["gray<br/>images/gray × 2"]',
      '  s3["scale<br/>images/scale"]',
      '  s4["encode<br/>images/encode"]',
      '  s5["quarantine<br/>images/quarantine"]',
      '  output(["output"])',
      '  dead(["dead letters"])',
      "  input -->|ppm| s1",
      "  s1 -->|pixels| s2",
      "  s1 -->|pixels| s3",
      "  s1 -.->|error| s5",
      "  s2 --> s4",
      "  s2 -.->|error| dead",
      "  s3 --> s4",
      "  s3 -.->|error| dead",
      "  s4 --> output",
      "  s4 -.->|error| dead",
      "  s5 --> output",
      "  s5 -.->|error| dead",
      "",
    ]);
  });
});

/** What is changed in the sound pipeline, and all that is then said to be wrong. */
const faults: readonly (readonly [fault: string, from: string, to: string, problems: readonly string[]])[] = [
  [
    "a target that nobody is",
    'to = ["gray", "scale"]',
    'to = ["gray", "scael"]',
    [
      '9:15: stage[0].to[1]: expected one of decode, gray, scale, encode, quarantine, output, found "scael" (did you mean scale?)',
    ],
  ],
  [
    "an error route that nobody is",
    'on_error = "quarantine"',
    'on_error = "nobody"',
    ['10:12: stage[0].on_error: expected one of decode, gray, scale, encode, quarantine, dead-letters, found "nobody"'],
  ],
  [
    "an entry that nobody is",
    "max_in_flight = 8",
    'entry = "decoed"',
    [
      '3:9: pipeline.entry: expected one of decode, gray, scale, encode, quarantine, found "decoed" (did you mean decode?)',
    ],
  ],
  [
    "a way back",
    'component = "images/encode"',
    'component = "images/encode"\nto = ["gray"]',
    ["29:7: stage[3].to[0]: expected no way back, found gray → encode → gray"],
  ],
  [
    "a way back over an error route",
    'component = "images/quarantine"',
    'component = "images/quarantine"\non_error = "decode"',
    ["33:12: stage[4].on_error: expected no way back, found decode → quarantine → decode"],
  ],
  [
    "a stage that nothing leads to",
    'on_error = "quarantine"\n',
    "\n",
    ['31:8: stage[4].name: expected a stage that decode leads to, found "quarantine", to which no way leads'],
  ],
  [
    "a name that is used twice",
    'name = "scale"',
    'name = "gray"',
    [
      '9:15: stage[0].to[1]: expected one of decode, gray, encode, quarantine, output, found "scale"',
      '22:8: stage[2].name: expected a name of its own, found a second stage "gray"',
    ],
  ],
  [
    "a target that is named twice",
    'to = ["gray", "scale"]',
    'to = ["gray", "scale", "gray"]',
    ['9:24: stage[0].to[2]: expected each target once, found "gray" again'],
  ],
  [
    "a name that means something else",
    'name = "scale"',
    'name = "output"',
    [
      '9:15: stage[0].to[1]: expected one of decode, gray, encode, quarantine, output, found "scale"',
      '22:8: stage[2].name: expected a name such as decode (a to z first, then a to z, 0 to 9 and single dashes, at most 64 characters), other than output, dead-letters, input, runner, found a string "output"',
    ],
  ],
  [
    "a codec that the next stage does not understand",
    "pool = 2",
    'takes = { codecs = ["json"] }',
    ['9:7: stage[0].to[0]: expected a stage that understands raw, found "gray", which understands json'],
  ],
  [
    "a type that the next stage does not take",
    "pool = 2",
    'takes = { type = "ppm" }',
    ['9:7: stage[0].to[0]: expected a stage that takes the type pixels, found "gray", which takes ppm'],
  ],
  [
    "an input that the first stage does not understand",
    'input = { codec = "raw", type = "ppm" }',
    'input = { codec = "json", type = "png" }',
    [
      '4:9: pipeline.input: expected a stage that understands json, found "decode", which understands raw',
      '4:9: pipeline.input: expected a stage that takes the type png, found "decode", which takes ppm',
    ],
  ],
  [
    "an error route that does not understand what the stage was given",
    'component = "images/quarantine"',
    'component = "images/quarantine"\ntakes = { codecs = ["cbor"], type = "pixels" }',
    [
      '10:12: stage[0].on_error: expected a stage that understands raw, found "quarantine", which understands cbor',
      '10:12: stage[0].on_error: expected a stage that takes the type ppm, found "quarantine", which takes pixels',
    ],
  ],
  [
    "keys and values that are none",
    "pool = 2",
    'pol = 2\npool = 0\nconcurrency = 1.0\ntimeout_ms = "1s"\nretry = { attempts = 0, backof_ms = 1 }',
    [
      '19:1: stage[1].pol: expected one of name, component, to, on_error, retry, pool, concurrency, timeout_ms, takes, gives, found an unknown key "pol" (did you mean pool?)',
      "20:8: stage[1].pool: expected an integer from 1 to 64, found an integer 0",
      "21:15: stage[1].concurrency: expected an integer from 1 to 1000, found a float 1.0",
      '22:14: stage[1].timeout_ms: expected an integer from 1 to 86400000, found a string "1s"',
      "23:22: stage[1].retry.attempts: expected an integer from 1 to 100, found an integer 0",
      '23:25: stage[1].retry.backof_ms: expected one of attempts, backoff_ms, max_backoff_ms, found an unknown key "backof_ms" (did you mean backoff_ms?)',
    ],
  ],
];

describe("a pipeline with a fault", () => {
  it.each(faults)("is refused, with its place: %s", (_fault, from, to, problems) => {
    expect(sound).toContain(from);
    expect(complain(sound.replace(from, to))).toEqual(problems);
  });

  it("is refused for a component that is not there", () => {
    const components = ["images/decode", "images/gray", "images/scaler", "images/encode", "images/quarantine"];
    expect(complain(sound, components)).toEqual([
      '23:13: stage[2].component: expected one of images/decode, images/gray, images/scaler, images/encode, images/quarantine, found "images/scale" (did you mean images/scaler?)',
    ]);
    expect(complain(sound.replaceAll("images/scale", "images/scaler"), components)).toEqual([]);
  });

  it("is refused for all of its faults at once", () => {
    const text = sound
      .replace("max_in_flight = 8", "max_in_flight = -8")
      .replace('to = ["gray", "scale"]', 'to = ["gary", "scale"]')
      .replace('component = "images/encode"', 'to = ["scale"]');
    expect(complain(text).map((line) => line.split(": expected")[0])).toEqual([
      "3:17: pipeline.max_in_flight",
      "9:7: stage[0].to[0]",
      "26:3: stage[3].component",
      "28:7: stage[3].to[0]",
    ]);
  });

  it("is refused when it has no stage, no name, or is no TOML", () => {
    expect(complain("")).toEqual([
      "1:1: stage: expected 1 to 256 stages, found 0",
      "1:1: pipeline.name: expected a name such as thumbnails (a to z first, then a to z, 0 to 9 and single dashes, at most 64 characters), found nothing",
    ]);
    expect(complain("[pipeline")[0]).toMatch(/^1:\d+: expected TOML, found /);
  });

  it("is refused for lists that are too long, and the rest of those is not looked at", () => {
    const many = Array.from({ length: 200_000 }, (_, index) => `stage-${index}`);
    const input = { name: "long", stages: [{ name: "one", component: "a/one", to: many }] };
    const found = complaints(() => definePipeline(input));
    expect(found[0]).toBe("pipeline: stages[0].to: expected an array of at most 256, found an array of 200000");
    const stages = many.map((name) => ({ name, component: "a/one" }));
    expect(complaints(() => definePipeline({ name: "long", stages }))[0]).toBe(
      "pipeline: stages: expected 1 to 256 stages, found 200000",
    );
  });

  it("is refused when an input would become a flood", () => {
    const stages = Array.from({ length: 11 }, (_, step) => [
      { name: `fork-${step}`, component: "a/a", to: [`left-${step}`, `right-${step}`] },
      { name: `left-${step}`, component: "a/a", to: [`fork-${step + 1}`] },
      { name: `right-${step}`, component: "a/a", to: [`fork-${step + 1}`] },
    ]).flat();
    const flood = (length: number): PipelineInput => ({
      name: "flood",
      stages: [...stages.slice(0, 3 * length), { name: `fork-${length}`, component: "a/a" }],
    });
    expect(complaints(() => definePipeline(flood(9)))).toEqual([]);
    expect(complaints(() => definePipeline(flood(10)))).toEqual([
      "pipeline: entry: expected at most 1000 items of one input, found ways from fork-0 that make 1024 of it",
    ]);
  });
});

describe("a pipeline in code", () => {
  it("is refused with the place of each problem in the object", () => {
    const input = { name: "Bad", stages: [{ name: "one", component: "a/one", onEror: "two", to: ["two"] }] };
    expect(complaints(() => definePipeline(input))).toEqual(
      [
        'pipeline: name: expected a name such as thumbnails (a to z first, then a to z, 0 to 9 and single dashes, at most 64 characters), found a string "Bad"',
        'pipeline: stages[0].onEror: expected one of name, component, to, onError, retry, pool, concurrency, timeoutMs, takes, gives, found an unknown key "onEror" (did you mean onError?)',
        'pipeline: stages[0].to[0]: expected one of one, output, found "two"',
      ].toSorted((one, other) => order(one) - order(other)),
    );
  });
});

/** Problems in code have no lines, and come in the order found. */
function order(line: string): number {
  return ["stages[0].onEror", "pipeline: name:", "stages[0].to"].findIndex((part) => line.includes(part));
}
