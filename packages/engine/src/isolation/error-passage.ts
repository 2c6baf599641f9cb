import {
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
  type TrapKind,
  UnknownExportError,
  TooManyFunctionsError,
  UnknownImportError,
  UnsupportedComponentError,
} from "../errors.ts";
import {
  DeadlineExceededError,
  FuelExhaustedError,
  HandleLimitError,
  MemoryLimitError,
  StackDepthError,
  TableLimitError,
  ValueLimitError,
} from "../limit-errors.ts";
import {
  EngineClosedError,
  UncrossableTypeError,
  ValueTooLargeError,
  WorkerLostError,
  WorkerMemoryError,
  WorkersTakenError,
} from "./errors.ts";

/*
 * Errors do not cross threads as what they are: their class is lost on the way. So their code, message and details cross, and the class
 * is made anew from them.
 */

/** An error of the engine on its way. */
export interface PackedError {
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly cause?: PackedCause;
}

/** What caused it: another of the engine's errors, any other error, or a plain value. */
type PackedCause =
  | { readonly kind: "engine"; readonly error: PackedError }
  | { readonly kind: "other"; readonly name: string; readonly message: string };

/** Said by other fields of what is packed, or of no use elsewhere. */
const NO_DETAILS: ReadonlySet<string> = new Set(["name", "code", "suppressed"]);

/** How many causes of causes are kept. */
const MOST_CAUSES = 4;

/** The error in a form that can be sent. */
export function packError(error: EngineError, causes: number = MOST_CAUSES): PackedError {
  const { code, message, cause } = error;
  const details = Object.fromEntries(Object.entries(error).filter(([field]) => !NO_DETAILS.has(field)));
  if (cause === undefined || causes === 0) return { code, message, details };
  return { code, message, details, cause: packCause(cause, causes - 1) };
}

function packCause(cause: unknown, causes: number): PackedCause {
  if (cause instanceof EngineError) return { kind: "engine", error: packError(cause, causes) };
  if (cause instanceof Error) return { kind: "other", name: cause.name, message: cause.message };
  return { kind: "other", name: "Error", message: String(cause) };
}

/** The error that was packed: of the same class, with the same message and details. */
export function unpackError({ code, message, details, cause }: PackedError): EngineError {
  const options = cause === undefined ? undefined : { cause: unpackCause(cause) };
  const error = UNPACK[code](new Details(details), options);
  Object.defineProperty(error, "message", { value: message, writable: true, configurable: true, enumerable: false });
  return error;
}

function unpackCause(cause: PackedCause): Error {
  if (cause.kind === "engine") return unpackError(cause.error);
  const error = new Error(cause.message);
  error.name = cause.name;
  return error;
}

/** The fields of an error, as they came. */
class Details {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  text(name: string): string {
    return String(this.#fields[name]);
  }

  number(name: string): number {
    return Number(this.#fields[name]);
  }

  list(name: string): readonly string[] {
    const value = this.#fields[name];
    return Array.isArray(value) ? value : [];
  }
}

type Unpack = (details: Details, options: ErrorOptions | undefined) => EngineError;

/* Both threads run the same code: a field that was packed is of the type that its class gives it. */

/** Not said by a field: the message says it, and that crosses as it is. */
const UNSAID = "";

const UNPACK: Readonly<Record<EngineErrorCode, Unpack>> = {
  ENGINE_BAD_OPTION: (of, options) => new BadOptionError(of.text("option"), UNSAID, UNSAID, options),
  ENGINE_NOT_A_COMPONENT: (of, options) => new NotAComponentError(of.text("found"), options),
  ENGINE_CORRUPT_COMPONENT: (of, options) => new CorruptComponentError(of.text("problem"), options),
  ENGINE_COMPONENT_TOO_LARGE: (of, options) =>
    new ComponentTooLargeError(of.number("bytes"), of.number("maxModuleBytes"), options),
  ENGINE_TOO_MANY_FUNCTIONS: (of, options) =>
    new TooManyFunctionsError(of.number("functions"), of.number("maxFunctions"), options),
  ENGINE_UNSUPPORTED_COMPONENT: (of, options) => new UnsupportedComponentError(of.text("feature"), options),
  ENGINE_PREPARATION_FAILED: (of, options) =>
    new PreparationFailedError(
      of.text("digest"),
      of.text("failure") as PreparationFailure,
      of.text("problem"),
      options,
    ),
  ENGINE_CACHE: (of, options) => new CacheError(of.text("directory"), of.text("problem"), options),
  ENGINE_UNKNOWN_IMPORT: (of, options) => new UnknownImportError(UNSAID, of.list("imports"), options),
  ENGINE_UNKNOWN_EXPORT: (of, options) => new UnknownExportError(UNSAID, of.text("function"), options),
  ENGINE_BAD_ARGUMENT: (of, options) => new BadArgumentError(of.text("function"), UNSAID, options),
  ENGINE_COMPONENT_TRAP: (of, options) =>
    new ComponentTrapError(of.text("function"), of.text("kind") as TrapKind, UNSAID, options),
  ENGINE_MEMORY_LIMIT: (of, options) =>
    new MemoryLimitError(UNSAID, of.number("bytes"), of.number("limitBytes"), options),
  ENGINE_MEMORY_UNAVAILABLE: (_, options) => new MemoryUnavailableError(UNSAID, options),
  ENGINE_FUEL_EXHAUSTED: (of, options) =>
    new FuelExhaustedError(of.text("function"), of.number("fuel"), of.number("fuelPerCall"), options),
  ENGINE_DEADLINE_EXCEEDED: (of, options) =>
    new DeadlineExceededError(of.text("function"), of.number("elapsedMs"), of.number("deadlineMs"), undefined, options),
  ENGINE_STACK_DEPTH: (of, options) =>
    new StackDepthError(of.text("function"), of.number("depth"), of.number("stackDepth"), options),
  ENGINE_TABLE_LIMIT: (of, options) =>
    new TableLimitError(UNSAID, of.number("elements"), of.number("tableElements"), options),
  ENGINE_HANDLE_LIMIT: (of, options) => new HandleLimitError(of.number("handles"), options),
  ENGINE_VALUE_LIMIT: (of, options) => new ValueLimitError(of.number("valueBytes"), options),
  ENGINE_HOST_FUNCTION: (of, options) => new HostFunctionError(of.text("function"), UNSAID, options),
  ENGINE_BLOCKING_WAIT: (_, options) => new BlockingWaitError(UNSAID, options),
  ENGINE_EXIT: (of, options) => new ExitError(of.number("status"), options),
  ENGINE_INSTANCE_DEAD: (_, options) => new InstanceDeadError(UNSAID, UNSAID, options),
  ENGINE_REENTRANT_CALL: (_, options) => new ReentrantCallError(UNSAID, UNSAID, options),
  ENGINE_CALL_ABORTED: (of, options) => new CallAbortedError(of.text("function"), UNSAID, options),
  ENGINE_NO_HOST_CALL: (_, options) => new NoHostCallError(options),
  ENGINE_WORKER_LOST: (of, options) => new WorkerLostError(of.text("problem"), options),
  ENGINE_WORKERS_TAKEN: (of, options) => new WorkersTakenError(of.number("most"), options),
  ENGINE_WORKER_MEMORY: (of, options) =>
    new WorkerMemoryError(of.text("function"), of.number("bytes"), of.number("limitBytes"), options),
  ENGINE_UNCROSSABLE_TYPE: (of, options) => new UncrossableTypeError(UNSAID, of.list("uses"), options),
  ENGINE_VALUE_TOO_LARGE: (of, options) =>
    new ValueTooLargeError(of.text("function"), of.number("limitBytes"), options),
  ENGINE_CLOSED: (_, options) => new EngineClosedError(options),
};
