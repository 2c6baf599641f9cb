import { type IncomingMessage, request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { joined } from "../files/file-bytes.ts";
import { LimitExceededError, OperationFailedError, RedirectRefusedError } from "../errors.ts";
import { pairsOf } from "../named.ts";
import type { HttpOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import type { HttpResponse } from "./http-response.ts";
import { redirected } from "./redirect.ts";
import { grantedAddresses } from "./resolver.ts";
import { bareHost, type HttpUrl, parseHttpUrl, targetOf } from "./target.ts";

/** Follows redirects, each of which policy is asked for as for a request of its own. */
export async function requestOverHttp(first: HttpOperation, performing: Performing): Promise<HttpResponse> {
  let operation = first;
  for (let hops = 0; ; hops += 1) {
    const address = parseHttpUrl(operation.url);
    // The first was asked for before anything was performed.
    if (hops > 0) performing.authorize({ kind: "connect", target: targetOf(address) });
    const response = await exchange(operation, address, performing);
    if (hops === first.maxRedirects) return response;
    const next = redirected(operation, response);
    if (next === undefined) return response;
    if (hops === performing.limits.redirects)
      throw new RedirectRefusedError(address.url.origin, `it is more than the ${hops} that are followed`);
    operation = next;
  }
}

async function exchange(
  operation: HttpOperation,
  { url, host, port }: HttpUrl,
  performing: Performing,
): Promise<HttpResponse> {
  const { signal, charge, limits } = performing;
  const { method = "GET", headers = {}, body } = operation;
  const addresses = await grantedAddresses({ host, port }, performing);
  await charge(0, body?.length ?? 0);
  const options: RequestOptions = {
    host: bareHost(host),
    port,
    path: url.pathname + url.search,
    method,
    headers: {
      ...Object.fromEntries(pairsOf(headers)),
      ...((body !== undefined || method === "POST" || method === "PUT" || method === "PATCH") && {
        "content-length": body?.length ?? 0,
      }),
    },
    // A connection that is kept would be used again without anybody being asked.
    agent: false,
    lookup: lookupAmong(addresses),
    signal,
    insecureHTTPParser: false,
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (url.protocol === "https:" ? requestHttps : requestHttp)(options);
  request.once("response", resolve);
  request.on("error", (error) => reject(error));
  request.once("upgrade", (_response, socket) => {
    socket.destroy();
    reject(new OperationFailedError(operation.kind, "EPROTO"));
  });
  request.end(body);
  try {
    const response = await promise;
    const pieces: Uint8Array[] = [];
    let received = 0;
    const most = Math.min(operation.mostResponseBytes ?? Infinity, limits.responseBytes);
    for await (const piece of response as AsyncIterable<Buffer>) {
      received += piece.length;
      if (received > most) throw new LimitExceededError(`the response of ${url.origin}`, most, "bytes");
      await charge(piece.length, 0);
      pieces.push(piece);
    }
    return {
      status: response.statusCode ?? 0,
      headers: headersIn(response.rawHeaders),
      body: joined(pieces),
      url: url.href,
    };
  } finally {
    request.destroy();
  }
}

/** Gives the connection the addresses that policy granted, so that the name is not looked up once more. */
export function lookupAmong(addresses: readonly string[]): LookupFunction {
  return (_name, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const [{ address, family } = { address: "", family: 0 }] = found;
    if (all === true) callback(null, found);
    else callback(null, address, family);
  };
}

function headersIn(raw: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    (raw[index * 2] ?? "").toLowerCase(),
    raw[index * 2 + 1] ?? "",
  ]);
}
