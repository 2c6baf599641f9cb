import { AskTimeoutError } from "./errors.ts";
import type { Envelope } from "./envelope.ts";

export const DEFAULT_ASK_TIMEOUT_MS = 5000;

type Resolve = (value: unknown) => void;
type Reject = (error: unknown) => void;

let resolveLatest: Resolve;
let rejectLatest: Reject;

/** One executor for all asks: a closure per ask would cost more than the ask (bench: `ask`). */
function capture(resolve: Resolve, reject: Reject): void {
  resolveLatest = resolve;
  rejectLatest = reject;
}

/** A message that somebody waits for the reply of. Settled exactly once: by reply, error, deadline or stop. */
export class Ask {
  readonly message: unknown;
  readonly envelope: Envelope | undefined;
  readonly promise: Promise<unknown>;
  readonly timeoutMs: number;
  readonly recipient: { readonly path: string };
  isSettled = false;
  /** Neighbours and due tick in the deadline wheel. */
  previous: Ask | null = null;
  next: Ask | null = null;
  dueTick = 0;
  readonly #resolve: Resolve;
  readonly #reject: Reject;

  constructor(
    message: unknown,
    envelope: Envelope | undefined,
    timeoutMs: number,
    recipient: { readonly path: string },
  ) {
    this.message = message;
    this.envelope = envelope;
    this.timeoutMs = timeoutMs;
    this.recipient = recipient;
    this.promise = new Promise(capture);
    this.#resolve = resolveLatest;
    this.#reject = rejectLatest;
  }

  resolve(value: unknown): void {
    this.#settle();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  expire(): void {
    this.reject(new AskTimeoutError(this.recipient.path, this.timeoutMs));
  }

  #settle(): void {
    this.isSettled = true;
    const previous = this.previous;
    if (previous === null) return;
    const next = this.next;
    previous.next = next;
    if (next !== null) next.previous = previous;
    this.previous = null;
    this.next = null;
  }
}
