import { HostFunctionError } from "../errors.ts";
import { type ByteSink, type ByteSource, STREAM_BUDGET } from "./streams.ts";

/** Bytes that were all given beforehand. */
export class GivenBytes implements ByteSource {
  readonly what: string;
  #rest: Uint8Array;

  constructor(what: string, bytes: Uint8Array) {
    this.what = what;
    this.#rest = bytes;
  }

  isReady(): boolean {
    return true;
  }

  read(most: number): Uint8Array | undefined {
    if (this.#rest.length === 0) return undefined;
    const bytes = this.#rest.slice(0, most);
    this.#rest = this.#rest.subarray(most);
    return bytes;
  }
}

/** Hands what is written to the host at once. */
export class HostSink implements ByteSink {
  readonly what: string;
  readonly #take: (bytes: Uint8Array) => void;

  constructor(what: string, take: (bytes: Uint8Array) => void) {
    this.what = what;
    this.#take = take;
  }

  isReady(): boolean {
    return true;
  }

  room(): number {
    return STREAM_BUDGET;
  }

  write(bytes: Uint8Array): void {
    try {
      this.#take(bytes);
    } catch (cause) {
      throw new HostFunctionError(this.what, "threw an error", { cause });
    }
  }
}
