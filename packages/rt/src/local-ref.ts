import type { ActorRef, AskOptions } from "./actor-ref.ts";

/** What a ref needs of the cell behind it. */
export interface Addressee {
  readonly path: string;
  tell(message: unknown): void;
  ask(message: unknown, options?: AskOptions): Promise<unknown>;
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

  tell(message: unknown): void {
    this.#addressee.tell(message);
  }

  ask(message: unknown, options?: AskOptions): Promise<unknown> {
    return this.#addressee.ask(message, options);
  }

  toString(): string {
    return this.path;
  }

  /** The cell behind a ref, for the parts of this package that do more than send. */
  static addresseeOf(ref: object): Addressee | undefined {
    return #addressee in ref ? ref.#addressee : undefined;
  }
}
