export { ComponentHost, type ComponentHostOptions, type InstallOptions, type UpdateOptions } from "./component-host.ts";
export type { ApplicationFunction, ApplicationInterface, Caller } from "./application-interface.ts";
export type { ComponentPool, PoolOptions } from "./component-pool.ts";
export { InstalledComponent, type ComponentStatus } from "./installed-component.ts";
export type { ComponentHooks, HookSubject } from "./component-hooks.ts";
export type { LifecycleState, LifecycleStep, TransitionListener } from "./component-lifecycle.ts";
export type { ExecutionState } from "./execution.ts";
export type { ComponentSource } from "./component-source.ts";
export { ComponentMetrics, type Bucket, type MetricKind, type MetricSeries } from "./component-metrics.ts";
export type { Grants } from "./access/grants.ts";
export type { MeterOptions } from "./access/component-meters.ts";
export type { AccessOptions } from "./access/access-options.ts";

export { call, checkHealth, describeSelf, execute } from "./component-message.ts";
export type { Call, CheckHealth, ComponentMessage, DescribeSelf, Execute } from "./component-message.ts";

export { codecOf, codecs, decodePayload, encodePayload, jsonPayload, parseJsonPayload, rawPayload } from "./payload.ts";
export type { Codec, DecodedPayload } from "./payload.ts";

export { Pipeline, startPipeline } from "./pipeline/pipeline.ts";
export type { Pushed, PipelineOptions, PipelineSource } from "./pipeline/pipeline.ts";
export { definePipeline, parsePipeline, type PipelineCheckOptions } from "./pipeline/check.ts";
export { drawPipeline } from "./pipeline/mermaid.ts";
export type {
  Format,
  Intake,
  PipelineDefinition,
  PipelineInput,
  RetryPolicy,
  StageDefinition,
  StageInput,
} from "./pipeline/definition.ts";
export type { PushOutcome, StageFailure } from "./pipeline/input.ts";
export type { PipelineOutput } from "./pipeline/outlet.ts";
export type { PipelineParts, StageActor, StageMessage } from "./pipeline/running-stages.ts";
export type { PipelineStatus, StageStatus } from "./pipeline/status.ts";
export type { StageCounts } from "./pipeline/desk.ts";

export { logToStandardError, type GuestLog, type GuestLogLine, type LevelLogger } from "./guest-log.ts";

export type { ComponentMetadata } from "./generated/airssys-core-component-component-lifecycle.ts";
export type { ComponentId, HealthStatus, LogLevel, MessagingError } from "./generated/airssys-core-types-types.ts";

export {
  ArtifactUnreadableError,
  BadArgumentError,
  BenchFailureError,
  BenchRejectedError,
  BenchRequestEndedError,
  ComponentQuotaError,
  ComponentRefusedError,
  IllegalTransitionError,
  InitRefusedError,
  InstallRefusedError,
  InterfaceInvalidError,
  MessageTooLargeError,
  PayloadError,
  PipelineInvalidError,
  PipelineStoppedError,
  PoolSizeError,
  ReplacedError,
  RestoreRefusedError,
  StageOutputError,
  UnknownExportError,
  UnknownMessageError,
  UpdateFailedError,
  WasmError,
} from "./errors.ts";
export type { Refusal, WasmErrorCode } from "./errors.ts";
