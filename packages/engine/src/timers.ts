/** How an engine waits: for the host's other work, and for a deadline. */
export interface Timers {
  /** Calls `act` once, after the host has served the timers and the input and output that wait for it now. */
  readonly nextTurn: (act: () => void) => void;
  /** Calls `act` once, that many milliseconds from now. The function that is returned calls it off. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
}

/** The longest that Node's timers wait; a longer delay would end at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The event loop of this thread. */
export const systemTimers: Timers = {
  nextTurn: (act) => {
    setImmediate(act);
  },
  after: (milliseconds, act) => {
    const timer = setTimeout(act, Math.min(Math.ceil(milliseconds), LONGEST_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
