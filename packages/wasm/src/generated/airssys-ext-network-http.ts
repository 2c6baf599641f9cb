// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:ext-network/http@1.0.0 **/
/**
 * Any answer of a server is an answer here, whatever its status.
 */
export declare function request(request: HttpRequest): HttpResponse;
export type NetworkError = import('./airssys-core-types-types.ts').NetworkError;
export interface HttpRequest {
  /**
   * Such as `GET`. Not `CONNECT` or `TRACE`.
   */
  method: string,
  /**
   * `http:` or `https:`.
   */
  url: string,
  /**
   * The host sets `host`, `content-length` and whatever else belongs to the connection.
   * Each name once.
   */
  headers: Array<[string, string]>,
  /**
   * Empty for `GET` and `HEAD`.
   */
  body: Uint8Array,
  /**
   * Until the whole answer is there; 1 to 300,000, and never beyond the deadline of the call.
   */
  timeoutMillis: number,
  /**
   * How many redirects are followed, at most 10; each is checked like a request of its own. The one after that is the answer.
   */
  maxRedirects: number,
}
export interface HttpResponse {
  status: number,
  /**
   * Names in lower case.
   */
  headers: Array<[string, string]>,
  /**
   * At most 1 MiB, else `too-large`.
   */
  body: Uint8Array,
}
