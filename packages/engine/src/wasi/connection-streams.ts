import type { GuestConnection, NetworkErrorCode } from "../network/guest-network.ts";
import { IoError } from "./error.ts";
import type { OpenHandles } from "./open-handles.ts";
import { Pending } from "./pending.ts";
import { PulledBytes } from "./pulled-bytes.ts";
import { type ByteSink, STREAM_BUDGET } from "./streams.ts";

/*
 * The two directions of a connection. Each has one operation under way at most; that is what a guest waits for. The connection lasts as
 * long as one of them, or its socket: `held` is what all three stand for.
 */

/** What arrives. */
export function connectionSource(connection: GuestConnection, held: Disposable, handles: OpenHandles): PulledBytes {
  handles.share(held);
  return new PulledBytes({
    what: "a connection, to be read",
    pull: () => connection.read(),
    failureOf,
    release: () => handles.release(held),
  });
}

/** What is sent. */
export class ConnectionSink implements ByteSink {
  readonly what = "a connection, to be written";
  readonly #connection: GuestConnection;
  readonly #held: Disposable;
  readonly #handles: OpenHandles;
  #writing: Pending<void> | undefined;
  #isEnded = false;

  constructor(connection: GuestConnection, held: Disposable, handles: OpenHandles) {
    this.#connection = connection;
    this.#held = held;
    this.#handles = handles;
    handles.share(held);
  }

  isReady(): boolean {
    return this.#writing?.isReady() ?? true;
  }

  readonly whenChanged = async (): Promise<void> => {
    await this.#writing?.whenChanged();
  };

  get flushed(): this {
    return this;
  }

  room(): number | undefined {
    const writing = this.#writing;
    if (writing?.isReady() === true) {
      this.#writing = undefined;
      try {
        writing.result(undefined);
      } catch (thrown) {
        throw failureOf(thrown);
      }
    }
    if (this.#isEnded) return undefined;
    return this.#writing === undefined ? STREAM_BUDGET : 0;
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#writing = new Pending(this.what, this.#connection.write(bytes));
  }

  /** The guest has said all. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#writing = new Pending("a connection, to be ended", this.#endAfter(this.#writing));
  }

  async #endAfter(writing: Pending<void> | undefined): Promise<void> {
    await writing?.whenChanged();
    await this.#connection.end();
  }

  [Symbol.dispose](): void {
    this.#handles.release(this.#held);
  }
}

/** A stream has its own way of telling what a connection was refused. */
function failureOf(thrown: unknown): IoError {
  if (typeof thrown !== "string") throw thrown;
  return new IoError({ kind: "network", code: thrown as NetworkErrorCode });
}
