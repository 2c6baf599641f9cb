export { DEFAULT_ENGINE_OPTIONS, Engine, type EngineOptions } from "./engine.ts";
export type { InstantiateOptions, InterfaceListing, PreparedComponent } from "./prepared-component.ts";
export { DEFAULT_LIMITS, type InstanceLimits } from "./limits.ts";
export type { CallOptions, Isolation, LaunchOptions, RunningInstance } from "./running-instance.ts";
export { hostCallSignal } from "./host-call-signal.ts";
export type { WorkerCounts } from "./isolation/worker-pool.ts";
export { DEFAULT_WORKER_OPTIONS, type WorkerOptions } from "./isolation/worker-options.ts";
export type { CallUsage } from "./confinement.ts";
export type { Answer, ExportHandle, Instance } from "./instance.ts";
export { type CommandResult, runCommand } from "./command.ts";
export type { HostImports } from "./linker.ts";

export { providedByEngine } from "./wasi/wasi.ts";
export type { Preopen, WasiOptions } from "./wasi/settings.ts";

export type {
  DirectoryEntry,
  DirectoryListing,
  FileErrorCode,
  FileKind,
  FileStat,
  GuestDirectory,
  GuestFile,
  GuestFileSystem,
  NewTimes,
  OpenFileOptions,
} from "./files/guest-files.ts";
export { HostFileSystem } from "./files/host-directory.ts";
export { type GuestFetch, type HttpErrorCode, REQUEST_DENIED } from "./network/guest-fetch.ts";
export { fetchFrom } from "./network/origin-fetch.ts";
export type {
  GuestConnection,
  GuestNetwork,
  IpAddress,
  NetworkErrorCode,
  SocketAddress,
} from "./network/guest-network.ts";
export { type Destination, HostNetwork } from "./network/host-network.ts";
export { type MemoryFilesOptions, MemoryFileSystem } from "./files/memory-files.ts";
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
  EngineError,
  type EngineErrorCode,
  ExitError,
  HostFunctionError,
  InstanceDeadError,
  MemoryUnavailableError,
  NoHostCallError,
  NotAComponentError,
  PreparationFailedError,
  type PreparationFailure,
  ReentrantCallError,
  TooManyFunctionsError,
  type TrapKind,
  UnknownExportError,
  UnknownImportError,
  UnsupportedComponentError,
} from "./errors.ts";
export {
  DeadlineExceededError,
  FuelExhaustedError,
  HandleLimitError,
  MemoryLimitError,
  StackDepthError,
  TableLimitError,
  ValueLimitError,
} from "./limit-errors.ts";
export {
  EngineClosedError,
  UncrossableTypeError,
  ValueTooLargeError,
  WorkerLostError,
  WorkerMemoryError,
  WorkersTakenError,
} from "./isolation/errors.ts";
