import type { Clock, Timer } from "./clock.ts";
import type { Dispatcher } from "./dispatcher.ts";

/**
 * A clock that also stamps. Reading a dear clock costs more than sending a message, so what is sent in one go shares a reading
 * (bench: `send`): a stamp may be as old as the handler that is running, or the burst it belongs to. Nothing expires early by it.
 */
export class TurnClock implements Clock {
  readonly #clock: Clock;
  readonly #dispatcher: Dispatcher;
  readonly #isDear: boolean;
  /** The dispatcher's turn in which the wall time was last read. */
  #turn = -1;
  #at = 0;

  constructor(clock: Clock, dispatcher: Dispatcher) {
    this.#clock = clock;
    this.#dispatcher = dispatcher;
    this.#isDear = clock.isDear === true;
  }

  /** Milliseconds since the Unix epoch; never before what `wallTime` said last, unless the machine's clock was set back. */
  stamp(): number {
    return this.#dispatcher.turn === this.#turn ? this.#at : this.wallTime();
  }

  /** Read now. Stamps of this turn say the same from here on. */
  wallTime(): number {
    this.#at = this.#clock.wallTime();
    if (this.#isDear) {
      this.#turn = this.#dispatcher.turn;
      this.#dispatcher.expectTurn();
    }
    return this.#at;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(callback: () => void, delayMs: number): Timer {
    return this.#clock.schedule(callback, delayMs);
  }
}
