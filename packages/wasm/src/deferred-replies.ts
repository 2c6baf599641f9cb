interface Deferred {
  readonly promise: Promise<unknown>;
  readonly settle: (reply: unknown) => void;
}

/** The requests that one incarnation has put off answering, by token. Only what is at hand can be put off, and once. */
export class DeferredReplies {
  readonly #open = new Map<string, Deferred>();
  #atHand: "nothing" | "request" | Deferred = "nothing";
  #made = 0;

  get size(): number {
    return this.#open.size;
  }

  get canDefer(): boolean {
    return this.#atHand === "request";
  }

  /** A message is handed to the component; until `end` a request can be put off. */
  begin(isAsked: boolean): void {
    this.#atHand = isAsked ? "request" : "nothing";
  }

  /** The message has been handled. What its reply will be, if it was put off. */
  end(): Promise<unknown> | undefined {
    const atHand = this.#atHand;
    this.#atHand = "nothing";
    return typeof atHand === "string" ? undefined : atHand.promise;
  }

  /** Puts off the request at hand. Forgotten when `signal` aborts: nobody waits any more. */
  defer(signal: AbortSignal): string {
    const token = `reply-${(this.#made += 1)}`;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const deferred = { promise, settle: resolve };
    this.#atHand = deferred;
    this.#open.set(token, deferred);
    signal.addEventListener("abort", () => this.#open.delete(token), { once: true });
    return token;
  }

  /** Gives all that are put off the same reply. */
  replyAll(reply: unknown): void {
    for (const deferred of this.#open.values()) deferred.settle(reply);
    this.#open.clear();
  }

  /** Gives a reply. False when nobody waits for one by that token. */
  reply(token: string, reply: unknown): boolean {
    this.#open.get(token)?.settle(reply);
    return this.#open.delete(token);
  }
}
