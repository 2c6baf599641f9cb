import { RedirectRefusedError } from "../errors.ts";
import { pairsOf } from "../named.ts";
import type { HttpOperation } from "../operation.ts";
import type { HttpResponse } from "./http-response.ts";
import { parseHttpUrl } from "./target.ts";

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Meant for the server they were written for, and for no other. */
const PERSONAL: ReadonlySet<string> = new Set(["authorization", "cookie"]);

/**
 * The request that a response asks for in its place; undefined when it asks for none.
 * @throws RedirectRefusedError for one that is not to be followed
 */
export function redirected(
  operation: HttpOperation,
  { status, headers, url }: HttpResponse,
): HttpOperation | undefined {
  const location = headers.find(([name]) => name === "location")?.[1];
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const from = new URL(url);
  const to = URL.parse(location, url);
  if (to === null) throw new RedirectRefusedError(from.origin, "it leads to no address");
  if (to.protocol !== "http:" && to.protocol !== "https:")
    throw new RedirectRefusedError(from.origin, `it leads to ${to.protocol}`);
  if (from.protocol === "https:" && to.protocol === "http:")
    throw new RedirectRefusedError(from.origin, "it leads from https to http");
  if (to.username !== "" || to.password !== "") throw new RedirectRefusedError(from.origin, "it carries a user");
  to.hash = "";
  parseHttpUrl(to.href);
  const isSame = to.origin === from.origin;
  const kept = pairsOf(operation.headers ?? {}).filter(([name]) => isSame || !PERSONAL.has(name.toLowerCase()));
  const { method = "GET" } = operation;
  const becomesGet = (status === 303 && method !== "HEAD") || (status < 303 && method === "POST");
  if (!becomesGet) return { ...operation, url: to.href, headers: Object.fromEntries(kept) };
  const withoutBody = kept.filter(([name]) => !name.toLowerCase().startsWith("content-"));
  const { body: _, ...rest } = operation;
  return { ...rest, url: to.href, method: "GET", headers: Object.fromEntries(withoutBody) };
}
