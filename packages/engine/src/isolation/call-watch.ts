import type { Clock } from "../clock.ts";
import { type EngineError } from "../errors.ts";
import { DeadlineExceededError } from "../limit-errors.ts";
import { WorkerMemoryError } from "./errors.ts";

/** How often a thread is looked at. */
const LOOK_EVERY_MS = 20;

/**
 * How long a guest may overrun its deadline before its thread is ended: guest code looks at the time itself, and then says what it
 * spent. Only what is not guest code cannot. Launching is for the most part linking, which is not the guest's doing.
 */
const GRACE_MS = { call: 100, launch: 5_000 } as const;

const NANOSECONDS_PER_MS = 1_000_000;

export interface WatchedCall {
  readonly name: string;
  readonly kind: keyof typeof GRACE_MS;
  readonly clock: Clock;
  readonly deadlineMs: number | undefined;
  /** The most that the thread may hold, the memories of its instance included. */
  readonly memoryBytes: number;
  /** What the thread holds; undefined when it is gone. */
  readonly heldBytes: () => Promise<number | undefined>;
  /** The function of the host that the guest waits for: then nobody but this watch looks at the time. */
  readonly waitsFor: () => string | undefined;
  /** Told once. */
  readonly exceeded: (error: EngineError) => void;
}

/** Watches from outside what a thread may not exceed while it serves one call. */
export class CallWatch {
  readonly #call: WatchedCall;
  #startedAt = 0n;
  #deadline: NodeJS.Timeout | undefined;
  #look: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(call: WatchedCall) {
    this.#call = call;
    this.#startedAt = call.clock.monotonic();
    this.#look = setTimeout(this.#lookAtMemory, LOOK_EVERY_MS);
  }

  /** Guest code begins now. */
  begin(): void {
    this.#startedAt = this.#call.clock.monotonic();
    const { deadlineMs } = this.#call;
    if (deadlineMs !== undefined && !this.#isOver) this.#deadline = setTimeout(this.#lookAtTime, timerMs(deadlineMs));
  }

  /** How long guest code runs. */
  get elapsedMs(): number {
    return Number(this.#call.clock.monotonic() - this.#startedAt) / NANOSECONDS_PER_MS;
  }

  /** The deadline has passed. */
  get isLate(): boolean {
    const { deadlineMs } = this.#call;
    return deadlineMs !== undefined && this.elapsedMs >= deadlineMs;
  }

  /** Nothing is reported any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#deadline);
    clearTimeout(this.#look);
  }

  readonly #lookAtTime = (): void => {
    const { name, kind, deadlineMs = Infinity, waitsFor, exceeded } = this.#call;
    const elapsedMs = this.elapsedMs;
    const waitedFor = waitsFor();
    const limitMs = waitedFor === undefined ? deadlineMs + GRACE_MS[kind] : deadlineMs;
    if (elapsedMs >= limitMs) exceeded(new DeadlineExceededError(name, elapsedMs, deadlineMs, waitedFor));
    // Timers fire early at times, and the clock may be another than the timers'.
    else this.#deadline = setTimeout(this.#lookAtTime, timerMs(limitMs - elapsedMs));
  };

  readonly #lookAtMemory = async (): Promise<void> => {
    const { name, memoryBytes, heldBytes, exceeded } = this.#call;
    const held = await heldBytes();
    if (this.#isOver || held === undefined) return;
    if (held > memoryBytes) exceeded(new WorkerMemoryError(name, held, memoryBytes));
    else this.#look = setTimeout(this.#lookAtMemory, LOOK_EVERY_MS);
  };
}

/** The longest that a timer of Node takes. */
const MOST_TIMER_MS = 2 ** 31 - 1;

function timerMs(milliseconds: number): number {
  return Math.min(Math.ceil(milliseconds), MOST_TIMER_MS);
}
