import { BadOptionError } from "../errors.ts";
import { type GuestFetch, REQUEST_DENIED } from "./guest-fetch.ts";

/**
 * A fetch that sends what goes to one of these origins, such as `https://api.example.com`, and denies all else. An origin is matched whole:
 * scheme, host and port. Throws BadOptionError for what is no origin.
 */
export function fetchFrom(origins: readonly string[], send: GuestFetch = (request) => fetch(request)): GuestFetch {
  const allowed = new Set(origins.map(originOf));
  return async (request) => {
    if (!allowed.has(new URL(request.url).origin)) throw REQUEST_DENIED;
    return send(request);
  };
}

function originOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new BadOptionError("origins", "such as https://api.example.com", text);
  }
  return url.origin;
}
