/** A timer that was armed. Cancelling one that has fired, or cancelling twice, does nothing. */
export interface Timer {
  cancel(): void;
}

/** All that this package knows of time. Pass another one to make time a matter of the test. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes backwards. */
  now(): number;
  /** Milliseconds since the Unix epoch; may jump when the machine's clock is set. */
  wallTime(): number;
  /** Calls `callback` once, `delayMs` from now. */
  schedule(callback: () => void, delayMs: number): Timer;
  /** Whether reading the wall time takes so long that stamps had better share a reading; not unless said. */
  readonly isDear?: boolean;
}

/** How a dispatcher asks the host for its next turn, and finds out how long the present one has lasted. */
export interface TurnSource {
  now(): number;
  /** Runs before the host serves timers and I/O. */
  soon(callback: () => void): void;
  /** Runs after the host has served timers and I/O. */
  afterIo(callback: () => void): void;
}

/** Node's timer object; opaque here. */
type HostTimeout = object;

declare const setTimeout: (callback: () => void, delayMs: number) => HostTimeout;
declare const clearTimeout: (timeout: HostTimeout) => void;
declare const setImmediate: (callback: () => void) => unknown;
declare const queueMicrotask: (callback: () => void) => void;
declare const performance: { now(): number };

/** The longest delay a host timer takes; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

class SystemTimer implements Timer {
  #timeout: HostTimeout;

  constructor(callback: () => void, delayMs: number) {
    this.#timeout = this.#arm(callback, delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }

  #arm(callback: () => void, delayMs: number): HostTimeout {
    if (delayMs <= LONGEST_DELAY_MS) return setTimeout(callback, delayMs);
    return setTimeout(() => {
      this.#timeout = this.#arm(callback, delayMs - LONGEST_DELAY_MS);
    }, LONGEST_DELAY_MS);
  }
}

class SystemClock implements Clock {
  readonly isDear = true;

  now(): number {
    return performance.now();
  }

  wallTime(): number {
    return Date.now();
  }

  schedule(callback: () => void, delayMs: number): Timer {
    return new SystemTimer(callback, delayMs);
  }
}

/** The machine's own time. */
export const systemClock: Clock = new SystemClock();

/** The turns of the host's event loop. */
export const hostTurns: TurnSource = {
  now: () => performance.now(),
  soon: (callback) => queueMicrotask(callback),
  afterIo: (callback) => {
    setImmediate(callback);
  },
};
