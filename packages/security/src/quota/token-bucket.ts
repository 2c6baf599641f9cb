/** So much each second, and at most one second's worth at once. Full at first. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAt: number;

  constructor(perSecond: number, now: number) {
    this.#perMs = perSecond / 1000;
    this.#capacity = perSecond;
    this.#tokens = perSecond;
    this.#filledAt = now;
  }

  /** What is used of one second's worth. */
  used(now: number): number {
    this.#fill(now);
    return this.#capacity - this.#tokens;
  }

  /** Takes so many if there are so many; otherwise none, and says in how many milliseconds there will be, which may be never. */
  take(amount: number, now: number): number {
    this.#fill(now);
    if (amount <= this.#tokens) {
      this.#tokens -= amount;
      return 0;
    }
    return amount > this.#capacity ? Infinity : Math.ceil((amount - this.#tokens) / this.#perMs);
  }

  /** A clock that was set back fills nothing, and takes nothing away. */
  #fill(now: number): void {
    const elapsed = now - this.#filledAt;
    if (elapsed === 0) return;
    this.#filledAt = now;
    if (elapsed > 0) this.#tokens = Math.min(this.#capacity, this.#tokens + elapsed * this.#perMs);
  }
}
