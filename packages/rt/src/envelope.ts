import { Carrier } from "./carrier.ts";
import type { Receipt } from "./receipt.ts";

export type EnvelopeKind = "tell" | "ask" | "event";

/** What one sender passes along with a payload. */
export interface EnvelopeOptions {
  /**
   * Names the message. A fresh id unless given; who sends a message again under the same id lets subscribers with `exactly-once`
   * know that it is the same.
   */
  readonly id?: string | undefined;
  /** Who sends, as far as permissions and quotas go. Nobody in particular unless given. */
  readonly sender?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Ties a reply to its request; the envelope's own id unless given. */
  readonly correlationId?: string | undefined;
  /** The id of the envelope that led to this one. */
  readonly causationId?: string | undefined;
  /** Milliseconds since the Unix epoch after which nobody needs this any more. */
  readonly deadline?: number | undefined;
}

/** How often an envelope has been on its way. */
interface Passage {
  readonly attempt: number;
  readonly isReplay: boolean;
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
const NO_OPTIONS: EnvelopeOptions = {};
const FIRST_PASSAGE: Passage = Object.freeze({ attempt: 1, isReplay: false });
/** In place of a sequence number: the origin is the whole id. */
const GIVEN_ID = -1;

/** A payload on its way through a broker, with who sent it, to whom, and what it belongs to. One publish is one envelope. */
export class Envelope extends Carrier {
  readonly kind: EnvelopeKind;
  /** The registered name or the path of the recipient, or the topic. */
  readonly destination: string;
  readonly payload: unknown;
  /** Milliseconds since the Unix epoch, as the clock stamps them. */
  readonly timestamp: number;
  readonly deadline: number | undefined;
  readonly sender: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly causationId: string | undefined;
  /** For the broker that carries it. */
  receipt: Receipt<Envelope> | null = null;
  readonly #origin: string;
  readonly #sequence: number;
  readonly #correlationId: string | undefined;
  #passage: Passage = FIRST_PASSAGE;

  constructor(
    kind: EnvelopeKind,
    destination: string,
    payload: unknown,
    origin: string,
    sequence: number,
    timestamp: number,
    options: EnvelopeOptions = NO_OPTIONS,
  ) {
    super();
    this.kind = kind;
    this.destination = destination;
    this.payload = payload;
    this.timestamp = timestamp;
    this.deadline = options.deadline;
    this.sender = options.sender;
    this.headers = options.headers ?? NO_HEADERS;
    this.causationId = options.causationId;
    const id = options.id;
    this.#origin = id ?? origin;
    this.#sequence = id === undefined ? sequence : GIVEN_ID;
    this.#correlationId = options.correlationId;
  }

  /** Unique among the envelopes of every system, unless given. Put together when first asked for: most are never asked. */
  get id(): string {
    return this.#sequence === GIVEN_ID ? this.#origin : `${this.#origin}-${this.#sequence}`;
  }

  get correlationId(): string {
    return this.#correlationId ?? this.id;
  }

  get recipient(): string | undefined {
    return this.kind === "event" ? undefined : this.destination;
  }

  get topic(): string | undefined {
    return this.kind === "event" ? this.destination : undefined;
  }

  /** 1, and more when it was delivered again because its handler had failed. */
  get attempt(): number {
    return this.#passage.attempt;
  }

  /** Whether it was a dead letter once and was sent again. */
  get isReplay(): boolean {
    return this.#passage.isReplay;
  }

  /** The same envelope for one receiver, on its `attempt`th try. */
  asAttempt(attempt: number, receipt: Receipt<Envelope> | null): Envelope {
    const copy = this.#copy(this.deadline);
    copy.receipt = receipt;
    copy.#passage = { attempt, isReplay: this.isReplay };
    return copy;
  }

  /** The same envelope sent once more, by somebody who wants it handled however late it is: without its deadline. */
  asReplay(): Envelope {
    const copy = this.#copy(undefined);
    copy.#passage = { attempt: 1, isReplay: true };
    return copy;
  }

  #copy(deadline: number | undefined): Envelope {
    const { kind, destination, payload, timestamp, sender, headers, causationId } = this;
    return new Envelope(kind, destination, payload, this.#origin, this.#sequence, timestamp, {
      sender,
      headers,
      causationId,
      deadline,
      correlationId: this.#correlationId,
    });
  }
}
