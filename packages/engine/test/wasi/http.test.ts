import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { BadOptionError, fetchFrom, type GuestFetch, REQUEST_DENIED } from "../../src/index.ts";
import { IoError } from "../../src/wasi/error.ts";
import { httpErrorOf } from "../../src/wasi/http-error.ts";
import { Fields } from "../../src/wasi/http-fields.ts";
import { FutureTrailers, IncomingBody } from "../../src/wasi/http-incoming-body.ts";
import { BodyQueue, OutgoingBody } from "../../src/wasi/http-outgoing-body.ts";
import { OutgoingRequest, RequestOptions } from "../../src/wasi/http-request.ts";
import { FutureIncomingResponse, IncomingResponse, OutgoingResponse } from "../../src/wasi/http-response.ts";
import { Pending } from "../../src/wasi/pending.ts";
import { WasiInstance } from "../../src/wasi/wasi-instance.ts";
import { thrownBy } from "../fixtures.ts";
import { guestInterface, resource } from "./guest-interface.ts";

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const text = (content: Uint8Array): string => Buffer.from(content).toString();

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

/** The authority of a server on this machine. */
async function serving(act: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(act).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const found = server.address();
  return `127.0.0.1:${typeof found === "object" && found !== null ? found.port : 0}`;
}

const patient = (fetch: GuestFetch): WasiInstance => new WasiInstance({ fetch }, "may-wait");

function requestTo(wasi: WasiInstance, authority: string, path = "/", headers = new Fields()): OutgoingRequest {
  const request = new OutgoingRequest(headers, wasi.waiting);
  request.setScheme({ tag: "HTTP" });
  request.setAuthority(authority);
  request.setPathWithQuery(path);
  return request;
}

function send(wasi: WasiInstance, request: OutgoingRequest, options?: RequestOptions): FutureIncomingResponse {
  return resource(FutureIncomingResponse, guestInterface("http/outgoing-handler", wasi)("handle", request, options));
}

/** What came of a request: the response, or the code. */
async function outcomeOf(future: FutureIncomingResponse): Promise<unknown> {
  await future.subscribe().block();
  const answer: unknown = future.get();
  expect(answer).toMatchObject({ tag: "ok" });
  expect(future.get()).toEqual({ tag: "err", val: undefined });
  const outcome: unknown = Reflect.get(Object(answer), "val");
  return Reflect.get(Object(outcome), "val");
}

const responseOf = async (future: FutureIncomingResponse): Promise<IncomingResponse> =>
  resource(IncomingResponse, await outcomeOf(future));

async function bodyOf(response: IncomingResponse): Promise<string> {
  const stream = response.consume().stream();
  let content = "";
  try {
    for (;;) content += text(await stream.blockingRead(1_000n));
  } catch (thrown) {
    if (Reflect.get(Object(thrown), "tag") !== "closed") throw thrown;
  }
  return content;
}

describe("an instance without a fetch", () => {
  it("may put together a request, and is denied when it sends it", () => {
    const wasi = new WasiInstance();
    const request = requestTo(wasi, "example.com");
    const body = request.body();
    body.write().write(bytes("unheard"));
    expect(thrownBy(() => send(wasi, request))).toBe(REQUEST_DENIED);
    expect(body.queue.room()).toBeUndefined();
  });
});

describe("a request", () => {
  it("is sent as it was put together, and answered", async () => {
    const seen: unknown[] = [];
    const authority = await serving((request, response) => {
      seen.push(request.method, request.url, request.headers["x-tenant"], request.headers.host);
      response.setHeader("x-answer", "42").end("hello");
    });
    const wasi = patient(fetchFrom([`http://${authority}`]));
    const headers = Fields.fromList([["X-Tenant", bytes("blue")]]);
    const future = send(wasi, requestTo(wasi, authority, "/a?b=c", headers));
    expect(future.get()).toBeUndefined();
    const response = await responseOf(future);
    expect(response.status()).toBe(200);
    expect(response.headers().get("X-ANSWER").map(text)).toEqual(["42"]);
    expect(thrownBy(() => response.headers().append("a", bytes("b")))).toEqual({ tag: "immutable" });
    expect(await bodyOf(response)).toBe("hello");
    expect(seen).toEqual(["GET", "/a?b=c", "blue", authority]);
    expect(isRefused(() => response.consume())).toBe(true);
    wasi[Symbol.dispose]();
  });

  it("carries a body, written before it is sent and after", async () => {
    const authority = await serving((request, response) => {
      request.pipe(response);
    });
    const wasi = patient(fetchFrom([`http://${authority}`]));
    const request = requestTo(wasi, authority);
    request.setMethod({ tag: "post" });
    const body = request.body();
    const stream = body.write();
    await stream.blockingWriteAndFlush(bytes("before "));
    const future = send(wasi, request);
    await stream.blockingWriteAndFlush(bytes("and after"));
    OutgoingBody.finish(body, undefined);
    expect(await bodyOf(await responseOf(future))).toBe("before and after");
  });

  it("that is abandoned in the middle of its body is not taken for whole", async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<boolean>();
    const authority = await serving((request) => {
      request.on("error", () => undefined).on("close", () => ended.resolve(request.complete));
      request.on("data", () => begun.resolve());
    });
    const wasi = patient(fetchFrom([`http://${authority}`]));
    const request = requestTo(wasi, authority);
    request.setMethod({ tag: "put" });
    const body = request.body();
    const future = send(wasi, request);
    await body.write().blockingWriteAndFlush(bytes("only the beginning"));
    await begun.promise;
    body[Symbol.dispose]();
    expect(await outcomeOf(future)).toMatchObject({ tag: "internal-error" });
    expect(await ended.promise).toBe(false);
  });

  it("goes to no other origin than was granted, redirections included", async () => {
    const elsewhere = await serving((_request, response) => response.end("secret"));
    const authority = await serving((_request, response) => {
      response.writeHead(302, { location: `http://${elsewhere}/` }).end();
    });
    const wasi = patient(fetchFrom([`http://${authority}/`]));
    expect(await outcomeOf(send(wasi, requestTo(wasi, elsewhere)))).toEqual(REQUEST_DENIED);
    const response = await responseOf(send(wasi, requestTo(wasi, authority)));
    expect(response.status()).toBe(302);
    expect(response.headers().get("location").map(text)).toEqual([`http://${elsewhere}/`]);
    response[Symbol.dispose]();
  });

  it("is refused where its parts do not make a URL, or a method that is sent", async () => {
    const wasi = patient(() => Promise.reject(new RangeError("unused")));
    const invalid = { tag: "HTTP-request-URI-invalid" };
    const noAuthority = new OutgoingRequest(new Fields(), wasi.waiting);
    expect(thrownBy(() => send(wasi, noAuthority))).toEqual(invalid);
    const other = requestTo(wasi, "example.com");
    other.setScheme({ tag: "other", val: "ftp" });
    expect(thrownBy(() => send(wasi, other))).toEqual(invalid);
    expect(thrownBy(() => send(wasi, requestTo(wasi, "example.com:99999")))).toEqual(invalid);
    const connect = requestTo(wasi, "example.com");
    connect.setMethod({ tag: "connect" });
    expect(thrownBy(() => send(wasi, connect))).toEqual({ tag: "HTTP-request-method-invalid" });
    const get = requestTo(wasi, "example.com");
    get.body().write().write(bytes("a GET says nothing"));
    expect(thrownBy(() => send(wasi, get))).toEqual({ tag: "HTTP-protocol-error" });
  });

  it("waits no longer than the guest is willing to", async () => {
    const authority = await serving(() => undefined);
    const wasi = patient(fetchFrom([`http://${authority}`]));
    const options = new RequestOptions();
    options.setFirstByteTimeout(1_000_000n);
    options.setConnectTimeout(1_000_000n);
    expect(await outcomeOf(send(wasi, requestTo(wasi, authority), options))).toEqual({ tag: "HTTP-response-timeout" });
  });

  it("tells what the network refused, and ends with the instance", async () => {
    const authority = await serving(() => undefined);
    const gone = await serving(() => undefined);
    servers.pop()?.close();
    const wasi = patient(fetchFrom([`http://${authority}`, `http://${gone}`]));
    expect(await outcomeOf(send(wasi, requestTo(wasi, gone)))).toEqual({ tag: "connection-refused" });
    const waiting = send(wasi, requestTo(wasi, authority)).subscribe().block();
    wasi[Symbol.dispose]();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });

  it("is the host's failure where the fetch that was granted fails itself", async () => {
    const wasi = patient(() => Promise.reject(new RangeError("a bug")));
    const future = send(wasi, requestTo(wasi, "example.com"));
    await future.subscribe().block();
    expect(thrownBy(() => future.get())).toBeInstanceOf(RangeError);
  });
});

describe("the parts of a request", () => {
  it("are as they were set, or as they were where that was no such part", () => {
    const request = new OutgoingRequest(new Fields(), "refused");
    expect([request.method(), request.scheme(), request.authority(), request.pathWithQuery()]).toEqual([
      { tag: "get" },
      undefined,
      undefined,
      undefined,
    ]);
    request.setMethod({ tag: "other", val: "PURGE" });
    request.setScheme({ tag: "HTTPS" });
    request.setAuthority("[::1]:8080");
    request.setPathWithQuery("/a/b?c");
    let refused = 0;
    for (const set of [
      (): void => request.setMethod({ tag: "other", val: "A B" }),
      (): void => request.setScheme({ tag: "other", val: "1:" }),
      (): void => request.setAuthority("user@host"),
      (): void => request.setAuthority("host/path"),
      (): void => request.setPathWithQuery("no-slash"),
      (): void => request.setPathWithQuery("/a b"),
      (): void => request.setPathWithQuery("/a#b"),
      (): void => request.setPathWithQuery("/a\r\nb"),
    ]) {
      try {
        set();
      } catch (thrown) {
        refused += thrown === undefined ? 1 : 0;
      }
    }
    expect(refused).toBe(8);
    expect([request.method(), request.scheme(), request.authority(), request.pathWithQuery()]).toEqual([
      { tag: "other", val: "PURGE" },
      { tag: "HTTPS" },
      "[::1]:8080",
      "/a/b?c",
    ]);
    expect(request.body()).toBeInstanceOf(OutgoingBody);
    expect(isRefused(() => request.body())).toBe(true);
    expect(thrownBy(() => request.headers().append("a", bytes("b")))).toEqual({ tag: "immutable" });
    request[Symbol.dispose]();
  });

  it("include how long to wait, as far as that is kept", () => {
    const options = new RequestOptions();
    expect([options.connectTimeout(), options.firstByteTimeout(), options.betweenBytesTimeout()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    options.setConnectTimeout(1n);
    options.setFirstByteTimeout(2n);
    options.setBetweenBytesTimeout(undefined);
    expect([options.connectTimeout(), options.firstByteTimeout()]).toEqual([1n, 2n]);
    expect(isRefused(() => options.setBetweenBytesTimeout(3n))).toBe(true);
  });
});

describe("fields", () => {
  it("are the same in any case, and keep their order and their bytes", () => {
    const fields = Fields.fromList([
      ["A", bytes("1")],
      ["b", Uint8Array.of(0xff)],
    ]);
    fields.append("a", bytes("2"));
    expect(fields.get("A").map(text)).toEqual(["1", "2"]);
    expect(fields.has("B")).toBe(true);
    expect(fields.has("c")).toBe(false);
    expect(fields.get("c")).toEqual([]);
    const copy = fields.clone();
    fields.set("a", [bytes("3")]);
    fields.delete("b");
    expect(fields.entries()).toEqual([["a", bytes("3")]]);
    expect(copy.entries()).toHaveLength(3);
  });

  it("are refused where they are none, are not the guest's, or are too many", () => {
    const fields = new Fields();
    for (const [name, value, tag] of [
      ["a b", "", "invalid-syntax"],
      ["", "", "invalid-syntax"],
      ["a", "b\r\nc: d", "invalid-syntax"],
      ["a", "b\0", "invalid-syntax"],
      ["Host", "elsewhere", "forbidden"],
      ["transfer-encoding", "chunked", "forbidden"],
      ["a", "x".repeat(70_000), "forbidden"],
    ] as const) {
      expect(thrownBy(() => fields.append(name, bytes(value)))).toEqual({ tag });
      expect(thrownBy(() => fields.set(name, [bytes(value)]))).toEqual({ tag });
      expect(thrownBy(() => Fields.fromList([[name, bytes(value)]]))).toEqual({ tag });
    }
    expect(thrownBy(() => fields.delete("a b"))).toEqual({ tag: "invalid-syntax" });
    expect(fields.entries()).toEqual([]);
    const frozen = Fields.fromList([["a", bytes("1")]]).freeze();
    for (const change of [(): void => frozen.set("a", []), (): void => frozen.delete("a")]) {
      expect(thrownBy(change)).toEqual({ tag: "immutable" });
    }
    expect(frozen.clone().get("a").map(text)).toEqual(["1"]);
  });
});

describe("a body on its way out", () => {
  it("takes so much before anybody takes it, and waits for more room", async () => {
    const wasi = new WasiInstance({}, "may-wait");
    const body = new OutgoingBody(new BodyQueue(), wasi.waiting);
    const stream = body.write();
    expect(isRefused(() => body.write())).toBe(true);
    let written = 0n;
    for (let room = stream.checkWrite(); room > 0n; room = stream.checkWrite()) {
      stream.write(new Uint8Array(Number(room)));
      written += room;
    }
    expect(written).toBe(1_048_576n);
    const waiting = Promise.resolve(stream.blockingWriteAndFlush(bytes("one more")));
    const taken = body.queue.bytes();
    expect((await taken.next()).value).toHaveLength(65_536);
    await waiting;
    OutgoingBody.finish(body, new Fields());
    expect(thrownBy(() => stream.write(bytes("late")))).toEqual({ tag: "closed" });
    let rest = "";
    for await (const chunk of taken) rest = text(chunk);
    expect(rest).toBe("one more");
  });

  it("has no trailers", () => {
    const body = new OutgoingBody(new BodyQueue(), "refused");
    expect(thrownBy(() => OutgoingBody.finish(body, Fields.fromList([["a", bytes("b")]])))).toMatchObject({
      tag: "internal-error",
    });
  });
});

describe("a response that came", () => {
  it("says nothing of an encoding that was undone", async () => {
    const authority = await serving((_request, response) => {
      const content = gzipSync("unpacked");
      response.writeHead(200, { "content-encoding": "gzip", "content-length": content.length }).end(content);
    });
    const wasi = patient(fetchFrom([`http://${authority}`]));
    const response = await responseOf(send(wasi, requestTo(wasi, authority)));
    expect(response.headers().has("content-encoding")).toBe(false);
    expect(response.headers().has("content-length")).toBe(false);
    expect(await bodyOf(response)).toBe("unpacked");
  });

  it("fails where it breaks off", async () => {
    const authority = await serving((_request, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("half", () => response.destroy());
    });
    const wasi = patient(fetchFrom([`http://${authority}`]));
    const stream = (await responseOf(send(wasi, requestTo(wasi, authority)))).consume().stream();
    expect(text(await stream.blockingRead(100n))).toBe("half");
    const broken = Promise.resolve(stream.blockingRead(100n));
    await expect(broken).rejects.toMatchObject({ tag: "last-operation-failed", val: expect.any(IoError) });
    const failure: unknown = await broken.catch((thrown: unknown) => Reflect.get(Object(thrown), "val"));
    expect(guestInterface("http/types")("httpErrorCode", failure)).toEqual({ tag: "connection-terminated" });
  });

  it("is read once, and has no trailers", () => {
    const body = new IncomingBody(undefined, "refused");
    body.stream();
    expect(isRefused(() => body.stream())).toBe(true);
    const trailers = IncomingBody.finish(body);
    expect(trailers).toBeInstanceOf(FutureTrailers);
    expect(trailers.subscribe().ready()).toBe(true);
    expect(trailers.get()).toEqual({ tag: "ok", val: { tag: "ok", val: undefined } });
    expect(trailers.get()).toEqual({ tag: "err", val: undefined });
  });

  it("may be let go of unread, at any time", async () => {
    const cancelled: string[] = [];
    const streamed = (name: string): Response => {
      const body = new ReadableStream({ cancel: () => void cancelled.push(name) });
      return new Response(body);
    };
    new IncomingResponse(streamed("response"), "refused")[Symbol.dispose]();
    new IncomingResponse(streamed("body"), "refused").consume()[Symbol.dispose]();
    new IncomingResponse(streamed("stream"), "refused").consume().stream()[Symbol.dispose]();
    const future = new FutureIncomingResponse(new Pending("none", new Promise<Response>(() => undefined)), "refused");
    expect(thrownBy(() => future.subscribe().block())).toMatchObject({ code: "ENGINE_BLOCKING_WAIT" });
    await Promise.resolve();
    expect(cancelled).toEqual(["response", "body", "stream"]);
  });
});

describe("a response that a guest puts together", () => {
  it("has a status, headers and a body", () => {
    const response = new OutgoingResponse(Fields.fromList([["a", bytes("1")]]), "refused");
    expect(response.statusCode()).toBe(200);
    response.setStatusCode(404);
    expect(isRefused(() => response.setStatusCode(1000))).toBe(true);
    expect(response.statusCode()).toBe(404);
    expect(response.headers().has("a")).toBe(true);
    response.body();
    expect(isRefused(() => response.body())).toBe(true);
  });
});

function failed(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("to /secret"), { code }) });
}

describe("what a fetch is rejected with", () => {
  it("is told in the words of WASI, and none of the host's", () => {
    expect(httpErrorOf(failed("ENOTFOUND"))).toEqual({ tag: "DNS-error", val: {} });
    expect(httpErrorOf(failed("CERT_HAS_EXPIRED"))).toEqual({ tag: "TLS-certificate-error" });
    expect(httpErrorOf(failed("ESOMETHING"))).toEqual({ tag: "internal-error", val: undefined });
    expect(httpErrorOf(new TypeError("none"))).toEqual({ tag: "internal-error", val: undefined });
    expect(httpErrorOf(REQUEST_DENIED)).toEqual(REQUEST_DENIED);
    expect(guestInterface("http/types")("httpErrorCode", new IoError({ kind: "file", code: "io" }))).toBeUndefined();
  });
});

describe("an origin", () => {
  it("is matched whole", async () => {
    const grantedFetch = fetchFrom(["https://api.example.com"], () => Promise.resolve(new Response("sent")));
    expect(await (await grantedFetch(new Request("https://api.example.com/a"))).text()).toBe("sent");
    for (const url of [
      "http://api.example.com/",
      "https://api.example.com:8443/",
      "https://api.example.com.evil.net/",
      "https://evil-api.example.com/",
      "https://example.com/",
    ]) {
      await expect(grantedFetch(new Request(url))).rejects.toBe(REQUEST_DENIED);
    }
  });

  it("is a scheme, a host and a port, and nothing more", () => {
    for (const origin of ["example.com", "ftp://example.com", "https://example.com/path", "https://example.com?q"]) {
      expect(thrownBy(() => fetchFrom([origin]))).toBeInstanceOf(BadOptionError);
    }
  });
});

/** Whether it throws nothing in particular, which is how a `result` without an error is told. */
function isRefused(act: () => unknown): boolean {
  try {
    act();
  } catch (thrown) {
    return thrown === undefined;
  }
  return false;
}
