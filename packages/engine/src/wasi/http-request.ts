import type { Fields } from "./http-fields.ts";
import { BodyQueue, OutgoingBody } from "./http-outgoing-body.ts";
import type { Waiting } from "./poll.ts";

export type Method = { readonly tag: string; readonly val?: string };
export type Scheme = { readonly tag: "HTTP" | "HTTPS" } | { readonly tag: "other"; readonly val: string };

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a path and an authority are made of; neither may end before it seems to. */
const PATH = /^[/?][!"$-~]*$/;
const AUTHORITY = /^[A-Za-z0-9._~%!$&'()*+,;=:[\]-]+$/;

/** `wasi:http/types`: a request that a guest puts together. A setter that throws has changed nothing. */
export class OutgoingRequest {
  readonly #waiting: Waiting;
  readonly #headers: Fields;
  readonly queue: BodyQueue = new BodyQueue();
  #hasBody = false;
  #method: Method = { tag: "get" };
  #path: string | undefined;
  #scheme: Scheme | undefined;
  #authority: string | undefined;

  constructor(headers: Fields, waiting: Waiting) {
    this.#headers = headers.freeze();
    this.#waiting = waiting;
  }

  /** Once. */
  body(): OutgoingBody {
    if (this.#hasBody) throw undefined;
    this.#hasBody = true;
    return new OutgoingBody(this.queue, this.#waiting);
  }

  /** Whether the guest asked for its body. */
  get hasBody(): boolean {
    return this.#hasBody;
  }

  method(): Method {
    return this.#method;
  }

  setMethod(method: Method): void {
    if (method.tag === "other" && !TOKEN.test(method.val ?? "")) throw undefined;
    this.#method = method;
  }

  pathWithQuery(): string | undefined {
    return this.#path;
  }

  setPathWithQuery(path: string | undefined): void {
    if (path !== undefined && path !== "" && !PATH.test(path)) throw undefined;
    this.#path = path;
  }

  scheme(): Scheme | undefined {
    return this.#scheme;
  }

  setScheme(scheme: Scheme | undefined): void {
    if (scheme?.tag === "other" && !/^[a-z][a-z0-9+.-]*$/i.test(scheme.val)) throw undefined;
    this.#scheme = scheme;
  }

  authority(): string | undefined {
    return this.#authority;
  }

  setAuthority(authority: string | undefined): void {
    if (authority !== undefined && !AUTHORITY.test(authority)) throw undefined;
    this.#authority = authority;
  }

  headers(): Fields {
    return this.#headers;
  }

  [Symbol.dispose](): void {
    if (!this.#hasBody) this.queue.abandon();
  }
}

/** `wasi:http/types`: how long a guest is willing to wait, in nanoseconds. */
export class RequestOptions {
  #connectTimeout: bigint | undefined;
  #firstByteTimeout: bigint | undefined;

  connectTimeout(): bigint | undefined {
    return this.#connectTimeout;
  }

  setConnectTimeout(duration: bigint | undefined): void {
    this.#connectTimeout = duration;
  }

  firstByteTimeout(): bigint | undefined {
    return this.#firstByteTimeout;
  }

  setFirstByteTimeout(duration: bigint | undefined): void {
    this.#firstByteTimeout = duration;
  }

  betweenBytesTimeout(): undefined {
    return undefined;
  }

  /** Is not kept, and says so. */
  setBetweenBytesTimeout(duration: bigint | undefined): void {
    if (duration !== undefined) throw undefined;
  }
}
