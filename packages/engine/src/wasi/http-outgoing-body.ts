import type { HttpErrorCode } from "../network/guest-fetch.ts";
import type { Fields } from "./http-fields.ts";
import type { Waiting } from "./poll.ts";
import { type ByteSink, OutputStream, STREAM_BUDGET } from "./streams.ts";

/** What a body holds that nobody has taken yet. A guest may write before it sends. */
const MAX_HELD_BYTES = 1_048_576;

/** Bytes between a guest that writes a body and whoever sends it. */
export class BodyQueue implements ByteSink {
  readonly what = "the body of a message, to be written";
  #chunks: Uint8Array[] = [];
  #held = 0;
  #end: "open" | "finished" | "abandoned" = "open";
  #changed = Promise.withResolvers<void>();

  isReady(): boolean {
    return this.#end !== "open" || this.#held < MAX_HELD_BYTES;
  }

  readonly whenChanged = (): Promise<void> => this.#changed.promise;

  room(): number | undefined {
    if (this.#end !== "open") return undefined;
    return Math.min(STREAM_BUDGET, MAX_HELD_BYTES - this.#held);
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#held += bytes.length;
    this.#change();
  }

  /** Whether anything was written to it. */
  get isEmpty(): boolean {
    return this.#held === 0;
  }

  finish(): void {
    if (this.#end === "open") this.#end = "finished";
    this.#change();
  }

  /** The guest let go of it in the middle: what was sent of it must not pass for all of it. */
  abandon(): void {
    if (this.#end === "open") this.#end = "abandoned";
    this.#change();
  }

  /** What was written, as it is written. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#chunks.shift();
      if (next !== undefined) {
        this.#held -= next.length;
        this.#change();
        yield next;
      } else if (this.#end === "finished") return;
      else if (this.#end === "abandoned") throw new TypeError("the body was not finished");
      else await this.#changed.promise;
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** `wasi:http/types`: the body of a message on its way out. */
export class OutgoingBody {
  readonly queue: BodyQueue;
  readonly #waiting: Waiting;
  #isWritten = false;

  constructor(queue: BodyQueue, waiting: Waiting) {
    this.queue = queue;
    this.#waiting = waiting;
  }

  /** Once. */
  write(): OutputStream {
    if (this.#isWritten) throw undefined;
    this.#isWritten = true;
    return new OutputStream(this.queue, this.#waiting);
  }

  static finish(body: OutgoingBody, trailers: Fields | undefined): void {
    if (trailers !== undefined && trailers.entries().length > 0) {
      body.queue.abandon();
      throw { tag: "internal-error", val: "trailers are not sent" } satisfies HttpErrorCode;
    }
    body.queue.finish();
  }

  [Symbol.dispose](): void {
    this.queue.abandon();
  }
}
