import { anyOf, newAbortController, type HostAbortController } from "./abort-signal.ts";
import type { AskScope } from "./call-chain.ts";
import { Carrier } from "./carrier.ts";
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

/** The signal of one incarnation that handles the ask. */
interface Abortion {
  readonly controller: HostAbortController;
  readonly outer: AbortSignal;
  readonly signal: AbortSignal;
}

/** A message that somebody waits for the reply of. Settled exactly once: by reply, error, deadline or stop. */
export class Ask extends Carrier {
  readonly payload: unknown;
  readonly envelope: Envelope | undefined;
  readonly promise: Promise<unknown>;
  readonly timeoutMs: number;
  readonly recipient: { readonly path: string };
  /** The message in whose handling this was asked; null when nobody said so. */
  readonly scope: AskScope | null;
  isSettled = false;
  /** Neighbours and due tick in the deadline wheel; until it has one, the latest that it may be given, or 0. */
  previous: Ask | null = null;
  next: Ask | null = null;
  dueTick = 0;
  readonly #resolve: Resolve;
  readonly #reject: Reject;
  #abortion: Abortion | null = null;

  constructor(
    payload: unknown,
    envelope: Envelope | undefined,
    timeoutMs: number,
    recipient: { readonly path: string },
    scope: AskScope | null,
  ) {
    super();
    this.payload = payload;
    this.envelope = envelope;
    this.timeoutMs = timeoutMs;
    this.recipient = recipient;
    this.scope = scope;
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
    const error = new AskTimeoutError(this.recipient.path, this.timeoutMs);
    this.reject(error);
    this.#abortion?.controller.abort(error);
  }

  /** Aborted when the deadline passes, or when `outer` is: the signal of the incarnation that handles this. */
  signalWithin(outer: AbortSignal): AbortSignal {
    if (this.#abortion?.outer === outer) return this.#abortion.signal;
    const controller = newAbortController();
    this.#abortion = { controller, outer, signal: anyOf(outer, controller.signal) };
    return this.#abortion.signal;
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
