// A definition as far as it could be read. Checks that go across stages work on this, so that one bad field does not keep the other
// problems from being found.
import type { FieldPath, Reading } from "@airssys/security/document";
import { codecs, type Codec } from "../payload.ts";
import { DEAD_LETTERS, OUTPUT, type Format, type PipelineDefinition, type StageDefinition } from "./definition.ts";
import { Fields, type TextRule } from "./fields.ts";

/** Undefined stands for what was reported. */
export interface DraftStage {
  readonly fields: Fields;
  readonly name: string | undefined;
  readonly component: string | undefined;
  readonly to: readonly (string | undefined)[];
  readonly onError: string | undefined;
  readonly takes: { readonly codecs: readonly (Codec | undefined)[] | undefined; readonly type: string | undefined };
  readonly gives: Format;
  readonly settings: Pick<StageDefinition, "retry" | "pool" | "concurrency" | "timeoutMs">;
}

export interface Draft {
  readonly name: string | undefined;
  readonly entry: string | undefined;
  readonly entryAt: FieldPath;
  readonly input: Format;
  readonly inputAt: FieldPath;
  readonly settings: Pick<PipelineDefinition, "maxInFlight" | "ordered">;
  readonly stages: readonly DraftStage[];
}

const DAY_MS = 86_400_000;
const MOST_STAGES = 256;
/** Longer than the longest pause before a restart, by default, so that an item that waits for one is not given up. */
const TIMEOUT_MS = 60_000;

const codecNames = Object.keys(codecs) as readonly Codec[];
const reserved: ReadonlySet<string> = new Set([OUTPUT, DEAD_LETTERS, "input", "runner"]);

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const ADDRESS = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*)?$/;

const isName = (text: string): boolean => text.length <= 64 && NAME.test(text);
const name: TextRule = {
  expected: "a name such as thumbnails (a to z first, then a to z, 0 to 9 and single dashes, at most 64 characters)",
  matches: isName,
};
const stageName: TextRule = {
  expected: `a name such as decode (a to z first, then a to z, 0 to 9 and single dashes, at most 64 characters), other than ${[...reserved].join(", ")}`,
  matches: (text) => isName(text) && !reserved.has(text),
};
const target: TextRule = { expected: `the name of a stage, or ${OUTPUT}`, matches: (text) => text.length <= 64 };
const errorTarget: TextRule = {
  expected: `the name of a stage, or ${DEAD_LETTERS}`,
  matches: (text) => text.length <= 64,
};
const address: TextRule = {
  expected: "the address of a component such as images/decode, or the name of an actor",
  matches: (text) => text.length <= 129 && ADDRESS.test(text),
};
const type: TextRule = {
  expected: "the name of a type such as ppm or image/x-portable-pixmap, at most 100 characters",
  matches: (text) => text.length <= 100 && /^[A-Za-z0-9][A-Za-z0-9.+/_-]*$/.test(text),
};

/** Reads a pipeline: in TOML a table `pipeline` and tables `stage`, in code one object with `stages`. */
export function readDraft(source: unknown, reading: Reading): Draft {
  const pipelineKeys = ["name", "entry", "maxInFlight", "ordered", "input"];
  const isToml = reading.dress === "toml";
  const root = new Fields(reading, [], source, isToml ? ["pipeline", "stage"] : [...pipelineKeys, "stages"]);
  const head = isToml ? root.table("pipeline", pipelineKeys) : root;
  const listed = root.list(isToml ? "stage" : "stages") ?? [];
  const stagesAt = root.at(isToml ? "stage" : "stages");
  if (listed.length === 0 || listed.length > MOST_STAGES) {
    reading.report(stagesAt, "key", { expected: `1 to ${MOST_STAGES} stages`, found: `${listed.length}` });
  }
  const stages = listed.slice(0, MOST_STAGES).map((stage, index) => readStage(stage, [...stagesAt, index], reading));
  const entry = head.text("entry", target);
  return {
    name: head.text("name", name, true),
    entry: head.has("entry") ? entry : stages[0]?.name,
    entryAt: head.at("entry"),
    input: readFormat(head.table("input", ["codec", "type"])),
    inputAt: head.at("input"),
    settings: { maxInFlight: head.integer("maxInFlight", 1, 10_000, 16), ordered: head.flag("ordered", false) },
    stages,
  };
}

function readStage(source: unknown, path: FieldPath, reading: Reading): DraftStage {
  // A gap in a list in code is no stage.
  const fields = new Fields(reading, path, source ?? null, [
    "name",
    "component",
    "to",
    "onError",
    "retry",
    "pool",
    "concurrency",
    "timeoutMs",
    "takes",
    "gives",
  ]);
  const retry = fields.table("retry", ["attempts", "backoffMs", "maxBackoffMs"]);
  const takes = fields.table("takes", ["codecs", "type"]);
  const to = fields.texts("to", target) ?? [];
  const onError = fields.text("onError", errorTarget);
  return {
    fields,
    name: fields.text("name", stageName, true),
    component: fields.text("component", address, true),
    to: to.length === 0 ? [OUTPUT] : to,
    onError: fields.has("onError") ? onError : DEAD_LETTERS,
    takes: { codecs: takes.choices("codecs", codecNames), type: takes.text("type", type) },
    gives: readFormat(fields.table("gives", ["codec", "type"])),
    settings: {
      retry: {
        attempts: retry.integer("attempts", 1, 100, 3),
        backoffMs: retry.integer("backoffMs", 0, DAY_MS, 100),
        maxBackoffMs: retry.integer("maxBackoffMs", 0, DAY_MS, 30_000),
      },
      pool: fields.integer("pool", 1, 64, 1),
      concurrency: fields.integer("concurrency", 1, 1000, 1),
      timeoutMs: fields.integer("timeoutMs", 1, DAY_MS, TIMEOUT_MS),
    },
  };
}

function readFormat(fields: Fields): Format {
  return { codec: fields.choice("codec", codecNames), type: fields.text("type", type) };
}

/** The definition of a draft in which nothing was found wrong, so that nothing in it is undefined. */
export function complete({ name: pipeline = "", entry = "", input, settings, stages }: Draft): PipelineDefinition {
  return Object.freeze({
    name: pipeline,
    entry,
    ...settings,
    input: withoutGaps(input),
    stages: Object.freeze(stages.map((stage) => completeStage(stage))),
  });
}

function completeStage({ name: stage = "", component = "", onError = "", ...rest }: DraftStage): StageDefinition {
  const { to, takes, gives, settings } = rest;
  const understood = takes.codecs?.filter((codec) => codec !== undefined);
  return Object.freeze({
    name: stage,
    component,
    to: Object.freeze(to.filter((one) => one !== undefined)),
    onError,
    ...settings,
    retry: Object.freeze(settings.retry),
    takes: Object.freeze({
      ...(understood === undefined ? {} : { codecs: Object.freeze(understood) }),
      ...(takes.type === undefined ? {} : { type: takes.type }),
    }),
    gives: withoutGaps(gives),
  });
}

function withoutGaps({ codec, type: named }: Format): Format {
  return Object.freeze({
    ...(codec === undefined ? {} : { codec }),
    ...(named === undefined ? {} : { type: named }),
  });
}
