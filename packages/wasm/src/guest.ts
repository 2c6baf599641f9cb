import type { Answer, CallUsage, ExportHandle, Instance, PreparedComponent } from "@airssys/engine";
import { Execution, type ExecutionState } from "./execution.ts";
import type { LogLevel } from "./generated/airssys-core-types-types.ts";
import { GuestStdio } from "./guest-stdio.ts";
import { importsFor } from "./host-interfaces.ts";
import type { Incarnation } from "./incarnation.ts";
import type { Later } from "./later.ts";
import { lifecycleExports, type GuestFunction, type LifecycleExports } from "./lifecycle-exports.ts";
import { monotonicNanoseconds } from "./timestamp.ts";

/** The running code of one incarnation, within its limits and with the host functions that are its own. */
export class Guest implements Disposable {
  readonly lifecycle: LifecycleExports;
  readonly #instance: Instance;
  readonly #output: readonly GuestStdio[];
  readonly #execution = new Execution();

  /** Runs the component's start functions, and throws what they end in. */
  constructor(prepared: PreparedComponent, incarnation: Incarnation) {
    const { address, context, manifest, writeLog } = incarnation;
    const { memory, cpu } = manifest.resources;
    const writeLine = (level: LogLevel, message: string): void =>
      writeLog({ component: address, correlationId: context.envelope?.correlationId, level, message, fields: [] });
    const [stdout, stderr] = [new GuestStdio("info", writeLine), new GuestStdio("warn", writeLine)];
    this.#output = [stdout, stderr];
    try {
      this.#instance = prepared.instantiate({
        imports: importsFor(prepared, incarnation),
        limits: {
          memoryBytes: memory.maxBytes,
          fuelPerCall: cpu.maxFuel,
          deadlineMs: cpu.timeoutMs,
        },
        wasi: {
          args: [address],
          stdout: (bytes) => stdout.write(bytes),
          stderr: (bytes) => stderr.write(bytes),
          clock: {
            now: () => context.clock.wallTime(),
            monotonic: () => monotonicNanoseconds(context.clock.now()),
          },
        },
      });
      this.#execution.loaded();
    } catch (error) {
      this.#execution.failed(error);
      this.#flush();
      throw error;
    }
    this.lifecycle = lifecycleExports((name) => this.exported(name), manifest);
  }

  /** Whether it can go on from the state of another. */
  get keepsState(): boolean {
    return this.lifecycle.restore !== undefined;
  }

  get execution(): ExecutionState {
    return this.#execution.state;
  }

  /** What the last call took, or the start functions when there was none yet. */
  get lastCall(): CallUsage {
    return this.#instance.lastCall;
  }

  /** The export of that WIT name. */
  exported(name: string): GuestFunction | undefined {
    const handle = this.#instance.exported(name);
    return handle && ((args) => this.#call(handle, args));
  }

  /** Gives back its memory. What it printed without a line end is not lost. */
  [Symbol.dispose](): void {
    try {
      this.#flush();
    } finally {
      this.#instance[Symbol.dispose]();
    }
  }

  #call(handle: ExportHandle, args: readonly unknown[]): Later<Answer> {
    return this.#execution.run(
      () => handle(args),
      () => this.#instance.isAlive,
    );
  }

  #flush(): void {
    for (const stream of this.#output) stream.flush();
  }
}
