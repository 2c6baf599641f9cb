import { HostFunctionError } from "../errors.ts";
import { IoError } from "./error.ts";
import { Pollable, type Readiness, type Waiting, whenReady } from "./poll.ts";

/** How much a stream gives or takes at once; what a guest may ask the host to make up is bounded by it. */
export const STREAM_BUDGET = 65_536;

/** Where the bytes of an input stream come from. It is ready when there are some, and when there will be no more. */
export interface ByteSource extends Readiness, Partial<Disposable> {
  /** Up to that many bytes; none when there are none yet, undefined when there will be no more. Throws an IoError when it fails. */
  read(most: number): Uint8Array | undefined;
}

/** Where the bytes of an output stream go. It is ready when it has room, and when it will never have room again. */
export interface ByteSink extends Readiness, Partial<Disposable> {
  /** How many bytes it takes now, not more than the budget; undefined when it takes no more, ever. */
  room(): number | undefined;
  /** Takes all of the bytes, which are its own. Throws an IoError when it fails. */
  write(bytes: Uint8Array): void;
  /** Ready when everything written has arrived; missing where it has at once. */
  readonly flushed?: Readiness;
}

const CLOSED = { tag: "closed" } as const;

/** A stream answers its guest with what the source or sink failed with, and is closed from then on. */
class Lifeline {
  #isClosed = false;

  attempt<T>(act: () => T | undefined): T {
    // A guest's WIT error is thrown as a plain value.
    if (this.#isClosed) throw CLOSED;
    try {
      const value = act();
      if (value !== undefined) return value;
    } catch (thrown) {
      if (!(thrown instanceof IoError)) throw thrown;
      this.#isClosed = true;
      throw { tag: "last-operation-failed", val: thrown };
    }
    this.#isClosed = true;
    throw CLOSED;
  }
}

/** `wasi:io/streams`: bytes on their way to the guest. */
export class InputStream {
  readonly #source: ByteSource;
  readonly #waiting: Waiting;
  readonly #lifeline = new Lifeline();

  constructor(source: ByteSource, waiting: Waiting) {
    this.#source = source;
    this.#waiting = waiting;
  }

  read(length: bigint): Uint8Array {
    return this.#lifeline.attempt(() => this.#source.read(Number(atMost(length, STREAM_BUDGET))));
  }

  blockingRead(length: bigint): Uint8Array | Promise<Uint8Array> {
    return length === 0n ? this.read(length) : whenReady(this.#source, this.#waiting, () => this.read(length));
  }

  skip(length: bigint): bigint {
    return BigInt(this.read(length).length);
  }

  blockingSkip(length: bigint): bigint | Promise<bigint> {
    return length === 0n ? this.skip(length) : whenReady(this.#source, this.#waiting, () => this.skip(length));
  }

  subscribe(): Pollable {
    return new Pollable(this.#source, this.#waiting);
  }

  /** What `blockingSplice` waits for. */
  get readiness(): Readiness {
    return this.#source;
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]?.();
  }
}

/** `wasi:io/streams`: bytes on their way from the guest. */
export class OutputStream {
  readonly #sink: ByteSink;
  readonly #waiting: Waiting;
  readonly #lifeline = new Lifeline();

  constructor(sink: ByteSink, waiting: Waiting) {
    this.#sink = sink;
    this.#waiting = waiting;
  }

  checkWrite(): bigint {
    return BigInt(this.#lifeline.attempt(() => this.#sink.room()));
  }

  /** A guest that writes more than it was told there is room for has broken the rules of the interface. */
  write(bytes: Uint8Array): void {
    if (bytes.length > STREAM_BUDGET) throw this.#tooMuch(BigInt(bytes.length));
    this.#lifeline.attempt(() => {
      if (this.#sink.room() === undefined) return undefined;
      this.#sink.write(bytes);
      return true;
    });
  }

  /** Takes any number of bytes, as there is room for them. */
  blockingWriteAndFlush(bytes: Uint8Array): Promise<void> | void {
    return whenReady(this.#sink, this.#waiting, () => {
      const room = Number(this.checkWrite());
      this.write(bytes.subarray(0, room));
      return bytes.length <= room ? this.blockingFlush() : this.blockingWriteAndFlush(bytes.subarray(room));
    });
  }

  flush(): void {
    this.#lifeline.attempt(() => this.#sink.room());
  }

  blockingFlush(): Promise<void> | void {
    const { flushed } = this.#sink;
    return flushed === undefined ? this.flush() : whenReady(flushed, this.#waiting, () => this.flush());
  }

  subscribe(): Pollable {
    return new Pollable(this.#sink, this.#waiting);
  }

  writeZeroes(length: bigint): void {
    if (length > BigInt(STREAM_BUDGET)) throw this.#tooMuch(length);
    this.write(new Uint8Array(Number(length)));
  }

  blockingWriteZeroesAndFlush(length: bigint): Promise<void> | void {
    if (length > BigInt(STREAM_BUDGET)) throw this.#tooMuch(length);
    return this.blockingWriteAndFlush(new Uint8Array(Number(length)));
  }

  splice(source: InputStream, length: bigint): bigint {
    const bytes = source.read(atMost(atMost(length, STREAM_BUDGET), Number(this.checkWrite())));
    this.write(bytes);
    return BigInt(bytes.length);
  }

  blockingSplice(source: InputStream, length: bigint): bigint | Promise<bigint> {
    return whenReady(this.#sink, this.#waiting, () =>
      whenReady(source.readiness, this.#waiting, () => this.splice(source, length)),
    );
  }

  [Symbol.dispose](): void {
    this.#sink[Symbol.dispose]?.();
  }

  #tooMuch(length: bigint): HostFunctionError {
    return new HostFunctionError(
      this.#sink.what,
      `was to take ${length} bytes at once, at most ${STREAM_BUDGET} are taken`,
    );
  }
}

function atMost(length: bigint, most: number): bigint {
  return length > BigInt(most) ? BigInt(most) : length;
}
