export interface Receiver<M> {
  receive(message: M): void;
}

const FIRST_CAPACITY = 1024;

/**
 * The limit to compare with: the least that can stand between a sender and a handler that must not run on the sender's stack.
 * One queue for all receivers, drained in a microtask. It has no mailbox to bound, nothing to stop, nobody to tell of a crash.
 */
export class Fifo<M extends object> {
  #receivers: (Receiver<M> | undefined)[] = emptyRing(FIRST_CAPACITY);
  #messages: (M | undefined)[] = emptyRing(FIRST_CAPACITY);
  #first = 0;
  #size = 0;
  #isScheduled = false;
  readonly #drain = (): void => {
    while (this.#size > 0) {
      const first = this.#first;
      const receiver = this.#receivers[first];
      const message = this.#messages[first];
      this.#receivers[first] = undefined;
      this.#messages[first] = undefined;
      this.#first = (first + 1) & (this.#receivers.length - 1);
      this.#size -= 1;
      if (receiver !== undefined && message !== undefined) receiver.receive(message);
    }
    this.#isScheduled = false;
  };

  send(receiver: Receiver<M>, message: M): void {
    if (this.#size === this.#receivers.length) this.#grow();
    const last = (this.#first + this.#size) & (this.#receivers.length - 1);
    this.#receivers[last] = receiver;
    this.#messages[last] = message;
    this.#size += 1;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(this.#drain);
  }

  #grow(): void {
    this.#receivers = unrolled(this.#receivers, this.#first);
    this.#messages = unrolled(this.#messages, this.#first);
    this.#first = 0;
  }
}

function emptyRing<T>(length: number): (T | undefined)[] {
  return Array.from({ length }, () => undefined);
}

/** A full ring from its first item on, in twice the room. */
function unrolled<T>(ring: readonly (T | undefined)[], first: number): (T | undefined)[] {
  return [...ring.slice(first), ...ring.slice(0, first), ...emptyRing<T>(ring.length)];
}
