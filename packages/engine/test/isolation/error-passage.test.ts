import { describe, expect, it } from "vitest";
import {
  BadArgumentError,
  BadOptionError,
  BlockingWaitError,
  CacheError,
  CallAbortedError,
  ComponentTooLargeError,
  ComponentTrapError,
  CorruptComponentError,
  DeadlineExceededError,
  EngineClosedError,
  type EngineError,
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
  ReentrantCallError,
  StackDepthError,
  TableLimitError,
  UncrossableTypeError,
  UnknownExportError,
  TooManyFunctionsError,
  UnknownImportError,
  UnsupportedComponentError,
  ValueLimitError,
  ValueTooLargeError,
  WorkerLostError,
  WorkerMemoryError,
  WorkersTakenError,
} from "../../src/index.ts";
import { packError, unpackError } from "../../src/isolation/error-passage.ts";

/** One of each, with all that it can say. */
const errors: Readonly<Record<EngineErrorCode, EngineError>> = {
  ENGINE_BAD_OPTION: new BadOptionError("limits.handles", "a number", "none"),
  ENGINE_NOT_A_COMPONENT: new NotAComponentError("text"),
  ENGINE_CORRUPT_COMPONENT: new CorruptComponentError("it ends early"),
  ENGINE_COMPONENT_TOO_LARGE: new ComponentTooLargeError(10, 9),
  ENGINE_TOO_MANY_FUNCTIONS: new TooManyFunctionsError(10, 9),
  ENGINE_UNSUPPORTED_COMPONENT: new UnsupportedComponentError("shared memory"),
  ENGINE_PREPARATION_FAILED: new PreparationFailedError("sha256:a", "timeout", "it took too long"),
  ENGINE_CACHE: new CacheError("/cache", "it is a link"),
  ENGINE_UNKNOWN_IMPORT: new UnknownImportError("sha256:a", ["a:b/c#d", "e"]),
  ENGINE_UNKNOWN_EXPORT: new UnknownExportError("sha256:a", "f"),
  ENGINE_BAD_ARGUMENT: new BadArgumentError("f", "expected 1 arguments, found 2"),
  ENGINE_COMPONENT_TRAP: new ComponentTrapError("f", "division", "divide by zero"),
  ENGINE_MEMORY_LIMIT: new MemoryLimitError("f trapped", 65_536, 65_535),
  ENGINE_MEMORY_UNAVAILABLE: new MemoryUnavailableError("sha256:a"),
  ENGINE_FUEL_EXHAUSTED: new FuelExhaustedError("f", 101, 100),
  ENGINE_DEADLINE_EXCEEDED: new DeadlineExceededError("f", 5.25, 5),
  ENGINE_STACK_DEPTH: new StackDepthError("f", 9, 8),
  ENGINE_TABLE_LIMIT: new TableLimitError("f trapped", 3, 2),
  ENGINE_HANDLE_LIMIT: new HandleLimitError(10),
  ENGINE_VALUE_LIMIT: new ValueLimitError(1_000),
  ENGINE_HOST_FUNCTION: new HostFunctionError("a:b/c#d", "threw an error"),
  ENGINE_BLOCKING_WAIT: new BlockingWaitError("poll"),
  ENGINE_EXIT: new ExitError(3),
  ENGINE_CALL_ABORTED: new CallAbortedError("f", "while it ran"),
  ENGINE_NO_HOST_CALL: new NoHostCallError(),
  ENGINE_INSTANCE_DEAD: new InstanceDeadError("f", "was disposed"),
  ENGINE_REENTRANT_CALL: new ReentrantCallError("f", "g"),
  ENGINE_WORKER_LOST: new WorkerLostError("it ended with status 1"),
  ENGINE_WORKERS_TAKEN: new WorkersTakenError(4),
  ENGINE_WORKER_MEMORY: new WorkerMemoryError("f", 2, 1),
  ENGINE_UNCROSSABLE_TYPE: new UncrossableTypeError("sha256:a", ["a:b/c#d: resource e:f/g#h"]),
  ENGINE_VALUE_TOO_LARGE: new ValueTooLargeError("f", 9),
  ENGINE_CLOSED: new EngineClosedError(),
};

/** What becomes of an error on its way to another thread. */
function crossed(error: EngineError): EngineError {
  return unpackError(structuredClone(packError(error)));
}

describe("an error that crosses threads", () => {
  for (const [code, error] of Object.entries(errors)) {
    it(`keeps its class, message and details: ${code}`, () => {
      const arrived = crossed(error);
      expect(arrived.code).toBe(code);
      expect(arrived.constructor).toBe(error.constructor);
      expect(arrived.message).toBe(error.message);
      expect(Object.entries(arrived)).toEqual(Object.entries(error));
      expect(arrived.cause).toBeUndefined();
    });
  }

  it("keeps what caused it: an error of the engine as what it was, any other by name and message", () => {
    const trap = new ComponentTrapError("f", "unreachable", "unreachable", { cause: new RangeError("deep down") });
    const arrived = crossed(new FuelExhaustedError("f", 2, 1, { cause: trap }));
    expect(arrived.cause).toBeInstanceOf(ComponentTrapError);
    expect(arrived.cause).toMatchObject({ code: "ENGINE_COMPONENT_TRAP", kind: "unreachable", message: trap.message });
    expect(arrived.cause).toMatchObject({ cause: { name: "RangeError", message: "deep down" } });
    expect(crossed(new HostFunctionError("f", "threw", { cause: 7 })).cause).toMatchObject({ message: "7" });
  });

  it("does not follow causes for ever", () => {
    const circular = new HostFunctionError("f", "threw an error");
    circular.cause = circular;
    expect(crossed(circular)).toMatchObject({ cause: { cause: { cause: expect.any(HostFunctionError) } } });
  });
});
