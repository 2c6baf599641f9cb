import type { Clock } from "./clock.ts";
import { type EngineError } from "./errors.ts";
import { MemoryLimitError, StackDepthError, TableLimitError } from "./limit-errors.ts";
import { InstanceMemory, type MemoryPlan } from "./instance-memory.ts";
import { InstanceTables } from "./instance-tables.ts";
import { EXHAUSTED_IMPORT, PROVIDED_GLOBALS, RESERVED_NAMESPACE } from "./instrument/provided-imports.ts";
import type { InstanceLimits } from "./limits.ts";
import { Meter } from "./meter.ts";
import { isStackOverflow } from "./trap.ts";
import { wasm, type WasmGlobal, type WasmImports, type WasmModule } from "./webassembly.ts";

/** What a call used. */
export interface CallUsage {
  /** After a call that failed otherwise than for its fuel: what was known to be spent. */
  readonly fuel: number;
  /** From the call to its end, by the engine's clock; the functions of the host it called are included. */
  readonly wallMs: number;
  /** For how much of that it waited for functions of the host, or gave way to other work. */
  readonly idleMs: number;
  /** The most its memories held. Memories never shrink: it is what they held at its end. */
  readonly peakMemoryBytes: number;
  /** The functions of the host that were still at work when it ended. What becomes of them changes nothing any more. */
  readonly unfinishedHostCalls: number;
}

/** Everything that bounds one instance. All its core modules share it. */
export class Confinement {
  readonly memory: InstanceMemory;
  readonly meter: Meter;
  readonly #tables: InstanceTables;
  /** The words that are left; below zero once a call was refused for want of them. */
  readonly #stack: WasmGlobal<number>;
  readonly #stackDepth: number;
  /** To be called when a function of the host returns to the guest. */
  readonly hostReturned: () => void;
  readonly #provided: Readonly<Record<string, object>>;

  /** Throws MemoryLimitError or TableLimitError when a component starts with more than it may have. */
  constructor(
    digest: string,
    plan: MemoryPlan,
    limits: Required<InstanceLimits>,
    clock: Clock,
    isSuspendable: boolean = false,
  ) {
    this.memory = new InstanceMemory(digest, plan, limits.memoryBytes);
    this.#tables = new InstanceTables(digest, plan.tableElements, limits.tableElements);
    this.meter = new Meter(clock, limits.fuelPerCall, limits.deadlineMs, isSuspendable);
    this.hostReturned = this.meter.hostReturned;
    this.#stackDepth = limits.stackDepth;
    this.#stack = new wasm.Global({ value: "i32", mutable: true }, limits.stackDepth);
    this.#provided = {
      [PROVIDED_GLOBALS.fuel.importName]: this.meter.fuel,
      [PROVIDED_GLOBALS.stack.importName]: this.#stack,
      [PROVIDED_GLOBALS.memoryGrowth.importName]: this.memory.growth,
      [PROVIDED_GLOBALS.tableRoom.importName]: this.#tables.room,
      [PROVIDED_GLOBALS.tableRequest.importName]: this.#tables.request,
      [EXHAUSTED_IMPORT]: this.meter.exhausted,
    };
  }

  /** The imports of a core module with all that the rewriter made it import. */
  provide(module: WasmModule, imports: WasmImports): WasmImports {
    return { ...imports, [RESERVED_NAMESPACE]: { ...this.#provided, ...this.memory.provide(module) } };
  }

  /** The instance is about to be entered. */
  begin(): void {
    this.meter.begin();
  }

  /** The instance was left. */
  end(): void {
    this.meter.end();
  }

  /** Guest code that is under way gets no further than to where it next asks for fuel. */
  cut(): void {
    this.meter.cut();
  }

  /** Has `act` use the instance between two calls; what the last call used stays what it was. */
  aside<T>(act: () => T): T {
    const putBack = this.meter.setAside();
    try {
      return act();
    } finally {
      putBack();
    }
  }

  /** What the last call used. */
  get usage(): CallUsage {
    return {
      fuel: this.meter.spent,
      wallMs: this.meter.wallMs,
      idleMs: this.meter.idleMs,
      peakMemoryBytes: this.memory.peakBytes,
      unfinishedHostCalls: 0,
    };
  }

  /** The limit that a call exceeded which came to its end all the same. */
  overspending(name: string): EngineError | undefined {
    return this.meter.overspending(name);
  }

  /** The limit behind a trap. */
  limitBehind(name: string, trap: EngineError): EngineError | undefined {
    const cause = { cause: trap };
    const stopped = this.meter.stop(name, trap);
    if (stopped !== undefined) return stopped;
    // Frames hold more than their locals, so the stack of V8 may end first. It depends on the thread how much there is of it.
    if (this.#stack.value < 0 || isStackOverflow(trap.cause)) {
      return new StackDepthError(name, this.#stackDepth - this.#stack.value, this.#stackDepth, cause);
    }
    if (this.memory.wasRefused) {
      const subject = `${name} trapped after it was refused more memory`;
      return new MemoryLimitError(subject, this.memory.bytes, this.memory.limitBytes, cause);
    }
    if (this.#tables.wasRefused) {
      const subject = `${name} trapped after it was refused more table elements`;
      return new TableLimitError(subject, this.#tables.elements, this.#tables.limitElements, cause);
    }
    return undefined;
  }
}
