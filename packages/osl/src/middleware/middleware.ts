import type { Operation } from "../operation.ts";

/** One operation on its way. */
export interface Call {
  readonly actor: string;
  readonly operation: Operation;
  /** Ends when the operation has to. */
  readonly signal: AbortSignal;
}

/**
 * Stands around the whole of an operation: each `next` is described, decided, audited and performed anew, so middleware can hold an
 * operation back or repeat it, and never lets pass what policy does not.
 */
export interface Middleware {
  readonly name: string;
  readonly around: <Value>(call: Call, next: () => Promise<Value>) => Promise<Value>;
}

/** The first of them is the outermost. */
export function throughAll<Value>(
  middleware: readonly Middleware[],
  call: Call,
  attempt: () => Promise<Value>,
): Promise<Value> {
  return middleware.reduceRight<() => Promise<Value>>(
    (next, { around }) =>
      () =>
        around(call, next),
    attempt,
  )();
}
