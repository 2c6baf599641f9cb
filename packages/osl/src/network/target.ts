import { InvalidOperationError } from "../errors.ts";

/** Where to connect. */
export interface Endpoint {
  /** A name or an address, as written. */
  readonly host: string;
  readonly port: number;
}

/** As policy names it: `host:port`, an IPv6 address in brackets. */
export function targetOf({ host, port }: Endpoint): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Without brackets, as sockets take it. */
export function bareHost(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

export interface HttpUrl extends Endpoint {
  readonly url: URL;
}

/** @throws InvalidOperationError for what is no address of http or https, or has a user or password in it */
export function parseHttpUrl(text: string): HttpUrl {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new InvalidOperationError("http.request", "url", "an address of http or https", JSON.stringify(text));
  if (url.username !== "" || url.password !== "")
    throw new InvalidOperationError("http.request", "url", "an address without a user", "one with a user");
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { url, host: url.hostname, port };
}
