import { EngineError } from "./errors.ts";

/** The component needs more memory than it may have. */
export class MemoryLimitError extends EngineError {
  override readonly name = "MemoryLimitError";
  override readonly code = "ENGINE_MEMORY_LIMIT";
  /** What the component asks for at its start, or held when it was stopped. */
  readonly bytes: number;
  readonly limitBytes: number;

  constructor(subject: string, bytes: number, limitBytes: number, options?: ErrorOptions) {
    super(`${subject} (${bytes} bytes of memory, limit ${limitBytes})`, options);
    this.bytes = bytes;
    this.limitBytes = limitBytes;
  }
}

/** A call needs more fuel than it may have. Its instance is dead. */
export class FuelExhaustedError extends EngineError {
  override readonly name = "FuelExhaustedError";
  override readonly code = "ENGINE_FUEL_EXHAUSTED";
  readonly function: string;
  /** What it had spent when it was stopped: more than the limit, by at most what runs between two looks at the fuel. */
  readonly fuel: number;
  readonly fuelPerCall: number;

  constructor(name: string, fuel: number, fuelPerCall: number, options?: ErrorOptions) {
    super(`${name} ran out of fuel (${fuel} spent, limit ${fuelPerCall})`, options);
    this.function = name;
    this.fuel = fuel;
    this.fuelPerCall = fuelPerCall;
  }
}

/** A call took longer than it may. Its instance is dead. */
export class DeadlineExceededError extends EngineError {
  override readonly name = "DeadlineExceededError";
  override readonly code = "ENGINE_DEADLINE_EXCEEDED";
  readonly function: string;
  readonly elapsedMs: number;
  readonly deadlineMs: number;
  /** The function of the host that it waited for. */
  readonly waitedFor: string | undefined;

  constructor(name: string, elapsedMs: number, deadlineMs: number, waitedFor?: string, options?: ErrorOptions) {
    const waiting = waitedFor === undefined ? "" : `, waiting for ${waitedFor}`;
    super(`${name} took too long (${elapsedMs} ms, limit ${deadlineMs})${waiting}`, options);
    this.function = name;
    this.elapsedMs = elapsedMs;
    this.deadlineMs = deadlineMs;
    this.waitedFor = waitedFor;
  }
}

/** Calls within the guest nest deeper than they may, or than V8 can have them nest. Its instance is dead. */
export class StackDepthError extends EngineError {
  override readonly name = "StackDepthError";
  override readonly code = "ENGINE_STACK_DEPTH";
  readonly function: string;
  /** What the call that was refused would have needed, with all those around it, in words. Less than the limit when V8 refused it. */
  readonly depth: number;
  readonly stackDepth: number;

  constructor(name: string, depth: number, stackDepth: number, options?: ErrorOptions) {
    super(`${name} recursed too deep (${depth} words of stack, limit ${stackDepth})`, options);
    this.function = name;
    this.depth = depth;
    this.stackDepth = stackDepth;
  }
}

/** The component needs more table elements than it may have. */
export class TableLimitError extends EngineError {
  override readonly name = "TableLimitError";
  override readonly code = "ENGINE_TABLE_LIMIT";
  /** What the component asks for at its start, or held when it was stopped. */
  readonly elements: number;
  readonly tableElements: number;

  constructor(subject: string, elements: number, tableElements: number, options?: ErrorOptions) {
    super(`${subject} (${elements} table elements, limit ${tableElements})`, options);
    this.elements = elements;
    this.tableElements = tableElements;
  }
}

/** The component holds, and has handed out, more resources at once than it may. Its instance is dead. */
export class HandleLimitError extends EngineError {
  override readonly name = "HandleLimitError";
  override readonly code = "ENGINE_HANDLE_LIMIT";
  readonly handles: number;

  constructor(handles: number, options?: ErrorOptions) {
    super(`the component holds too many resources at once (limit ${handles})`, options);
    this.handles = handles;
  }
}

/** An answer, or what a function of the host is called with, takes more of the host's memory than it may. The instance is dead. */
export class ValueLimitError extends EngineError {
  override readonly name = "ValueLimitError";
  override readonly code = "ENGINE_VALUE_LIMIT";
  readonly valueBytes: number;

  constructor(valueBytes: number, options?: ErrorOptions) {
    super(`the component passes out more at once than it may (limit ${valueBytes} bytes)`, options);
    this.valueBytes = valueBytes;
  }
}
