import { InvalidOperationError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { pairsOf } from "../named.ts";
import type { HttpMethod, HttpOperation } from "../operation.ts";
import { parseHttpUrl } from "./target.ts";

const METHODS: readonly HttpMethod[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~\dA-Za-z]{1,256}$/;
/** No line end, no other control character, and nothing that is more than one byte. */
const HEADER_VALUE = /^[\t\x20-\x7E\x80-\xFF]{0,8192}$/;
const MOST_HEADERS = 100;

/** How a message is framed, and where it goes, is decided here and not by who writes it. */
const RESERVED = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** @throws InvalidOperationError for what could be read as more than one request, or as another */
export function checkHttp(
  { kind, url, method = "GET", headers = {}, body, maxRedirects = 0 }: HttpOperation,
  { redirects }: Limits,
): void {
  if (typeof url !== "string" || /[\0-\x20\x7F]/.test(url))
    throw new InvalidOperationError(kind, "url", "an address without white space", JSON.stringify(url) ?? typeof url);
  parseHttpUrl(url);
  if (!METHODS.includes(method))
    throw new InvalidOperationError(kind, "method", `one of ${METHODS.join(", ")}`, JSON.stringify(method));
  if (body !== undefined && (method === "GET" || method === "HEAD"))
    throw new InvalidOperationError(kind, "body", `no body with ${method}`, "one");
  if (!Number.isInteger(maxRedirects) || maxRedirects < 0 || maxRedirects > redirects)
    throw new InvalidOperationError(
      kind,
      "maxRedirects",
      `a whole number from 0 to ${redirects}`,
      String(maxRedirects),
    );
  const entries = pairsOf(headers);
  if (entries.length > MOST_HEADERS)
    throw new InvalidOperationError(kind, "headers", `at most ${MOST_HEADERS}`, String(entries.length));
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    if (typeof name !== "string" || !HEADER_NAME.test(name))
      throw new InvalidOperationError(kind, "headers", "a name that is a token", JSON.stringify(name) ?? typeof name);
    const key = name.toLowerCase();
    if (RESERVED.has(key) || key.startsWith("proxy-"))
      throw new InvalidOperationError(kind, "headers", "no header that frames or routes", JSON.stringify(name));
    if (seen.has(key)) throw new InvalidOperationError(kind, "headers", "each name once", JSON.stringify(name));
    seen.add(key);
    if (typeof value !== "string" || !HEADER_VALUE.test(value))
      throw new InvalidOperationError(kind, `headers.${key}`, "one line of single-byte characters", "something else");
  }
}
