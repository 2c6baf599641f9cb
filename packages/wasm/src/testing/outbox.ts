import { replyLater, type ActorSystem, type AnyActorRef, type Envelope } from "@airssys/rt";
import { BenchRequest, type RequestBench } from "./bench-request.ts";

/** What a component sent to one receiver. */
export interface SentMessage {
  readonly to: string;
  /** With the prefix of its codec. */
  readonly payload: Uint8Array;
}

/** What a component published. */
export interface PublishedMessage {
  readonly topic: string;
  /** With the prefix of its codec. */
  readonly payload: Uint8Array;
}

/**
 * All that leaves one component, as the broker lets it pass. Whoever it sends to is there: a stand-in takes the name
 * when the first message comes, because a grant such as `shop/*` names nobody in particular.
 */
export class Outbox {
  readonly sent: SentMessage[] = [];
  readonly published: PublishedMessage[] = [];
  readonly requests: BenchRequest[] = [];
  readonly #system: ActorSystem;
  readonly #address: string;
  readonly #absent: ReadonlySet<string>;
  readonly #bench: RequestBench;
  /** By the id of the envelope, until the stand-in has it. */
  readonly #arriving = new Map<string, BenchRequest>();

  constructor(system: ActorSystem, address: string, absent: readonly string[], bench: RequestBench) {
    this.#system = system;
    this.#address = address;
    this.#absent = new Set(absent);
    this.#bench = bench;
    system.broker.intercept((envelope) => this.#pass(envelope));
  }

  /** Has somebody run under that name. */
  standIn(name: string): AnyActorRef {
    const known = this.#system.registry.lookup(name);
    if (known !== undefined) return known;
    const ref = this.#system.spawn(
      () => ({
        receive: (_message: unknown, { envelope }) => {
          const request = envelope && this.#arriving.get(envelope.id);
          if (request === undefined) return undefined;
          this.#arriving.delete(envelope?.id ?? "");
          return replyLater(request.answer);
        },
      }),
      { mailbox: { capacity: "unbounded" } },
    );
    this.#system.registry.register(name, ref);
    return ref;
  }

  #pass(envelope: Envelope): void {
    const { sender, kind, destination, payload } = envelope;
    if (sender !== this.#address || !(payload instanceof Uint8Array)) return;
    if (kind === "event") {
      this.published.push({ topic: destination, payload });
      return;
    }
    if (this.#absent.has(destination)) return;
    if (kind === "tell") this.sent.push({ to: destination, payload });
    if (destination === this.#address) return;
    this.standIn(destination);
    if (kind === "ask") {
      const request = new BenchRequest(envelope, this.#bench);
      this.#arriving.set(envelope.id, request);
      this.requests.push(request);
    }
  }
}
