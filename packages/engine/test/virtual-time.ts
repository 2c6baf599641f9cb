import type { Clock, Timers } from "../src/index.ts";

interface Alarm {
  readonly at: number;
  readonly act: () => void;
}

/** Time that passes when a test says so, and turns of the real event loop, counted. */
export class VirtualTime {
  milliseconds = 0;
  turns = 0;
  readonly #alarms = new Set<Alarm>();

  readonly clock: Clock = {
    now: () => this.milliseconds,
    monotonic: () => BigInt(Math.round(this.milliseconds * 1_000_000)),
  };

  readonly timers: Timers = {
    nextTurn: (act) => {
      this.turns += 1;
      setImmediate(act);
    },
    after: (milliseconds, act) => {
      const alarm = { at: this.milliseconds + milliseconds, act };
      this.#alarms.add(alarm);
      return () => void this.#alarms.delete(alarm);
    },
  };

  /** The alarms that are set. */
  get alarms(): number {
    return this.#alarms.size;
  }

  pass(milliseconds: number): void {
    this.milliseconds += milliseconds;
    const due = [...this.#alarms].filter(({ at }) => at <= this.milliseconds);
    for (const alarm of due) {
      this.#alarms.delete(alarm);
      alarm.act();
    }
  }
}

/** All that waits for the present turn of the event loop has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
