import type { ActorRef, AskOptions, TellOptions } from "./actor-ref.ts";
import type { AskScope } from "./call-chain.ts";
import { DEFAULT_ASK_TIMEOUT_MS } from "./ask.ts";

/** What a ref needs of the cell behind it. */
export interface Addressee {
  readonly path: string;
  tell(message: unknown, options?: TellOptions): void;
  tellWhenRoom(message: unknown): Promise<void>;
  askFor(
    message: unknown,
    envelope: undefined,
    timeoutMs: number,
    scope?: AskScope | null,
    latestTick?: number,
  ): Promise<unknown>;
}

/** A ref to an actor of this process. The cell stays hidden behind it, so that whoever has the ref can only send. */
export class LocalRef implements ActorRef<unknown> {
  readonly #addressee: Addressee;

  constructor(addressee: Addressee) {
    this.#addressee = addressee;
  }

  get path(): string {
    return this.#addressee.path;
  }

  tell(message: unknown, options?: TellOptions): void {
    this.#addressee.tell(message, options);
  }

  tellWhenRoom(message: unknown): Promise<void> {
    return this.#addressee.tellWhenRoom(message);
  }

  ask(message: unknown, options?: AskOptions): Promise<unknown> {
    return this.#addressee.askFor(message, undefined, options?.timeoutMs ?? DEFAULT_ASK_TIMEOUT_MS);
  }

  toString(): string {
    return this.path;
  }

  /** The cell behind a ref, for the parts of this package that do more than send. */
  static addresseeOf(ref: object): Addressee | undefined {
    return #addressee in ref ? ref.#addressee : undefined;
  }
}
