export { DEFAULT_ENGINE_OPTIONS, Engine, type EngineOptions } from "./engine.ts";
export type { InstantiateOptions, InterfaceListing, LaunchOptions, PreparedComponent } from "./prepared-component.ts";
export { DEFAULT_LIMITS, type InstanceLimits } from "./limits.ts";
export type { CallUsage } from "./confinement.ts";
export type { Answer, ExportHandle, Instance } from "./instance.ts";
export type { CallResult, Isolation, RunningInstance } from "./running-instance.ts";
export type { HostImports } from "./linker.ts";
export { hostCallSignal } from "./host-call-signal.ts";

export { providedByEngine } from "./wasi/wasi.ts";
export type { WasiOptions } from "./wasi/settings.ts";
export { type Clock, systemClock } from "./clock.ts";
export { systemTimers, type Timers } from "./timers.ts";

export {
  BadArgumentError,
  BadOptionError,
  BlockingWaitError,
  CacheError,
  CallAbortedError,
  ComponentTooLargeError,
  ComponentTrapError,
  CorruptComponentError,
  DeadlineExceededError,
  EngineError,
  type EngineErrorCode,
  ExitError,
  FuelExhaustedError,
  HandleLimitError,
  HostFunctionError,
  InstanceDeadError,
  MemoryLimitError,
  MemoryUnavailableError,
  NoHostCallError,
  NotAComponentError,
  PreparationFailedError,
  type PreparationFailure,
  ReentrantCallError,
  StackDepthError,
  TableLimitError,
  type TrapKind,
  UnknownExportError,
  UnknownImportError,
  UnsupportedComponentError,
} from "./errors.ts";
