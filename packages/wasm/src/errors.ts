import type { DeadLetterReason } from "@airssys/rt";
import { formatProblems, type ManifestProblem, type QuotaName } from "@airssys/security";
import { inspect } from "node:util";
import { remark } from "./printable.ts";

/** Stable identifiers; add freely, never rename or reuse. */
export type WasmErrorCode =
  | "WASM_PAYLOAD_INVALID"
  | "WASM_ARTIFACT_UNREADABLE"
  | "WASM_INSTALL_REFUSED"
  | "WASM_INIT_REFUSED"
  | "WASM_RESTORE_REFUSED"
  | "WASM_ILLEGAL_TRANSITION"
  | "WASM_UPDATE_FAILED"
  | "WASM_REPLACED"
  | "WASM_POOL_SIZE"
  | "WASM_INTERFACE_INVALID"
  | "WASM_QUOTA_EXCEEDED"
  | "WASM_COMPONENT_REFUSED"
  | "WASM_UNKNOWN_EXPORT"
  | "WASM_BAD_ARGUMENT"
  | "WASM_MESSAGE_TOO_LARGE"
  | "WASM_UNKNOWN_MESSAGE"
  | "WASM_PIPELINE_INVALID"
  | "WASM_PIPELINE_STOPPED"
  | "WASM_STAGE_OUTPUT"
  | "WASM_BENCH_FAILURE"
  | "WASM_BENCH_REJECTED"
  | "WASM_BENCH_REQUEST_ENDED";

/** Base of every error this package throws. Match on `code`; messages may change. */
export abstract class WasmError extends Error {
  abstract readonly code: WasmErrorCode;
}

/** Bytes that are no payload, or not of the codec that was expected. */
export class PayloadError extends WasmError {
  override readonly name = "PayloadError";
  override readonly code = "WASM_PAYLOAD_INVALID";
}

/** The manifest or the artifact it names cannot be read. */
export class ArtifactUnreadableError extends WasmError {
  override readonly name = "ArtifactUnreadableError";
  override readonly code = "WASM_ARTIFACT_UNREADABLE";
  readonly file: string;

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`${file}: ${why}`, options);
    this.file = file;
  }
}

/** One thing a component wants and does not get. */
export interface Refusal {
  /** The import or the capability, such as `airssys:core-host/messaging@1.0.0` or `capabilities.messaging.send`. */
  readonly subject: string;
  readonly reason: string;
}

/** The component was not installed. `refusals` has everything that stood in the way. */
export class InstallRefusedError extends WasmError {
  override readonly name = "InstallRefusedError";
  override readonly code = "WASM_INSTALL_REFUSED";
  readonly component: string;
  readonly refusals: readonly Refusal[];

  constructor(component: string, refusals: readonly Refusal[], options?: ErrorOptions) {
    super(
      `${component} is not installed: ${refusals.map(({ subject, reason }) => `${subject}: ${reason}`).join("; ")}`,
      options,
    );
    this.component = component;
    this.refusals = refusals;
  }
}

/** The component's `init` said no. Its supervisor counts this as a failed start. */
export class InitRefusedError extends WasmError {
  override readonly name = "InitRefusedError";
  override readonly code = "WASM_INIT_REFUSED";
  readonly component: string;
  /** The `component-error` that `init` returned. */
  readonly answer: unknown;

  constructor(component: string, answer: unknown, options?: ErrorOptions) {
    super(`init of ${component} refused: ${describeAnswer(answer)}`, options);
    this.component = component;
    this.answer = answer;
  }
}

/** The component's `restore` said no. It starts afresh, or what ran before it goes on. */
export class RestoreRefusedError extends WasmError {
  override readonly name = "RestoreRefusedError";
  override readonly code = "WASM_RESTORE_REFUSED";
  readonly component: string;
  readonly fromVersion: string;
  /** The `component-error` that `restore` returned. */
  readonly answer: unknown;

  constructor(component: string, fromVersion: string, answer: unknown, options?: ErrorOptions) {
    super(`${component} refused the state of ${fromVersion}: ${describeAnswer(answer)}`, options);
    this.component = component;
    this.fromVersion = fromVersion;
    this.answer = answer;
  }
}

/** The component is not where that could be done. Nothing has changed. */
export class IllegalTransitionError extends WasmError {
  override readonly name = "IllegalTransitionError";
  override readonly code = "WASM_ILLEGAL_TRANSITION";
  readonly component: string;
  readonly state: string;
  readonly step: string;

  constructor(component: string, state: string, step: string, options?: ErrorOptions) {
    super(`${component} is ${state}: no "${step}" leads on from there`, options);
    this.component = component;
    this.state = state;
    this.step = step;
  }
}

/** The new version does not run, with the `cause`. The old one goes on, unless it is the one that failed. */
export class UpdateFailedError extends WasmError {
  override readonly name = "UpdateFailedError";
  override readonly code = "WASM_UPDATE_FAILED";
  readonly component: string;

  constructor(component: string, options?: ErrorOptions) {
    super(`${component} was not updated`, options);
    this.component = component;
  }
}

/** The version that put off its reply was replaced by one that does not take over its state. */
export class ReplacedError extends WasmError {
  override readonly name = "ReplacedError";
  override readonly code = "WASM_REPLACED";
  readonly component: string;

  constructor(component: string, options?: ErrorOptions) {
    super(`${component} was replaced before it replied`, options);
    this.component = component;
  }
}

/** A pool has at least one member. */
export class PoolSizeError extends WasmError {
  override readonly name = "PoolSizeError";
  override readonly code = "WASM_POOL_SIZE";
  readonly component: string;
  readonly size: number;

  constructor(component: string, size: number, options?: ErrorOptions) {
    super(`a pool of ${component} has a whole number of members from 1, not ${size}`, options);
    this.component = component;
    this.size = size;
  }
}

/** An interface of the application's own cannot be offered to components. */
export class InterfaceInvalidError extends WasmError {
  override readonly name = "InterfaceInvalidError";
  override readonly code = "WASM_INTERFACE_INVALID";
  readonly interfaceName: string;

  constructor(interfaceName: string, reason: string, options?: ErrorOptions) {
    super(`the interface ${JSON.stringify(interfaceName)} cannot be offered: ${reason}`, options);
    this.interfaceName = interfaceName;
  }
}

/** All instances of a component together would have used more than a quota of it allows. */
export class ComponentQuotaError extends WasmError {
  override readonly name = "ComponentQuotaError";
  override readonly code = "WASM_QUOTA_EXCEEDED";
  readonly component: string;
  readonly quota: QuotaName;
  /** In bytes, or messages, bytes or milliseconds a second. */
  readonly limit: number;

  constructor(component: string, quota: QuotaName, limit: number, options?: ErrorOptions) {
    super(
      `all instances of ${component} together may use ${limit} of the quota ${quota}, and would have used more`,
      options,
    );
    this.component = component;
    this.quota = quota;
    this.limit = limit;
  }
}

/** The component answered with an error. It lives on: this is an answer, not a crash. */
export class ComponentRefusedError extends WasmError {
  override readonly name = "ComponentRefusedError";
  override readonly code = "WASM_COMPONENT_REFUSED";
  readonly component: string;
  /** The export that answered. */
  readonly operation: string;
  /** The WIT error payload, such as `{ tag: "invalid-input", val: "…" }`. */
  readonly answer: unknown;

  constructor(component: string, operation: string, answer: unknown, options?: ErrorOptions) {
    super(`${operation} of ${component} answered ${describeAnswer(answer)}`, options);
    this.component = component;
    this.operation = operation;
    this.answer = answer;
  }
}

/** The component exports no function of that name. */
export class UnknownExportError extends WasmError {
  override readonly name = "UnknownExportError";
  override readonly code = "WASM_UNKNOWN_EXPORT";
  readonly component: string;
  readonly wanted: string;

  constructor(component: string, wanted: string, options?: ErrorOptions) {
    super(`${component} exports no function ${wanted}`, options);
    this.component = component;
    this.wanted = wanted;
  }
}

/** What was asked does not fit the export's WIT type. The component has not seen it and lives on; `cause` says what is wrong. */
export class BadArgumentError extends WasmError {
  override readonly name = "BadArgumentError";
  override readonly code = "WASM_BAD_ARGUMENT";
  readonly component: string;
  readonly operation: string;

  constructor(component: string, operation: string, cause: Error) {
    super(`${operation} of ${component} was not called: ${cause.message}`, { cause });
    this.component = component;
    this.operation = operation;
  }
}

/** More than the component is given in one message, which is an eighth of its memory. It has not seen it and lives on. */
export class MessageTooLargeError extends WasmError {
  override readonly name = "MessageTooLargeError";
  override readonly code = "WASM_MESSAGE_TOO_LARGE";
  readonly component: string;
  readonly maxBytes: number;

  constructor(component: string, maxBytes: number, options?: ErrorOptions) {
    super(`${component} takes messages of at most ${maxBytes} bytes`, options);
    this.component = component;
    this.maxBytes = maxBytes;
  }
}

/** What was sent is neither a payload nor one of the requests that a component takes. It has not seen it and lives on. */
export class UnknownMessageError extends WasmError {
  override readonly name = "UnknownMessageError";
  override readonly code = "WASM_UNKNOWN_MESSAGE";
  readonly component: string;

  constructor(component: string, options?: ErrorOptions) {
    super(
      `${component} takes payloads (Uint8Array) and what call, execute, describeSelf and checkHealth make`,
      options,
    );
    this.component = component;
  }
}

/** The pipeline cannot be started. `problems` has everything that is wrong with it, each with its place, in the order of the file. */
export class PipelineInvalidError extends WasmError {
  override readonly name = "PipelineInvalidError";
  override readonly code = "WASM_PIPELINE_INVALID";
  readonly problems: readonly ManifestProblem[];

  constructor(problems: readonly ManifestProblem[], options?: ErrorOptions) {
    super(formatProblems(problems), options);
    this.problems = problems;
  }
}

/** The pipeline takes nothing more: it was ended or stopped, or it gave up, with the `cause`. */
export class PipelineStoppedError extends WasmError {
  override readonly name = "PipelineStoppedError";
  override readonly code = "WASM_PIPELINE_STOPPED";
  readonly pipeline: string;

  constructor(pipeline: string, options?: ErrorOptions) {
    super(`pipeline ${pipeline} takes nothing more`, options);
    this.pipeline = pipeline;
  }
}

/** What a stage replied is no payload, or not of the codec that it was declared to give. */
export class StageOutputError extends WasmError {
  override readonly name = "StageOutputError";
  override readonly code = "WASM_STAGE_OUTPUT";
  readonly stage: string;

  constructor(stage: string, expected: string, found: string, options?: ErrorOptions) {
    super(`stage ${stage} replies with ${expected}, not ${found}`, options);
    this.stage = stage;
  }
}

/** On a test bench: the component trapped, exceeded a limit, or did not start. It is down; `cause` is what it ended with. */
export class BenchFailureError extends WasmError {
  override readonly name = "BenchFailureError";
  override readonly code = "WASM_BENCH_FAILURE";
  readonly component: string;
  /** What it had logged last, as `level: message`: often the reason, in its own words. */
  readonly lastLogged: readonly string[];

  constructor(component: string, during: string, lastLogged: readonly string[], options: ErrorOptions) {
    const said = lastLogged.map((line) => `\n  it had logged ${line}`).join("");
    super(`${component} failed ${during}: ${messageOf(options.cause)}${said}`, options);
    this.component = component;
    this.lastLogged = lastLogged;
  }
}

/** On a test bench: the component did not take the message. `reason` is that of a dead letter. */
export class BenchRejectedError extends WasmError {
  override readonly name = "BenchRejectedError";
  override readonly code = "WASM_BENCH_REJECTED";
  readonly component: string;
  readonly reason: DeadLetterReason;

  constructor(component: string, reason: DeadLetterReason, why: string, options?: ErrorOptions) {
    super(`${component} did not take the message (${reason}): ${why}`, options);
    this.component = component;
    this.reason = reason;
  }
}

/** On a test bench: the component does not wait for that reply any more. */
export class BenchRequestEndedError extends WasmError {
  override readonly name = "BenchRequestEndedError";
  override readonly code = "WASM_BENCH_REQUEST_ENDED";
  readonly component: string;

  constructor(component: string, to: string, why: string, options?: ErrorOptions) {
    super(`${component} does not wait for the reply of ${to}: ${why}`, options);
    this.component = component;
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : inspect(cause);
}

/** A WIT error payload in a line, as far as it is fit to be read: `invalid-input: month is unknown`. The whole is in `answer`. */
function describeAnswer(answer: unknown): string {
  return remark(textOf(answer));
}

function textOf(answer: unknown): string {
  if (typeof answer === "object" && answer !== null && "tag" in answer) {
    const detail = "val" in answer && answer.val !== undefined ? `: ${textOf(answer.val)}` : "";
    return `${String(answer.tag)}${detail}`;
  }
  if (answer === undefined) return "without detail";
  return typeof answer === "string" ? answer : inspect(answer, { breakLength: Number.POSITIVE_INFINITY });
}
