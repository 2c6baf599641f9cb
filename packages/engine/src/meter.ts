import type { Clock } from "./clock.ts";
import { type EngineError } from "./errors.ts";
import { DeadlineExceededError, FuelExhaustedError } from "./limit-errors.ts";
import { wasm, type WasmGlobal } from "./webassembly.ts";

/** How long a guest may run before it has to ask again: short enough to stop it in time, long enough to cost next to nothing. */
const LOOK_EVERY_NS = 300_000;

/**
 * The fuel handed out at first, and the least and most after that. What fuel is worth in time differs by a hundred times: catching
 * exceptions takes long, filling memory does not. So each slice is as large as the one before it was fast.
 */
const SLICE = { first: 50_000, least: 1_000, most: 1_000_000 } as const;

/** How often a guest may ask for fuel before other work has a turn, however little time seems to have passed. */
const LOOKS_PER_TURN = 8;

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
  readonly deadlineMs: number | undefined;
  readonly #isSliced: boolean;
  readonly #firstGrant: number;
  /** The same, as the global takes it: made once for all calls. */
  readonly #firstFuel: bigint;
  #granted = 0;
  #slice: number = SLICE.first;
  #startedAt = 0n;
  #endedAt = 0n;
  #lookedAt = 0n;
  /** For how long the last call did not run, and since when it does not. */
  #idleNs = 0n;
  #pausedAt: bigint | undefined;
  /** When other work last had its turn, and how often the guest has asked for fuel since. */
  #turnAt = 0n;
  #looks = 0;
  #stoppedBy: "fuel" | "deadline" | "end" | undefined;

  /** A guest that can be suspended has to ask for fuel from time to time even if it has no deadline. */
  constructor(clock: Clock, fuelPerCall: number = UNLIMITED, deadlineMs?: number, isSuspendable: boolean = false) {
    this.#clock = clock;
    this.#fuelPerCall = fuelPerCall;
    this.deadlineMs = deadlineMs;
    this.#isSliced = isSuspendable || deadlineMs !== undefined;
    this.#firstGrant = this.#isSliced ? Math.min(SLICE.first, fuelPerCall) : fuelPerCall;
    this.#firstFuel = BigInt(this.#firstGrant);
    this.fuel = new wasm.Global({ value: "i64", mutable: true }, 0n);
  }

  /** A call begins. */
  begin(): void {
    this.#granted = this.#firstGrant;
    this.fuel.value = this.#firstFuel;
    this.#slice = SLICE.first;
    this.#stoppedBy = undefined;
    this.#startedAt = this.#clock.monotonic();
    this.#lookedAt = this.#startedAt;
    this.#idleNs = 0n;
    this.#pausedAt = undefined;
    this.#turnAt = this.#startedAt;
    this.#looks = 0;
  }

  /** A call has ended. */
  end(): void {
    this.#endedAt = this.#clock.monotonic();
    this.#resumed(this.#endedAt);
  }

  /** The fuel that the last call took so far. */
  get spent(): number {
    return this.#granted - Number(this.fuel.value);
  }

  /** How long the last call took. */
  get wallMs(): number {
    return Number(this.#endedAt - this.#startedAt) / NANOSECONDS_PER_MS;
  }

  /** How long it ran. */
  get ranMs(): number {
    return Number(this.#endedAt - this.#startedAt - this.#idleNs) / NANOSECONDS_PER_MS;
  }

  /** For how much of that it waited for the host, or gave way to other work. */
  get idleMs(): number {
    return Number(this.#idleNs) / NANOSECONDS_PER_MS;
  }

  /** What guest code calls when its fuel is below zero. It must not throw: a guest could catch that. */
  readonly exhausted = (): void => {
    if (this.#stoppedBy !== undefined) return;
    const { spent } = this;
    if (spent > this.#fuelPerCall) this.#stoppedBy = "fuel";
    else if (this.#isLate()) this.#stoppedBy = "deadline";
    else {
      this.#granted = Math.min(this.#fuelPerCall, spent + this.#slice);
      this.fuel.value = BigInt(this.#granted - spent);
    }
  };

  /** Looks at the clock, and chooses the next slice by how long the last one took. */
  #isLate(): boolean {
    if (!this.#isSliced) return false;
    this.#looks += 1;
    const before = this.#lookedAt;
    const elapsedMs = this.#elapsedMs();
    const tookNs = Math.max(Number(this.#lookedAt - before), 1);
    const factor = Math.min(LOOK_EVERY_NS / tookNs, 4);
    this.#slice = Math.min(Math.max(Math.floor(this.#slice * factor), SLICE.least), SLICE.most);
    return this.deadlineMs !== undefined && elapsedMs >= this.deadlineMs;
  }

  /** What is left of the time that the call has; undefined is for ever. */
  get remainingMs(): number | undefined {
    if (this.deadlineMs === undefined) return undefined;
    return this.deadlineMs - Number(this.#clock.monotonic() - this.#startedAt) / NANOSECONDS_PER_MS;
  }

  /** Whether the guest goes on, and has run for so long that other work should have its turn first. */
  get isTurnDue(): boolean {
    if (this.#stoppedBy !== undefined) return false;
    return this.#looks >= LOOKS_PER_TURN || this.#lookedAt - this.#turnAt >= LOOK_EVERY_NS;
  }

  /** Other work had its turn. The time that it took is not what the guest's fuel is worth. */
  turned(): void {
    this.#looks = 0;
    if (this.deadlineMs !== undefined && this.#elapsedMs() >= this.deadlineMs) this.#stop("deadline");
    else this.#lookedAt = this.#clock.monotonic();
    this.#turnAt = this.#lookedAt;
    this.#resumed(this.#lookedAt);
  }

  /** The guest does not run from now on: it waits for the host, or gives way to other work. */
  paused(): void {
    this.#pausedAt = this.#clock.monotonic();
  }

  /** The guest waited for the host, and not by running. */
  waited(): void {
    this.#lookedAt = this.#clock.monotonic();
    this.#resumed(this.#lookedAt);
  }

  #resumed(now: bigint): void {
    if (this.#pausedAt === undefined) return;
    this.#idleNs += now - this.#pausedAt;
    this.#pausedAt = undefined;
  }

  /** A function of the host takes time and no fuel: after a while, what was handed out is taken back, so that the guest asks again. */
  readonly hostReturned = (): void => {
    if (!this.#isSliced) return;
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt < LOOK_EVERY_NS) return;
    this.#granted = this.spent;
    this.fuel.value = 0n;
  };

  /** Why guest code was stopped, if this meter stopped it. */
  stop(name: string, cause: unknown): EngineError | undefined {
    switch (this.#stoppedBy) {
      case "fuel":
        return new FuelExhaustedError(name, this.spent, this.#fuelPerCall, { cause });
      case "deadline":
        return new DeadlineExceededError(name, this.#elapsedMs(), this.deadlineMs ?? 0, undefined, { cause });
      case "end":
      case undefined:
        return undefined;
    }
  }

  /** The call is over, though guest code of it may still be under way: it gets no fuel any more. */
  cut(): void {
    if (this.#stoppedBy === undefined) this.#stop("end");
  }

  /** Takes back the fuel that was handed out, and more. */
  #stop(reason: "deadline" | "end"): void {
    this.#stoppedBy = reason;
    const { spent } = this;
    this.fuel.value = -1n;
    this.#granted = spent - 1;
  }

  /** Puts what the last call used out of reach of what follows, until the function that is returned is called. */
  setAside(): () => void {
    const [fuel, granted, startedAt, endedAt] = [this.fuel.value, this.#granted, this.#startedAt, this.#endedAt];
    const [idleNs, pausedAt] = [this.#idleNs, this.#pausedAt];
    return () => {
      this.#idleNs = idleNs;
      this.#pausedAt = pausedAt;
      this.fuel.value = fuel;
      this.#granted = granted;
      this.#startedAt = startedAt;
      this.#endedAt = endedAt;
    };
  }

  /** What is wrong with a call that came to its end: guest code looks at its fuel from time to time only. */
  overspending(name: string): EngineError | undefined {
    if (this.#fuelPerCall === UNLIMITED) return undefined;
    const { spent } = this;
    return spent > this.#fuelPerCall ? new FuelExhaustedError(name, spent, this.#fuelPerCall) : undefined;
  }

  #elapsedMs(): number {
    this.#lookedAt = this.#clock.monotonic();
    return Number(this.#lookedAt - this.#startedAt) / NANOSECONDS_PER_MS;
  }
}
