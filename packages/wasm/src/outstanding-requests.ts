import type { MessagingError } from "./generated/airssys-core-types-types.ts";
import { toMessagingError } from "./messaging-error.ts";
import { codecOf } from "./payload.ts";

/** How a request ended, as `handle-callback` is told. */
export type RequestOutcome =
  | { readonly tag: "ok"; readonly val: Uint8Array }
  | { readonly tag: "err"; readonly val: MessagingError };

/** The end of a request, on its way to the component that made it. A class, so that nobody outside can make one. */
export class Callback {
  readonly kind = "callback";
  readonly id: string;
  readonly outcome: RequestOutcome;

  constructor(id: string, outcome: RequestOutcome) {
    this.id = id;
    this.outcome = outcome;
  }
}

/** Has a promise's outcome handled as a message of this incarnation, or of nobody when that is over. */
export type PipeToSelf = (
  work: Promise<unknown>,
  toMessage: (outcome: PromiseSettledResult<unknown>) => Callback,
) => void;

export interface OutstandingRequestsOptions {
  readonly pipeToSelf: PipeToSelf;
  /** Names a request; never the same name twice in one component, however often it restarts. */
  readonly nextId: () => string;
  /** A longer reply is not handed over. */
  readonly maxReplyBytes: number;
}

/**
 * The requests that one incarnation waits for. Each ends in exactly one callback, unless it was cancelled or the incarnation
 * ended before: a fresh incarnation never hears of its predecessor's requests.
 */
export class OutstandingRequests {
  /** By id, whether it was cancelled. A cancelled one keeps its place until its outcome is there: the host still holds it. */
  readonly #requests = new Map<string, { isCancelled: boolean }>();
  readonly #options: OutstandingRequestsOptions;

  constructor(options: OutstandingRequestsOptions) {
    this.#options = options;
  }

  /** How many the host holds, cancelled ones included. */
  get size(): number {
    return this.#requests.size;
  }

  /** For another version in the same actor. */
  successor(maxReplyBytes: number): OutstandingRequests {
    return new OutstandingRequests({ ...this.#options, maxReplyBytes });
  }

  /** Waits for what `others` wait for, too. */
  takeOver(others: OutstandingRequests): void {
    for (const [id, request] of others.#requests) this.#requests.set(id, request);
  }

  /** Waits for a reply and returns the id of the request. */
  open(reply: Promise<unknown>): string {
    const { pipeToSelf, nextId, maxReplyBytes } = this.#options;
    const id = nextId();
    this.#requests.set(id, { isCancelled: false });
    pipeToSelf(reply, (outcome) => new Callback(id, toRequestOutcome(outcome, maxReplyBytes)));
    return id;
  }

  /** Promises that there will be no callback. False when it has come, when it was cancelled before, or for an unknown id. */
  cancel(id: string): boolean {
    const request = this.#requests.get(id);
    if (request === undefined || request.isCancelled) return false;
    request.isCancelled = true;
    return true;
  }

  /** Ends one, whose outcome has come; says whether the component still wants to hear of it. */
  close(id: string): boolean {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    return request?.isCancelled === false;
  }
}

/** A handler that returns nothing has replied: with an empty payload. */
function toRequestOutcome(outcome: PromiseSettledResult<unknown>, maxReplyBytes: number): RequestOutcome {
  if (outcome.status === "rejected") return { tag: "err", val: toMessagingError(outcome.reason) };
  const reply = outcome.value ?? new Uint8Array();
  if (!(reply instanceof Uint8Array) || (reply.length > 0 && codecOf(reply) === undefined)) {
    return { tag: "err", val: { tag: "unsupported-codec", val: "the reply is no payload" } };
  }
  if (reply.length > maxReplyBytes) {
    return { tag: "err", val: { tag: "payload-too-large", val: "the reply is larger than this component takes" } };
  }
  return { tag: "ok", val: reply };
}
