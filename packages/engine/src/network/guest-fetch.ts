/** What a request was refused with, as `wasi:http/types` has it. */
export interface HttpErrorCode {
  readonly tag: string;
  readonly val?: unknown;
}

/** What a guest is told when nobody granted it the request. */
export const REQUEST_DENIED: HttpErrorCode = { tag: "HTTP-request-denied" };

/**
 * What sends the requests of a guest: a capability, handed to the instance as a value, which decides what is sent. Rejects with an
 * HttpErrorCode, a plain value, for what it denies; with a TypeError, as `fetch` does, for what the network refused; and with any other
 * Error when it fails itself, which kills the instance.
 */
export type GuestFetch = (request: Request) => Promise<Response>;
