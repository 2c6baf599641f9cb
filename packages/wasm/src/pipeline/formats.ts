// Whether what one stage gives is what the next one takes. Pure: it reads a draft and reports.
import { quoted, type FieldPath, type Reading } from "@airssys/security/document";
import type { Codec } from "../payload.ts";
import type { Format } from "./definition.ts";
import type { Draft, DraftStage } from "./draft.ts";
import type { Graph } from "./graph.ts";

/** The codecs that a stage's component says it understands; undefined when it is not known, or it understands any. */
export type Understood = (stage: DraftStage) => ReadonlySet<Codec> | undefined;

/** Reports each way on which the next stage does not understand what it gets, as far as both sides said what that is. */
export function checkFormats({ edges, entry }: Graph, draft: Draft, reading: Reading, understood: Understood): void {
  for (const { from, to, isError, at } of edges) {
    if (!isError) checkHandover(from.gives, to, at, reading, understood);
    // An error route hands on what the stage was given.
    else for (const format of intakeOf(from)) checkHandover(format, to, at, reading, understood);
  }
  if (entry !== undefined) checkHandover(draft.input, entry, draft.inputAt, reading, understood);
}

/** Reports what a stage is said to take and its component does not understand. */
export function checkIntake(stage: DraftStage, understood: Understood, reading: Reading): void {
  const own = understood(stage);
  if (own === undefined) return;
  for (const [index, codec] of stage.takes.codecs?.entries() ?? []) {
    if (codec === undefined || own.has(codec)) continue;
    reading.report(stage.fields.at("takes", "codecs", index), "value", {
      expected: `a codec that ${stage.component ?? ""} understands: ${[...own].join(", ")}`,
      found: codec,
    });
  }
}

function intakeOf({ takes: { codecs, type } }: DraftStage): readonly Format[] {
  return codecs === undefined || codecs.length === 0 ? [{ type }] : codecs.map((codec) => ({ codec, type }));
}

function checkHandover(
  { codec, type }: Format,
  to: DraftStage,
  at: FieldPath,
  reading: Reading,
  understood: Understood,
): void {
  const name = quoted(to.name ?? "");
  const said = to.takes.codecs?.filter((one) => one !== undefined) ?? [];
  const codecs = said.length > 0 ? new Set(said) : understood(to);
  if (codec !== undefined && codecs !== undefined && !codecs.has(codec)) {
    const found = `${name}, which understands ${[...codecs].join(", ")}`;
    reading.report(at, "value", { expected: `a stage that understands ${codec}`, found });
  }
  if (type !== undefined && to.takes.type !== undefined && type !== to.takes.type) {
    reading.report(at, "value", {
      expected: `a stage that takes the type ${type}`,
      found: `${name}, which takes ${to.takes.type}`,
    });
  }
}
