import type { Clock, Timer } from "./clock.ts";
import { InvalidOptionError } from "./errors.ts";

/**
 * Messages that an actor sends itself later. Each has a key: to set one anew replaces it, and one that was cancelled is not handled,
 * even if it was due. They travel in the system lane, so that a full mailbox neither loses nor delays them, and end with the
 * incarnation.
 */
export interface Timers<M> {
  /** Sends `message` once, `delayMs` from now. */
  sendAfter(key: string, delayMs: number, message: M): Timer;
  /**
   * Sends `message` every `intervalMs`, the first time after one interval. Intervals that passed while the machine slept, or while
   * the one before was not handled yet, are made up for by one message, not by many.
   */
  sendEvery(key: string, intervalMs: number, message: M): Timer;
  cancel(key: string): void;
  cancelAll(): void;
  isActive(key: string): boolean;
}

/** One message due later, or again and again. */
export class ActorTimer implements Timer {
  readonly message: unknown;
  readonly #clock: Clock;
  readonly #intervalMs: number | undefined;
  readonly #due: (timer: ActorTimer) => void;
  readonly #ended: (timer: ActorTimer) => void;
  #dueAt: number;
  #handle: Timer;
  #isWaiting = false;
  isCancelled = false;

  constructor(
    clock: Clock,
    message: unknown,
    delayMs: number,
    intervalMs: number | undefined,
    due: (timer: ActorTimer) => void,
    ended: (timer: ActorTimer) => void,
  ) {
    this.#clock = clock;
    this.message = message;
    this.#intervalMs = intervalMs;
    this.#due = due;
    this.#ended = ended;
    this.#dueAt = clock.now() + delayMs;
    this.#handle = clock.schedule(() => this.#fire(), delayMs);
  }

  cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    this.#handle.cancel();
    this.#ended(this);
  }

  /** The message is about to be handled. False when nobody wants it any more. */
  take(): boolean {
    if (this.isCancelled) return false;
    this.#isWaiting = false;
    if (this.#intervalMs === undefined) this.#ended(this);
    return true;
  }

  #fire(): void {
    if (this.isCancelled) return;
    const intervalMs = this.#intervalMs;
    if (intervalMs !== undefined) {
      const now = this.#clock.now();
      const missed = Math.max(0, Math.floor((now - this.#dueAt) / intervalMs));
      this.#dueAt += (missed + 1) * intervalMs;
      this.#handle = this.#clock.schedule(() => this.#fire(), this.#dueAt - now);
    }
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#due(this);
  }
}

/** The timers of one incarnation. */
export class ActorTimers implements Timers<unknown> {
  readonly #clock: Clock;
  readonly #due: (timer: ActorTimer) => void;
  readonly #timers = new Map<string, ActorTimer>();

  constructor(clock: Clock, due: (timer: ActorTimer) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  sendAfter(key: string, delayMs: number, message: unknown): Timer {
    if (!(delayMs >= 0)) throw new InvalidOptionError("delayMs", "at least 0", delayMs);
    return this.#set(key, message, delayMs, undefined);
  }

  sendEvery(key: string, intervalMs: number, message: unknown): Timer {
    if (!(intervalMs > 0)) throw new InvalidOptionError("intervalMs", "above 0", intervalMs);
    return this.#set(key, message, intervalMs, intervalMs);
  }

  cancel(key: string): void {
    this.#timers.get(key)?.cancel();
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) timer.cancel();
  }

  isActive(key: string): boolean {
    return this.#timers.has(key);
  }

  #set(key: string, message: unknown, delayMs: number, intervalMs: number | undefined): Timer {
    this.cancel(key);
    const timer = new ActorTimer(this.#clock, message, delayMs, intervalMs, this.#due, (ended) => {
      if (this.#timers.get(key) === ended) this.#timers.delete(key);
    });
    this.#timers.set(key, timer);
    return timer;
  }
}
