import { EngineError } from "../errors.ts";

/** The thread of an instance is gone, without the instance having failed: it was ended from outside, or Node gave it up. */
export class WorkerLostError extends EngineError {
  override readonly name = "WorkerLostError";
  override readonly code = "ENGINE_WORKER_LOST";
  readonly problem: string;

  constructor(problem: string, options?: ErrorOptions) {
    super(`the thread of the instance was lost: ${problem}`, options);
    this.problem = problem;
  }
}

/** As many instances have threads of their own as may. */
export class WorkersTakenError extends EngineError {
  override readonly name = "WorkersTakenError";
  override readonly code = "ENGINE_WORKERS_TAKEN";
  readonly most: number;

  constructor(most: number, options?: ErrorOptions) {
    super(`all ${most} workers are taken; dispose an instance first, or allow more`, options);
    this.most = most;
  }
}

/** What a component exchanges with the host includes a resource that exists only on the component's own thread. */
export class UncrossableTypeError extends EngineError {
  override readonly name = "UncrossableTypeError";
  override readonly code = "ENGINE_UNCROSSABLE_TYPE";
  /** Each as `ns:pkg/iface@1.0.0#function: resource ns:pkg/iface@1.0.0#resource`. */
  readonly uses: readonly string[];

  constructor(digest: string, uses: readonly string[], options?: ErrorOptions) {
    super(
      `component ${digest} cannot run on another thread: what it exchanges cannot cross (${uses.join("; ")})`,
      options,
    );
    this.uses = uses;
  }
}

/** What a guest answered, or called the host with, is larger than what may cross between threads at once. Its instance is dead. */
export class ValueTooLargeError extends EngineError {
  override readonly name = "ValueTooLargeError";
  override readonly code = "ENGINE_VALUE_TOO_LARGE";
  readonly function: string;
  readonly limitBytes: number;

  constructor(name: string, limitBytes: number, options?: ErrorOptions) {
    super(`a value of ${name} is too large to leave the instance's thread (limit ${limitBytes} bytes)`, options);
    this.function = name;
    this.limitBytes = limitBytes;
  }
}

/** The values that a guest exchanges with the host fill its thread's memory. Its instance is dead. */
export class WorkerMemoryError extends EngineError {
  override readonly name = "WorkerMemoryError";
  override readonly code = "ENGINE_WORKER_MEMORY";
  readonly function: string;
  /** What the thread held when it was stopped, the memories of the instance included. */
  readonly bytes: number;
  readonly limitBytes: number;

  constructor(name: string, bytes: number, limitBytes: number, options?: ErrorOptions) {
    super(`${name} filled the memory of its thread (${bytes} bytes, limit ${limitBytes})`, options);
    this.function = name;
    this.bytes = bytes;
    this.limitBytes = limitBytes;
  }
}

/** The engine was disposed: it starts no more threads. */
export class EngineClosedError extends EngineError {
  override readonly name = "EngineClosedError";
  override readonly code = "ENGINE_CLOSED";

  constructor(options?: ErrorOptions) {
    super("the engine was disposed; it launches no more instances on threads of their own", options);
  }
}
