import type { Clock } from "./clock.ts";
import { DeadlineExceededError, type EngineError, FuelExhaustedError } from "./errors.ts";
import { wasm, type WasmGlobal } from "./webassembly.ts";

/**
 * How much fuel is handed out before the clock is looked at again: well under a millisecond of running. Longer slices would stop a
 * guest later, shorter ones would cost more than the fuel itself.
 */
const SLICE = 500_000;

/** How long a guest may spend in functions of the host before it has to ask again. */
const LOOK_EVERY_NS = 500_000n;

const UNLIMITED = Number.MAX_SAFE_INTEGER;

const NANOSECONDS_PER_MS = 1_000_000;

/**
 * Measures and bounds the calls of one instance. Guest code takes fuel from a global by itself and calls `exhausted` when nothing is
 * left; that is when the host decides whether it goes on. What is handed out never exceeds the fuel of a call, so that where a
 * guest runs dry does not depend on how fast it runs.
 */
export class Meter {
  readonly fuel: WasmGlobal<bigint>;
  readonly #clock: Clock;
  readonly #fuelPerCall: number;
  readonly #deadlineMs: number | undefined;
  readonly #firstGrant: bigint;
  #granted = 0;
  #startedAt = 0n;
  #endedAt = 0n;
  #lookedAt = 0n;
  #stoppedBy: "fuel" | "deadline" | undefined;

  constructor(clock: Clock, fuelPerCall: number = UNLIMITED, deadlineMs?: number) {
    this.#clock = clock;
    this.#fuelPerCall = fuelPerCall;
    this.#deadlineMs = deadlineMs;
    this.#firstGrant = BigInt(deadlineMs === undefined ? fuelPerCall : Math.min(SLICE, fuelPerCall));
    this.fuel = new wasm.Global({ value: "i64", mutable: true }, 0n);
  }

  /** A call begins. */
  begin(): void {
    this.#granted = Number(this.#firstGrant);
    this.fuel.value = this.#firstGrant;
    this.#stoppedBy = undefined;
    this.#startedAt = this.#clock.monotonic();
    this.#lookedAt = this.#startedAt;
  }

  /** A call has ended. */
  end(): void {
    this.#endedAt = this.#clock.monotonic();
  }

  /** The fuel that the last call took so far. */
  get spent(): number {
    return this.#granted - Number(this.fuel.value);
  }

  /** How long the last call took. */
  get wallMs(): number {
    return Number(this.#endedAt - this.#startedAt) / NANOSECONDS_PER_MS;
  }

  /** What guest code calls when its fuel is below zero. It must not throw: a guest could catch that. */
  readonly exhausted = (): void => {
    const { spent } = this;
    if (spent > this.#fuelPerCall) this.#stoppedBy = "fuel";
    else if (this.#deadlineMs !== undefined && this.#elapsedMs() >= this.#deadlineMs) this.#stoppedBy = "deadline";
    else {
      this.#granted = Math.min(this.#fuelPerCall, spent + SLICE);
      this.fuel.value = BigInt(this.#granted - spent);
    }
  };

  /** A function of the host takes time and no fuel: after a while, what was handed out is taken back, so that the guest asks again. */
  readonly hostReturned = (): void => {
    if (this.#deadlineMs === undefined) return;
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt < LOOK_EVERY_NS) return;
    this.#lookedAt = now;
    this.#granted = this.spent;
    this.fuel.value = 0n;
  };

  /** Why guest code was stopped, if this meter stopped it. */
  stop(name: string, cause: unknown): EngineError | undefined {
    switch (this.#stoppedBy) {
      case "fuel":
        return new FuelExhaustedError(name, this.spent, this.#fuelPerCall, { cause });
      case "deadline":
        return new DeadlineExceededError(name, this.#elapsedMs(), this.#deadlineMs ?? 0, { cause });
      case undefined:
        return undefined;
    }
  }

  /** What is wrong with a call that came to its end: guest code looks at its fuel from time to time only. */
  overspending(name: string): EngineError | undefined {
    const { spent } = this;
    return spent > this.#fuelPerCall ? new FuelExhaustedError(name, spent, this.#fuelPerCall) : undefined;
  }

  #elapsedMs(): number {
    this.#lookedAt = this.#clock.monotonic();
    return Number(this.#lookedAt - this.#startedAt) / NANOSECONDS_PER_MS;
  }
}
