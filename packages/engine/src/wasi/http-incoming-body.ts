import { bodyFailureOf } from "./http-error.ts";
import { ALWAYS_READY } from "./pending.ts";
import { Pollable, type Waiting } from "./poll.ts";
import { PulledBytes } from "./pulled-bytes.ts";
import { InputStream } from "./streams.ts";

/** The bytes of a response as `fetch` gives them. */
export type BodyStream = ReadableStream<Uint8Array>;

/** `wasi:http/types`: the body of a message that came. */
export class IncomingBody {
  readonly #bytes: BodyStream | undefined;
  readonly #waiting: Waiting;
  #isTaken = false;

  constructor(bytes: BodyStream | undefined, waiting: Waiting) {
    this.#bytes = bytes;
    this.#waiting = waiting;
  }

  /** Once. */
  stream(): InputStream {
    if (this.#isTaken) throw undefined;
    this.#isTaken = true;
    const reader = this.#bytes?.getReader();
    const source = new PulledBytes({
      what: "the body of a message, to be read",
      pull: async () => {
        const next = await reader?.read();
        return next?.value;
      },
      failureOf: bodyFailureOf,
      release: () => void reader?.cancel().catch(() => undefined),
    });
    return new InputStream(source, this.#waiting);
  }

  static finish(body: IncomingBody): FutureTrailers {
    body[Symbol.dispose]();
    return new FutureTrailers(body.#waiting);
  }

  [Symbol.dispose](): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    // Nobody will read it; that it cannot be given up either is nobody's concern.
    void this.#bytes?.cancel().catch(() => undefined);
  }
}

/** `wasi:http/types`: the trailers of a message that came. `fetch` does not tell them: there are none. */
export class FutureTrailers {
  readonly #waiting: Waiting;
  #isTaken = false;

  constructor(waiting: Waiting) {
    this.#waiting = waiting;
  }

  subscribe(): Pollable {
    return new Pollable(ALWAYS_READY, this.#waiting);
  }

  /** Once. */
  get(): object {
    if (this.#isTaken) return { tag: "err", val: undefined };
    this.#isTaken = true;
    return { tag: "ok", val: { tag: "ok", val: undefined } };
  }
}
