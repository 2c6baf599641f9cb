export type EnvelopeKind = "tell" | "ask" | "event";

/** What one sender passes along with a payload. */
export interface EnvelopeOptions {
  /** Who sends, as far as permissions and rates go. Nobody in particular unless given. */
  readonly sender?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ties a reply to its request; the envelope's own id unless given. */
  readonly correlationId?: string;
  /** The id of the envelope that led to this one. */
  readonly causationId?: string;
  /** Milliseconds since the Unix epoch after which nobody needs this any more. */
  readonly deadline?: number;
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
const NO_OPTIONS: EnvelopeOptions = {};

/** A payload on its way through a broker, with who sent it, to whom, and what it belongs to. One publish is one envelope. */
export class Envelope {
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
  readonly #origin: string;
  readonly #sequence: number;
  readonly #correlationId: string | undefined;

  constructor(
    kind: EnvelopeKind,
    destination: string,
    payload: unknown,
    origin: string,
    sequence: number,
    timestamp: number,
    options: EnvelopeOptions = NO_OPTIONS,
  ) {
    this.kind = kind;
    this.destination = destination;
    this.payload = payload;
    this.timestamp = timestamp;
    this.deadline = options.deadline;
    this.sender = options.sender;
    this.headers = options.headers ?? NO_HEADERS;
    this.causationId = options.causationId;
    this.#origin = origin;
    this.#sequence = sequence;
    this.#correlationId = options.correlationId;
  }

  /** Unique among the envelopes of every system. Put together when first asked for: most envelopes are never asked. */
  get id(): string {
    return `${this.#origin}-${this.#sequence}`;
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
}
