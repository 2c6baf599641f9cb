export { DEFAULT_ENGINE_OPTIONS, Engine, type EngineOptions } from "./engine.ts";
export {
  DEFAULT_LIMITS,
  type InstanceLimits,
  type InstantiateOptions,
  type InterfaceListing,
  type PreparedComponent,
} from "./prepared-component.ts";
export type { Answer, ExportHandle, Instance } from "./instance.ts";
export type { HostImports } from "./linker.ts";

export { providedByEngine } from "./wasi/wasi.ts";
export type { WasiOptions } from "./wasi/settings.ts";
export { type Clock, systemClock } from "./clock.ts";

export {
  BadArgumentError,
  BadOptionError,
  BlockingWaitError,
  ComponentTooLargeError,
  ComponentTrapError,
  CorruptComponentError,
  EngineError,
  type EngineErrorCode,
  ExitError,
  HostFunctionError,
  InstanceDeadError,
  MemoryLimitError,
  MemoryUnavailableError,
  NotAComponentError,
  PreparationFailedError,
  type PreparationFailure,
  ReentrantCallError,
  type TrapKind,
  UnknownExportError,
  UnknownImportError,
  UnsupportedComponentError,
} from "./errors.ts";
