/** What one instance holds open of the world outside: so much at most, and nothing after its end. */
export class OpenHandles implements Disposable {
  readonly #most: number;
  readonly #refusal: string;
  /** With how many resources of the guest stand for each: a descriptor, say, and the streams it was asked for. */
  readonly #open = new Map<Disposable, number>();

  /** `refusal` is what a guest is told that wants more. */
  constructor(most: number, refusal: string) {
    this.#most = most;
    this.#refusal = refusal;
  }

  /** Opens something, for one resource. Throws the refusal, a plain value, when too much is open. */
  open<T extends Disposable>(open: () => T): T {
    if (this.#open.size >= this.#most) throw this.#refusal;
    const opened = open();
    this.#open.set(opened, 1);
    return opened;
  }

  /** One more resource stands for it. */
  share(opened: Disposable): void {
    this.#open.set(opened, (this.#open.get(opened) ?? 0) + 1);
  }

  /** A resource is gone; with the last, what it stood for is closed. */
  release(opened: Disposable): void {
    const others = (this.#open.get(opened) ?? 1) - 1;
    if (others > 0) this.#open.set(opened, others);
    else if (this.#open.delete(opened)) opened[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const opened of this.#open.keys()) opened[Symbol.dispose]();
    this.#open.clear();
  }
}
