import { type HttpErrorCode, REQUEST_DENIED } from "../network/guest-fetch.ts";
import type { IoError } from "./error.ts";
import { Fields } from "./http-fields.ts";
import { FutureTrailers, IncomingBody } from "./http-incoming-body.ts";
import { OutgoingBody } from "./http-outgoing-body.ts";
import { type Method, OutgoingRequest, RequestOptions, type Scheme } from "./http-request.ts";
import { FutureIncomingResponse, IncomingResponse, OutgoingResponse } from "./http-response.ts";
import { Pending } from "./pending.ts";
import { unusedResource } from "./unused-resource.ts";
import type { InterfaceMakers, WasiInstance } from "./wasi-instance.ts";

/**
 * `wasi:http`: requests by the `fetch` that was granted. Without one a guest can put together what it likes, and is denied when it sends
 * it. Redirections are the guest's to follow: where they lead is another request.
 */

const NANOSECONDS_PER_MS = 1_000_000n;
const MAX_TIMER_MS = 2_147_483_647n;

function handle(wasi: WasiInstance, request: OutgoingRequest, options?: RequestOptions): FutureIncomingResponse {
  const { fetch } = wasi.settings;
  if (fetch === undefined) {
    request.queue.abandon();
    throw REQUEST_DENIED;
  }
  const sent = webRequest(request, signalFor(wasi, options));
  return new FutureIncomingResponse(new Pending("a response", fetch(sent)), wasi.waiting);
}

function signalFor({ ended }: WasiInstance, options: RequestOptions | undefined): AbortSignal {
  const limits = [options?.connectTimeout(), options?.firstByteTimeout()].filter((limit) => limit !== undefined);
  if (limits.length === 0) return ended;
  const ms = limits.reduce((sum, limit) => sum + limit, 0n) / NANOSECONDS_PER_MS;
  return AbortSignal.any([ended, AbortSignal.timeout(Number(ms > MAX_TIMER_MS ? MAX_TIMER_MS : ms))]);
}

function webRequest(request: OutgoingRequest, signal: AbortSignal): Request {
  const method = methodOf(request.method());
  const url = urlOf(request);
  const isBodiless = method === "GET" || method === "HEAD";
  if (isBodiless && !request.queue.isEmpty) throw { tag: "HTTP-protocol-error" } satisfies HttpErrorCode;
  if (isBodiless || !request.hasBody) request.queue.finish();
  const headers = request.headers().entries();
  const init: RequestInit = {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, Buffer.from(value).toString("latin1")]),
    redirect: "manual",
    signal,
  };
  try {
    if (isBodiless || !request.hasBody) return new Request(url, init);
    return new Request(url, { ...init, body: ReadableStream.from(request.queue.bytes()), duplex: "half" });
  } catch (error) {
    // CONNECT and its like: `fetch` sends none.
    if (error instanceof TypeError) throw { tag: "HTTP-request-method-invalid" } satisfies HttpErrorCode;
    throw error;
  }
}

function methodOf(method: Method): string {
  return (method.tag === "other" ? (method.val ?? "") : method.tag).toUpperCase();
}

/** What the parts say together must be what each says: no part may reach into another. */
function urlOf(request: OutgoingRequest): URL {
  const [authority, path] = [request.authority() ?? "", request.pathWithQuery() ?? "/"];
  const scheme = schemeOf(request.scheme());
  const text = `${scheme}://${authority}${path.startsWith("/") || path === "" ? path : `/${path}`}`;
  const url = URL.parse(text);
  if (authority === "" || url === null || url.username !== "" || url.password !== "" || url.hash !== "") {
    throw { tag: "HTTP-request-URI-invalid" } satisfies HttpErrorCode;
  }
  return url;
}

function schemeOf(scheme: Scheme | undefined): "http" | "https" {
  if (scheme?.tag === "other") throw { tag: "HTTP-request-URI-invalid" } satisfies HttpErrorCode;
  return scheme?.tag === "HTTP" ? "http" : "https";
}

function httpErrorCode({ failure }: IoError): HttpErrorCode | undefined {
  return failure.kind === "http" ? failure.code : undefined;
}

/** Resources that a guest makes itself are made for its instance. */
function typesFor({ waiting }: WasiInstance): object {
  return {
    Fields,
    FutureIncomingResponse,
    FutureTrailers,
    IncomingBody,
    IncomingRequest: unusedResource(),
    IncomingResponse,
    OutgoingBody,
    OutgoingRequest: class extends OutgoingRequest {
      constructor(headers: Fields) {
        super(headers, waiting);
      }
    },
    OutgoingResponse: class extends OutgoingResponse {
      constructor(headers: Fields) {
        super(headers, waiting);
      }
    },
    RequestOptions,
    ResponseOutparam: unusedResource(),
    httpErrorCode,
  };
}

export const httpInterfaces: InterfaceMakers = {
  "wasi:http/types": typesFor,
  "wasi:http/outgoing-handler": (wasi) => ({
    handle: (request: OutgoingRequest, options?: RequestOptions) => handle(wasi, request, options),
  }),
};
