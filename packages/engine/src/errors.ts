/** Stable identifiers; add freely, never rename or reuse. */
export type EngineErrorCode =
  | "ENGINE_BAD_OPTION"
  | "ENGINE_NOT_A_COMPONENT"
  | "ENGINE_CORRUPT_COMPONENT"
  | "ENGINE_COMPONENT_TOO_LARGE"
  | "ENGINE_TOO_MANY_FUNCTIONS"
  | "ENGINE_UNSUPPORTED_COMPONENT"
  | "ENGINE_PREPARATION_FAILED"
  | "ENGINE_CACHE"
  | "ENGINE_UNKNOWN_IMPORT"
  | "ENGINE_UNKNOWN_EXPORT"
  | "ENGINE_BAD_ARGUMENT"
  | "ENGINE_COMPONENT_TRAP"
  | "ENGINE_MEMORY_LIMIT"
  | "ENGINE_MEMORY_UNAVAILABLE"
  | "ENGINE_FUEL_EXHAUSTED"
  | "ENGINE_DEADLINE_EXCEEDED"
  | "ENGINE_STACK_DEPTH"
  | "ENGINE_TABLE_LIMIT"
  | "ENGINE_HANDLE_LIMIT"
  | "ENGINE_VALUE_LIMIT"
  | "ENGINE_HOST_FUNCTION"
  | "ENGINE_BLOCKING_WAIT"
  | "ENGINE_EXIT"
  | "ENGINE_CALL_ABORTED"
  | "ENGINE_NO_HOST_CALL"
  | "ENGINE_INSTANCE_DEAD"
  | "ENGINE_REENTRANT_CALL"
  | "ENGINE_WORKER_LOST"
  | "ENGINE_WORKERS_TAKEN"
  | "ENGINE_WORKER_MEMORY"
  | "ENGINE_UNCROSSABLE_TYPE"
  | "ENGINE_VALUE_TOO_LARGE"
  | "ENGINE_CLOSED";

/** Base of every error this package throws. Match on `code`; messages may change. */
export abstract class EngineError extends Error {
  abstract readonly code: EngineErrorCode;
  /** What resources of the host threw when they were disposed of because of this error; nothing, as a rule. */
  readonly suppressed: unknown[] = [];
}

/** An option or limit cannot be used as given. */
export class BadOptionError extends EngineError {
  override readonly name = "BadOptionError";
  override readonly code = "ENGINE_BAD_OPTION";
  readonly option: string;

  constructor(option: string, expected: string, found: unknown, options?: ErrorOptions) {
    super(`option ${option} must be ${expected}, found ${String(found)}`, options);
    this.option = option;
  }
}

/** The bytes are something else than a WebAssembly component. */
export class NotAComponentError extends EngineError {
  override readonly name = "NotAComponentError";
  override readonly code = "ENGINE_NOT_A_COMPONENT";
  /** What the bytes are instead, such as `a core WebAssembly module`. */
  readonly found: string;

  constructor(found: string, options?: ErrorOptions) {
    super(`expected a WebAssembly component, found ${found}`, options);
    this.found = found;
  }
}

/** The bytes begin as a component and do not hold together: truncated, damaged or invalid. */
export class CorruptComponentError extends EngineError {
  override readonly name = "CorruptComponentError";
  override readonly code = "ENGINE_CORRUPT_COMPONENT";
  readonly problem: string;

  constructor(problem: string, options?: ErrorOptions) {
    super(`the component is corrupt: ${problem}`, options);
    this.problem = problem;
  }
}

/** The component was refused before it was looked at. */
export class ComponentTooLargeError extends EngineError {
  override readonly name = "ComponentTooLargeError";
  override readonly code = "ENGINE_COMPONENT_TOO_LARGE";
  readonly bytes: number;
  readonly maxModuleBytes: number;

  constructor(bytes: number, maxModuleBytes: number, options?: ErrorOptions) {
    super(`the component has ${bytes} bytes, at most ${maxModuleBytes} are accepted`, options);
    this.bytes = bytes;
    this.maxModuleBytes = maxModuleBytes;
  }
}

/** The core modules of the component have more functions than are accepted; it was refused before it was prepared. */
export class TooManyFunctionsError extends EngineError {
  override readonly name = "TooManyFunctionsError";
  override readonly code = "ENGINE_TOO_MANY_FUNCTIONS";
  readonly functions: number;
  readonly maxFunctions: number;

  constructor(functions: number, maxFunctions: number, options?: ErrorOptions) {
    super(`the component has ${functions} functions, at most ${maxFunctions} are accepted`, options);
    this.functions = functions;
    this.maxFunctions = maxFunctions;
  }
}

/** The component is valid and uses a feature that this engine does not run. */
export class UnsupportedComponentError extends EngineError {
  override readonly name = "UnsupportedComponentError";
  override readonly code = "ENGINE_UNSUPPORTED_COMPONENT";
  readonly feature: string;

  constructor(feature: string, options?: ErrorOptions) {
    super(`the component uses ${feature}, which is not supported`, options);
    this.feature = feature;
  }
}

/** How a preparation ended that gave no result. */
export type PreparationFailure = "rejected" | "timeout" | "memory" | "crash";

/** A valid component that could not be made runnable. The cache holds nothing of it. */
export class PreparationFailedError extends EngineError {
  override readonly name = "PreparationFailedError";
  override readonly code = "ENGINE_PREPARATION_FAILED";
  readonly digest: string;
  readonly failure: PreparationFailure;
  readonly problem: string;

  constructor(digest: string, failure: PreparationFailure, problem: string, options?: ErrorOptions) {
    super(`preparing component ${digest} failed: ${problem}`, options);
    this.digest = digest;
    this.failure = failure;
    this.problem = problem;
  }
}

/** The cache directory cannot be used: others could put code into it, or the file system refuses. `cause` is what the latter said. */
export class CacheError extends EngineError {
  override readonly name = "CacheError";
  override readonly code = "ENGINE_CACHE";
  readonly directory: string;
  readonly problem: string;

  constructor(directory: string, problem: string, options?: ErrorOptions) {
    super(`the cache directory ${directory} cannot be used: ${problem}`, options);
    this.directory = directory;
    this.problem = problem;
  }
}

/** The component imports what neither the host nor the engine provides. */
export class UnknownImportError extends EngineError {
  override readonly name = "UnknownImportError";
  override readonly code = "ENGINE_UNKNOWN_IMPORT";
  /** Each as `ns:pkg/iface@1.0.0#function`; a world-level function stands alone. */
  readonly imports: readonly string[];

  constructor(digest: string, imports: readonly string[], options?: ErrorOptions) {
    super(`component ${digest} imports what nobody provides: ${imports.join(", ")}`, options);
    this.imports = imports;
  }
}

/** No function of that name is exported. The instance lives on. */
export class UnknownExportError extends EngineError {
  override readonly name = "UnknownExportError";
  override readonly code = "ENGINE_UNKNOWN_EXPORT";
  readonly function: string;

  constructor(digest: string, name: string, options?: ErrorOptions) {
    super(`component ${digest} exports no function ${name}`, options);
    this.function = name;
  }
}

/** The arguments do not fit the function's WIT type. Nothing entered the guest; the instance lives on. */
export class BadArgumentError extends EngineError {
  override readonly name = "BadArgumentError";
  override readonly code = "ENGINE_BAD_ARGUMENT";
  readonly function: string;

  constructor(name: string, problem: string, options?: ErrorOptions) {
    super(`cannot call ${name}: ${problem}`, options);
    this.function = name;
  }
}

/** What a guest did that WebAssembly or the component model forbids. */
export type TrapKind =
  | "unreachable"
  | "out-of-bounds"
  | "stack-overflow"
  | "division"
  | "conversion"
  | "indirect-call"
  | "exception"
  | "invalid-value"
  | "other";

/** The guest did what WebAssembly forbids. Its instance is dead. */
export class ComponentTrapError extends EngineError {
  override readonly name = "ComponentTrapError";
  override readonly code = "ENGINE_COMPONENT_TRAP";
  readonly function: string;
  readonly kind: TrapKind;

  constructor(name: string, kind: TrapKind, problem: string, options?: ErrorOptions) {
    super(`${name} trapped (${kind}): ${problem}`, options);
    this.function = name;
    this.kind = kind;
  }
}

/** The process has no address space left for another WebAssembly memory. */
export class MemoryUnavailableError extends EngineError {
  override readonly name = "MemoryUnavailableError";
  override readonly code = "ENGINE_MEMORY_UNAVAILABLE";

  constructor(digest: string, options?: ErrorOptions) {
    super(`no address space left for the memory of component ${digest}; too many instances are alive`, options);
  }
}

/** A function of the host threw an Error, or returned what its WIT type does not allow. The calling instance is dead. */
export class HostFunctionError extends EngineError {
  override readonly name = "HostFunctionError";
  override readonly code = "ENGINE_HOST_FUNCTION";
  readonly function: string;

  constructor(name: string, problem: string, options?: ErrorOptions) {
    super(`host function ${name} ${problem}`, options);
    this.function = name;
  }
}

/** The guest asked to wait for time to pass, which would stop the host's thread. Its instance is dead. */
export class BlockingWaitError extends EngineError {
  override readonly name = "BlockingWaitError";
  override readonly code = "ENGINE_BLOCKING_WAIT";

  constructor(what: string, options?: ErrorOptions) {
    super(`the component asked to wait (${what}); waiting inside a call is refused`, options);
  }
}

/** The guest called `wasi:cli/exit`. Its instance is dead. */
export class ExitError extends EngineError {
  override readonly name = "ExitError";
  override readonly code = "ENGINE_EXIT";
  /** 0 is success. */
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(`the component exited with status ${status}`, options);
    this.status = status;
  }
}

/** Its caller gave up a call. If it had begun, its instance is dead; `cause` is the reason of the signal. */
export class CallAbortedError extends EngineError {
  override readonly name = "CallAbortedError";
  override readonly code = "ENGINE_CALL_ABORTED";
  readonly function: string;

  constructor(name: string, when: string, options?: ErrorOptions) {
    super(`${name} was aborted ${when}`, options);
    this.function = name;
  }
}

/** `hostCallSignal` was asked for while no function of the host was being entered. */
export class NoHostCallError extends EngineError {
  override readonly name = "NoHostCallError";
  override readonly code = "ENGINE_NO_HOST_CALL";

  constructor(options?: ErrorOptions) {
    super("hostCallSignal belongs into a function of the host that a guest calls, before it first awaits", options);
  }
}

/** The instance failed or was disposed earlier; `cause` is its first failure. */
export class InstanceDeadError extends EngineError {
  override readonly name = "InstanceDeadError";
  override readonly code = "ENGINE_INSTANCE_DEAD";

  constructor(name: string, reason: string, options?: ErrorOptions) {
    super(`cannot call ${name}: the instance ${reason}`, options);
  }
}

/** The instance is being called already, which does not change. The second call did not happen. */
export class ReentrantCallError extends EngineError {
  override readonly name = "ReentrantCallError";
  override readonly code = "ENGINE_REENTRANT_CALL";

  constructor(name: string, running: string, options?: ErrorOptions) {
    super(`cannot call ${name}: the instance is inside ${running}`, options);
  }
}
