/** Room for so many. Who finds none waits, and is let in in the order they came. */
export class Room {
  readonly #size: number;
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #taken = 0;
  #closed: { readonly error: Error } | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when there is room, which the caller then has taken. Rejects once it is closed. */
  enter(): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed.error);
    if (this.#taken < this.#size) {
      this.#taken += 1;
      return Promise.resolve();
    }
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn);
    return turn.promise;
  }

  /** Gives room back: the one who waited longest has it then. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next.resolve();
  }

  /** Lets nobody in who does not wait yet. */
  close(error: Error): void {
    this.#closed ??= { error };
  }

  /** Turns away who waits, too. */
  clear(error: Error): void {
    this.close(error);
    for (const turn of this.#waiting.splice(0)) turn.reject(error);
  }
}
