import type { MessagingError } from "./generated/airssys-core-types-types.ts";
import { toMessagingError } from "./messaging-error.ts";

/** How a request ended, as `handle-callback` is told. */
export type RequestOutcome =
  | { readonly tag: "ok"; readonly val: Uint8Array }
  | { readonly tag: "err"; readonly val: MessagingError };

/** The end of a request, on its way to the component that made it. */
export interface Callback {
  readonly kind: "callback";
  readonly id: string;
  readonly outcome: RequestOutcome;
}

/** Has a promise's outcome handled as a message of this incarnation, or of nobody when that is over. */
export type PipeToSelf = (
  work: Promise<unknown>,
  toMessage: (outcome: PromiseSettledResult<unknown>) => Callback,
) => void;

/** One counter for the process: an id is never given twice, however often a component restarts. */
let lastId = 0;

/**
 * The requests that one incarnation waits for. Each ends in exactly one callback, unless it was cancelled or the incarnation
 * ended before: a fresh incarnation never hears of its predecessor's requests.
 */
export class OutstandingRequests {
  readonly #open = new Set<string>();
  readonly #pipeToSelf: PipeToSelf;

  constructor(pipeToSelf: PipeToSelf) {
    this.#pipeToSelf = pipeToSelf;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Waits for a reply and returns the id of the request. */
  open(reply: Promise<unknown>): string {
    const id = `request-${++lastId}`;
    this.#open.add(id);
    this.#pipeToSelf(reply, (outcome) => ({ kind: "callback", id, outcome: toRequestOutcome(outcome) }));
    return id;
  }

  /** Ends one; false when it had ended. Both a cancelled request and one whose callback is being handled end here. */
  close(id: string): boolean {
    return this.#open.delete(id);
  }
}

/** A handler that returns nothing has replied: with an empty payload. */
function toRequestOutcome(outcome: PromiseSettledResult<unknown>): RequestOutcome {
  if (outcome.status === "rejected") return { tag: "err", val: toMessagingError(outcome.reason) };
  if (outcome.value === undefined) return { tag: "ok", val: new Uint8Array() };
  if (outcome.value instanceof Uint8Array) return { tag: "ok", val: outcome.value };
  return { tag: "err", val: { tag: "unsupported-codec", val: "the reply is no payload" } };
}
