import { BlockingWaitError, HostFunctionError } from "../errors.ts";
import { type InterfaceMakers, unusedResource } from "./settings.ts";

/** How much a stream takes in one write; what a guest may ask the host to make up is bounded by it. */
const WRITE_BUDGET = 65_536;

/** `wasi:io/poll`: something that is ready, or that time alone will make ready. */
export class Pollable {
  readonly #isReady: () => boolean;
  readonly #what: string;

  constructor(what: string, isReady: () => boolean) {
    this.#what = what;
    this.#isReady = isReady;
  }

  ready(): boolean {
    return this.#isReady();
  }

  /** Returns at once when ready. Anything else would stop the host's thread, and is refused. */
  block(): void {
    if (!this.#isReady()) throw new BlockingWaitError(this.#what);
  }
}

function alwaysReady(what: string): Pollable {
  return new Pollable(what, () => true);
}

/** `poll`: the indices of those that are ready. */
function poll(pollables: readonly Pollable[]): Uint32Array {
  const ready = pollables.flatMap((pollable, index) => (pollable.ready() ? [index] : []));
  if (ready.length === 0) throw new BlockingWaitError("poll");
  return Uint32Array.from(ready);
}

const CLOSED = { tag: "closed" } as const;

/** `wasi:io/streams`: bytes that were given when the instance was made. */
export class InputStream {
  #rest: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#rest = bytes;
  }

  read(length: bigint): Uint8Array {
    // A guest's WIT error is thrown as a plain value.
    if (this.#rest.length === 0) throw CLOSED;
    const end = Number(length > BigInt(this.#rest.length) ? BigInt(this.#rest.length) : length);
    const bytes = this.#rest.slice(0, end);
    this.#rest = this.#rest.subarray(end);
    return bytes;
  }

  blockingRead(length: bigint): Uint8Array {
    return this.read(length);
  }

  skip(length: bigint): bigint {
    return BigInt(this.read(length).length);
  }

  blockingSkip(length: bigint): bigint {
    return this.skip(length);
  }

  subscribe(): Pollable {
    return alwaysReady("standard input");
  }
}

/** `wasi:io/streams`: hands what is written to the host at once. */
export class OutputStream {
  readonly #name: string;
  readonly #sink: (bytes: Uint8Array) => void;

  constructor(name: string, sink: (bytes: Uint8Array) => void) {
    this.#name = name;
    this.#sink = sink;
  }

  checkWrite(): bigint {
    return BigInt(WRITE_BUDGET);
  }

  write(bytes: Uint8Array): void {
    try {
      this.#sink(bytes);
    } catch (cause) {
      throw new HostFunctionError(this.#name, "threw an error", { cause });
    }
  }

  blockingWriteAndFlush(bytes: Uint8Array): void {
    this.write(bytes);
  }

  flush(): void {
    // Nothing is held back.
  }

  blockingFlush(): void {
    this.flush();
  }

  subscribe(): Pollable {
    return alwaysReady(this.#name);
  }

  writeZeroes(length: bigint): void {
    if (length > BigInt(WRITE_BUDGET)) {
      throw new HostFunctionError(
        this.#name,
        `was asked for ${length} zeroes, at most ${WRITE_BUDGET} are written at once`,
      );
    }
    this.write(new Uint8Array(Number(length)));
  }

  blockingWriteZeroesAndFlush(length: bigint): void {
    this.writeZeroes(length);
  }

  splice(source: InputStream, length: bigint): bigint {
    const bytes = source.read(length > BigInt(WRITE_BUDGET) ? BigInt(WRITE_BUDGET) : length);
    this.write(bytes);
    return BigInt(bytes.length);
  }

  blockingSplice(source: InputStream, length: bigint): bigint {
    return this.splice(source, length);
  }
}

export const ioInterfaces: InterfaceMakers = {
  "wasi:io/error": () => ({ Error: unusedResource() }),
  "wasi:io/poll": () => ({ Pollable, poll }),
  "wasi:io/streams": () => ({ InputStream, OutputStream }),
};
