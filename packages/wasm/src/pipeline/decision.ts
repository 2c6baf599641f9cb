// What becomes of an item when a stage has had it. Pure: the runner performs it.
import type { DeadLetterReason } from "@airssys/rt";
import { PayloadError, StageOutputError } from "../errors.ts";
import { codecOf } from "../payload.ts";
import type { RetryPolicy, StageDefinition } from "./definition.ts";

export type Decision =
  /** To each target of the stage. */
  | { readonly kind: "forward"; readonly payload: Uint8Array }
  /** The stage gave nothing: the item ends here. */
  | { readonly kind: "filter" }
  | { readonly kind: "retry"; readonly afterMs: number }
  /** To the error route of the stage. */
  | { readonly kind: "give-up"; readonly error: unknown; readonly reason: DeadLetterReason };

/** What may go better another time. Everything else is an answer, and the same item would get it again. */
const passing: ReadonlySet<unknown> = new Set([
  "RT_ACTOR_CRASHED",
  "RT_ACTOR_STOPPED",
  "RT_ASK_TIMEOUT",
  "RT_IN_FLIGHT_EXCEEDED",
  "RT_MAILBOX_FULL",
  "RT_RATE_EXCEEDED",
  "WASM_REPLACED",
]);

/** After the `attempt`th attempt, from 1. */
export function decide(stage: StageDefinition, attempt: number, outcome: PromiseSettledResult<unknown>): Decision {
  if (outcome.status === "rejected") return afterFailure(stage, attempt, outcome.reason);
  const reply: unknown = outcome.value;
  if (reply === undefined || reply === null) return { kind: "filter" };
  const error = outputError(stage, reply);
  if (error !== undefined) return { kind: "give-up", error, reason: "rejected" };
  // A stage is asked with bytes and was found to reply with bytes.
  return { kind: "forward", payload: reply as Uint8Array };
}

/** Why a stage is not to be given a payload: it is of a codec that the stage was not declared to take. */
export function intakeError({ name, takes: { codecs } }: StageDefinition, payload: Uint8Array): Error | undefined {
  if (codecs === undefined || codecs.length === 0) return undefined;
  const codec = codecOf(payload);
  if (codec !== undefined && codecs.includes(codec)) return undefined;
  return new PayloadError(`stage ${name} takes ${codecs.join(", ")}, not ${codec ?? "bytes that name no codec"}`);
}

function afterFailure({ retry }: StageDefinition, attempt: number, error: unknown): Decision {
  if (!mayPass(error)) return { kind: "give-up", error, reason: "rejected" };
  if (attempt >= retry.attempts) return { kind: "give-up", error, reason: "attempts-exhausted" };
  return { kind: "retry", afterMs: delayAfter(attempt, retry) };
}

function delayAfter(attempt: number, { backoffMs, maxBackoffMs }: RetryPolicy): number {
  return Math.min(maxBackoffMs, backoffMs * 2 ** (attempt - 1));
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return passing.has(error.code) || (error.code === "WASM_COMPONENT_REFUSED" && hasFailed(error));
}

/** A component that answers `failed` understood the item; any other error says that the item is not for it. */
function hasFailed(error: Error): boolean {
  if (!("answer" in error)) return false;
  const { answer } = error;
  return typeof answer === "object" && answer !== null && "tag" in answer && answer.tag === "failed";
}

function outputError({ name, gives }: StageDefinition, reply: unknown): Error | undefined {
  if (!(reply instanceof Uint8Array)) return new StageOutputError(name, "bytes or nothing", `a ${typeof reply}`);
  if (gives.codec === undefined) return undefined;
  const codec = codecOf(reply);
  return codec === gives.codec
    ? undefined
    : new StageOutputError(name, gives.codec, codec ?? "bytes that name no codec");
}
