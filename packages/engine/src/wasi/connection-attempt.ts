import type { GuestConnection } from "../network/guest-network.ts";
import { Pending } from "./pending.ts";

/** A connection on its way, or made. Disposing it cuts off the connection, or has it cut off as soon as it stands. */
export class ConnectionAttempt implements Disposable {
  readonly pending: Pending<GuestConnection>;
  readonly #giveUp: AbortController;

  constructor(connect: (signal: AbortSignal) => Promise<GuestConnection>) {
    this.#giveUp = new AbortController();
    this.pending = new Pending("a connection, to be made", connect(this.#giveUp.signal));
  }

  [Symbol.dispose](): void {
    this.#giveUp.abort();
    void this.#cutOff();
  }

  async #cutOff(): Promise<void> {
    await this.pending.whenChanged();
    this.pending.value?.[Symbol.dispose]();
  }
}
