/**
 * An answer that says no. A handler that returns one lives on: who asked is rejected with `error`, and a message that nobody
 * asked about becomes a dead letter with the reason `rejected`. To throw instead is to crash.
 */
export class Refusal {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** What a handler returns to refuse the message at hand. */
export function refuse(error: unknown): Refusal {
  return new Refusal(error);
}
