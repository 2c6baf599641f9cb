import type { HttpErrorCode } from "../network/guest-fetch.ts";
import { IoError } from "./error.ts";

/** By the codes of Node and of its `fetch`. */
const TAGS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connection-refused"],
  ["ECONNRESET", "connection-terminated"],
  ["EHOSTUNREACH", "destination-unavailable"],
  ["ENETUNREACH", "destination-unavailable"],
  ["EPIPE", "connection-terminated"],
  ["ETIMEDOUT", "connection-timeout"],
  ["CERT_HAS_EXPIRED", "TLS-certificate-error"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "TLS-certificate-error"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "TLS-certificate-error"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "TLS-certificate-error"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "TLS-certificate-error"],
  ["UND_ERR_BODY_TIMEOUT", "connection-read-timeout"],
  ["UND_ERR_CONNECT_TIMEOUT", "connection-timeout"],
  ["UND_ERR_HEADERS_TIMEOUT", "HTTP-response-timeout"],
  ["UND_ERR_SOCKET", "connection-terminated"],
]);

/**
 * What a guest is told for what a fetch was rejected with: a plain value is the code itself, a TypeError is how `fetch` reports what the
 * network refused, and a DOMException that time was up. Nothing of the host's own words. Throws any other Error: the host's failure.
 */
export function httpErrorOf(thrown: unknown): HttpErrorCode {
  if (thrown instanceof DOMException) return { tag: "HTTP-response-timeout" };
  if (thrown instanceof TypeError) {
    const code = codeOf(thrown.cause);
    if (code === "ENOTFOUND" || code === "EAI_AGAIN") return { tag: "DNS-error", val: {} };
    const tag = TAGS.get(code);
    return tag === undefined ? { tag: "internal-error", val: undefined } : { tag };
  }
  if (thrown instanceof Error || typeof thrown !== "object" || thrown === null || !("tag" in thrown)) throw thrown;
  return { ...thrown, tag: String(thrown.tag) };
}

/** The same, for a body. */
export function bodyFailureOf(thrown: unknown): IoError {
  return new IoError({ kind: "http", code: httpErrorOf(thrown) });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
