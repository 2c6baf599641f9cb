import { refuse, type Clock, type Envelope } from "@airssys/rt";
import { BenchRequestEndedError } from "../errors.ts";

/** What a request needs of the bench it was made on. */
export interface RequestBench {
  readonly clock: Clock;
  /** Does something, and resolves when the component has done what follows of it. */
  readonly drive: (doing: string, act: () => void) => Promise<void>;
}

/** A request that the component made and waits for. The test answers it in the place of the receiver. */
export class BenchRequest {
  readonly to: string;
  readonly payload: Uint8Array;
  /** How long the component waits, in milliseconds of the bench's clock. */
  readonly timeoutMs: number;
  readonly #component: string;
  readonly #deadline: number;
  readonly #bench: RequestBench;
  readonly #answer = Promise.withResolvers<unknown>();
  #isAnswered = false;

  constructor(envelope: Envelope, bench: RequestBench) {
    const { destination, payload, sender = "", timestamp, deadline = Number.POSITIVE_INFINITY } = envelope;
    this.to = destination;
    this.payload = payload as Uint8Array;
    this.timeoutMs = deadline - timestamp;
    this.#component = sender;
    this.#deadline = deadline;
    this.#bench = bench;
  }

  /** For the stand-in: what it replies, when the test says so. */
  get answer(): Promise<unknown> {
    return this.#answer.promise;
  }

  /** Whether it was neither answered nor has its time passed. */
  get isOpen(): boolean {
    return !this.#isAnswered && this.#bench.clock.wallTime() < this.#deadline;
  }

  /**
   * Replies, and resolves when the component has handled the callback, or at once when it has cancelled the request. Rejects
   * with `BenchRequestEndedError` when it was answered or its time has passed, with `BenchRejectedError` when its
   * `handle-callback` answers with an error, and with
   * `BenchFailureError`.
   */
  reply(payload: Uint8Array): Promise<void> {
    return this.#end(payload);
  }

  /** Refuses, as a receiver does that answers with an error: the callback gets `send-failed`. Otherwise like `reply`. */
  refuse(): Promise<void> {
    return this.#end(refuse(new Error(`${this.to} refuses`)));
  }

  #end(answer: unknown): Promise<void> {
    if (!this.isOpen) {
      const why = this.#isAnswered ? "it has been answered" : `its ${this.timeoutMs} ms have passed`;
      return Promise.reject(new BenchRequestEndedError(this.#component, this.to, why));
    }
    this.#isAnswered = true;
    return this.#bench.drive(`when ${this.to} replied`, () => this.#answer.resolve(answer));
  }
}
