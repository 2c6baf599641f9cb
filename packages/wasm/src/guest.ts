import { DEFAULT_LIMITS, type Answer, type CallUsage, type InstantiateOptions } from "@airssys/engine";
import { ComponentQuotaError } from "./errors.ts";
import { Execution, type ExecutionState } from "./execution.ts";
import type { LogLevel } from "./generated/airssys-core-types-types.ts";
import { instantiated, launched, type GuestInstance } from "./guest-instance.ts";
import { GuestStdio } from "./guest-stdio.ts";
import type { Incarnation } from "./incarnation.ts";
import { andFinally, andThen, orElse, type Later } from "./later.ts";
import { lifecycleExports, type GuestFunction, type LifecycleExports } from "./lifecycle-exports.ts";
import { sleep } from "./sleep.ts";
import { monotonicNanoseconds } from "./timestamp.ts";
import { grantedWasi, hasGrant } from "./wasi/granted-wasi.ts";
import { wayToRun } from "./way-to-run.ts";

const NANOSECONDS_PER_MS = 1e6;

/**
 * The running code of one incarnation, within its limits and with the host functions that are its own. Ends with the incarnation: what is
 * under way when the actor is killed goes no further.
 */
export class Guest {
  readonly lifecycle: LifecycleExports;
  readonly #instance: GuestInstance;
  readonly #output: GuestOutput;
  readonly #execution: Execution;
  readonly #incarnation: Incarnation;
  #heldBytes = 0;
  #hasEnded = false;

  constructor(instance: GuestInstance, output: GuestOutput, incarnation: Incarnation) {
    this.#instance = instance;
    this.#output = output;
    this.#execution = new Execution();
    this.#incarnation = incarnation;
    this.lifecycle = lifecycleExports((name) => this.exported(name), incarnation.manifest);
    incarnation.signal.addEventListener("abort", this.#cutShort, { once: true });
  }

  /** Meters what it took to make it. @throws ComponentQuotaError */
  made(): this {
    this.#meter();
    return this;
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
    const call = this.#instance.exported(name);
    return call && ((args) => this.#call(call, args));
  }

  /**
   * Ends its subscriptions, and gives back its memory, its thread if it has one, and what it has open on the system. What it printed
   * without a line end is not lost.
   */
  end(): Later<void> {
    this.#incarnation.signal.removeEventListener("abort", this.#cutShort);
    this.#incarnation.subscriptions.closeAll();
    this.#hasEnded = true;
    this.#incarnation.meters.release(this.#heldBytes);
    this.#heldBytes = 0;
    return andFinally(
      () => this.#output.flush(),
      () =>
        andFinally(
          () => this.#instance.end(),
          () => this.#incarnation.access.close(),
        ),
    );
  }

  #call(call: GuestFunction, args: readonly unknown[]): Later<Answer> {
    return orElse(
      () =>
        andThen(
          this.#execution.run(() => call(args), this.#isAlive),
          this.#answered,
        ),
      this.#failed,
    );
  }

  readonly #isAlive = (): boolean => this.#instance.isAlive;

  /** What the call used is the component's. */
  readonly #answered = (answer: Answer): Answer => {
    this.#meter();
    return answer;
  };

  readonly #failed = (error: unknown): never => {
    // An instance that lives on was not entered: what its last call took was paid for.
    if (!this.#instance.isAlive) this.#incarnation.meters.computed(this.#instance.ranMs);
    throw error;
  };

  /** @throws ComponentQuotaError when the instances of the component hold more memory than they may */
  #meter(): void {
    const { meters, address, manifest } = this.#incarnation;
    meters.computed(this.#instance.ranMs);
    const grown = this.#instance.memoryBytes - this.#heldBytes;
    // What is held after its end nobody would release.
    if (grown <= 0 || this.#hasEnded) return;
    if (!meters.hold(grown)) throw new ComponentQuotaError(address, "memory", manifest.quotas.memoryBytes);
    this.#heldBytes += grown;
  }

  /** Nobody waits for it, and nobody can be told but the operator. */
  readonly #cutShort = (): void => {
    const { context } = this.#incarnation;
    void orElse<void>(
      () => this.end(),
      (error) => context.log.error("what the component printed last was not taken", { error }),
    );
  };
}

/** Runs the component's start functions, and throws, or rejects with, what they end in. */
export function makeGuest(incarnation: Incarnation): Later<Guest> {
  const { prepared, isolation, interfaces, signal } = incarnation;
  const output = new GuestOutput(incarnation);
  const options = optionsFor(incarnation, output);
  const way = wayToRun(prepared, isolation, interfaces, hasGrant(incarnation.access, "connect"));
  return orElse(
    () =>
      andThen(
        way === "at-once" ? instantiated(prepared, options) : launched(prepared, way, options),
        (instance): Later<Guest> => {
          const guest = new Guest(instance, output, incarnation);
          return orElse<Guest>(
            () => {
              if (signal.aborted) throw signal.reason;
              return guest.made();
            },
            (error) =>
              andThen(guest.end(), () => {
                throw error;
              }),
          );
        },
      ),
    (error) => {
      incarnation.subscriptions.closeAll();
      output.flush();
      return andThen(incarnation.access.close(), () => {
        throw error;
      });
    },
  );
}

/** What a guest prints, as lines of its log. */
class GuestOutput {
  readonly stdout: GuestStdio;
  readonly stderr: GuestStdio;

  constructor({ address, context, writeLog }: Incarnation) {
    const writeLine = (level: LogLevel, message: string): void =>
      writeLog({ component: address, correlationId: context.envelope?.correlationId, level, message, fields: [] });
    this.stdout = new GuestStdio("info", writeLine);
    this.stderr = new GuestStdio("warn", writeLine);
  }

  flush(): void {
    this.stdout.flush();
    this.stderr.flush();
  }
}

function optionsFor(incarnation: Incarnation, { stdout, stderr }: GuestOutput): InstantiateOptions {
  const { address, context, interfaces, manifest, prepared } = incarnation;
  const { memory, cpu } = manifest.resources;
  const { clock } = context;
  return {
    imports: interfaces.importsFor(prepared, incarnation),
    limits: {
      memoryBytes: memory.maxBytes,
      fuelPerCall: cpu.maxFuel,
      deadlineMs: cpu.timeoutMs,
      // Whoever may have much memory may also say much of it: a message, or a value to be stored, is an eighth.
      valueBytes: Math.max(memory.maxBytes, DEFAULT_LIMITS.valueBytes),
    },
    wasi: {
      ...grantedWasi(incarnation),
      args: [address],
      stdout: (bytes) => stdout.write(bytes),
      stderr: (bytes) => stderr.write(bytes),
      clock: {
        now: () => clock.wallTime(),
        monotonic: () => monotonicNanoseconds(clock.now()),
        reach: (instant, signal) => sleep(clock, Number(instant) / NANOSECONDS_PER_MS - clock.now(), signal),
      },
    },
  };
}
