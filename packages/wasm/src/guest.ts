import type { ExportHandle, Instance, PreparedComponent } from "@airssys/engine";
import type { LogLevel } from "./generated/airssys-core-types-types.ts";
import { GuestStdio } from "./guest-stdio.ts";
import { importsFor } from "./host-interfaces.ts";
import type { Incarnation } from "./incarnation.ts";
import { lifecycleExports, type LifecycleExports } from "./lifecycle-exports.ts";
import { monotonicNanoseconds } from "./timestamp.ts";

/** The running code of one incarnation, within its limits and with the host functions that are its own. */
export class Guest implements Disposable {
  readonly lifecycle: LifecycleExports;
  readonly #instance: Instance;
  readonly #output: readonly GuestStdio[];

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
    } catch (error) {
      this.#flush();
      throw error;
    }
    this.lifecycle = lifecycleExports(this.#instance, manifest);
  }

  /** The export of that WIT name. */
  exported(name: string): ExportHandle | undefined {
    return this.#instance.exported(name);
  }

  /** Gives back its memory. What it printed without a line end is not lost. */
  [Symbol.dispose](): void {
    try {
      this.#flush();
    } finally {
      this.#instance[Symbol.dispose]();
    }
  }

  #flush(): void {
    for (const stream of this.#output) stream.flush();
  }
}
