import type { HttpErrorCode } from "../network/guest-fetch.ts";
import { Fields } from "./http-fields.ts";
import { httpErrorOf } from "./http-error.ts";
import { IncomingBody } from "./http-incoming-body.ts";
import { BodyQueue, OutgoingBody } from "./http-outgoing-body.ts";
import type { Pending } from "./pending.ts";
import { Pollable, type Waiting } from "./poll.ts";

/** What `fetch` has undone by the time a guest sees the body. */
const UNDONE: ReadonlySet<string> = new Set(["content-encoding", "content-length"]);

/** `wasi:http/types`: a response that came. */
export class IncomingResponse {
  readonly #response: Response;
  readonly #headers: Fields;
  readonly #waiting: Waiting;
  #isConsumed = false;

  constructor(response: Response, waiting: Waiting) {
    const isEncoded = response.headers.has("content-encoding");
    const kept = [...response.headers].filter(([name]) => !(isEncoded && UNDONE.has(name)));
    this.#response = response;
    this.#headers = Fields.received(kept);
    this.#waiting = waiting;
  }

  status(): number {
    return this.#response.status;
  }

  headers(): Fields {
    return this.#headers;
  }

  /** Once. */
  consume(): IncomingBody {
    if (this.#isConsumed) throw undefined;
    this.#isConsumed = true;
    return new IncomingBody(this.#response.body ?? undefined, this.#waiting);
  }

  [Symbol.dispose](): void {
    if (!this.#isConsumed) this.consume()[Symbol.dispose]();
  }
}

/** `wasi:http/types`: a response on its way. */
export class FutureIncomingResponse {
  readonly #response: Pending<Response>;
  readonly #waiting: Waiting;
  #isTaken = false;

  constructor(response: Pending<Response>, waiting: Waiting) {
    this.#response = response;
    this.#waiting = waiting;
  }

  subscribe(): Pollable {
    return new Pollable(this.#response, this.#waiting);
  }

  /** Undefined until there is an answer, and once. */
  get(): object | undefined {
    if (this.#isTaken) return { tag: "err", val: undefined };
    if (!this.#response.isReady()) return undefined;
    this.#isTaken = true;
    return { tag: "ok", val: this.#outcome() };
  }

  #outcome(): { tag: "ok"; val: IncomingResponse } | { tag: "err"; val: HttpErrorCode } {
    try {
      return { tag: "ok", val: new IncomingResponse(this.#response.result(undefined), this.#waiting) };
    } catch (thrown) {
      return { tag: "err", val: httpErrorOf(thrown) };
    }
  }
}

/** `wasi:http/types`: a response that a guest puts together. */
export class OutgoingResponse {
  readonly #headers: Fields;
  readonly #waiting: Waiting;
  readonly #queue = new BodyQueue();
  #status = 200;
  #hasBody = false;

  constructor(headers: Fields, waiting: Waiting) {
    this.#headers = headers.freeze();
    this.#waiting = waiting;
  }

  statusCode(): number {
    return this.#status;
  }

  setStatusCode(status: number): void {
    if (status < 100 || status > 599) throw undefined;
    this.#status = status;
  }

  headers(): Fields {
    return this.#headers;
  }

  /** Once. */
  body(): OutgoingBody {
    if (this.#hasBody) throw undefined;
    this.#hasBody = true;
    return new OutgoingBody(this.#queue, this.#waiting);
  }
}
