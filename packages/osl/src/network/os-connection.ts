import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { deadline, unlessAborted } from "../deadline.ts";
import { AccessClosedError, asOslError } from "../errors.ts";
import type { Performing } from "../performing.ts";

/** How one wait on a connection or a process may end before its time. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

const SUBJECT = "a connection";
const NEVER = new AbortController().signal;

/** A connection over TCP. It is closed when its actor stops. One read and one write at a time. */
export class OsConnection implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #charge: Performing["charge"];
  readonly #release: () => void;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #failure: Error | undefined;

  constructor(socket: Socket, { clock, limits, charge, open }: Performing) {
    this.#socket = socket;
    this.#clock = clock;
    this.#timeoutMs = limits.timeoutMs;
    this.#charge = charge;
    this.#release = () => open.release(this);
    this.#pieces = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
    socket.on("error", (error) => (this.#failure ??= error));
    socket.once("close", this.#release);
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? "";
  }

  get remotePort(): number {
    return this.#socket.remotePort ?? 0;
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? "";
  }

  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }

  /** What came next; undefined when the other side has ended. After a timeout the connection is closed: what came would be lost. */
  async read(options: WaitOptions = {}): Promise<Uint8Array | undefined> {
    // The other side has said all: also when the connection is closed for that since.
    if (this.#socket.readableEnded) return undefined;
    const piece = await this.#within("reading", options, async () => {
      const { done, value } = await this.#pieces.next();
      return done === true ? undefined : new Uint8Array(value);
    });
    if (piece) await this.#chargeOrClose(piece.length, 0);
    return piece;
  }

  /** Done when the system has taken the bytes. */
  async write(bytes: Uint8Array, options: WaitOptions = {}): Promise<void> {
    await this.#chargeOrClose(0, bytes.length);
    await this.#within("writing", options, () => {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve(undefined)));
      return promise;
    });
  }

  /** Says that nothing more is to come; the other side may still send. */
  end(): void {
    this.#socket.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#release();
    if (this.#socket.closed) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#socket.once("close", () => resolve(undefined));
    this.#socket.destroy();
    await promise;
  }

  async #within<Value>(what: string, { signal, timeoutMs }: WaitOptions, wait: () => Promise<Value>): Promise<Value> {
    if (this.#socket.destroyed)
      throw this.#failure ? asOslError(SUBJECT, this.#failure) : new AccessClosedError(SUBJECT);
    using limit = deadline(`${what} of ${SUBJECT}`, timeoutMs ?? this.#timeoutMs, this.#clock, NEVER, signal);
    try {
      return await unlessAborted(wait(), limit.signal);
    } catch (error) {
      this.#socket.destroy();
      if (error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE")
        throw new AccessClosedError(SUBJECT, { cause: error });
      throw asOslError(SUBJECT, error);
    }
  }

  async #chargeOrClose(bytesIn: number, bytesOut: number): Promise<void> {
    try {
      await this.#charge(bytesIn, bytesOut);
    } catch (error) {
      this.#socket.destroy();
      throw error;
    }
  }
}
