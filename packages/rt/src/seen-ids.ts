/** The last `capacity` ids. */
export class SeenIds {
  readonly #capacity: number;
  readonly #ids = new Set<string>();
  /** The same ids in a ring, the one remembered longest at `#oldest` once there are `capacity`. */
  readonly #ring: string[] = [];
  #oldest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Remembers an id, and forgets the one that was remembered longest when there are too many. */
  add(id: string): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(id);
      return;
    }
    // A set gives its oldest entry only after passing over all that were deleted before it, so it is not asked.
    const oldest = this.#ring[this.#oldest];
    if (oldest !== undefined) this.#ids.delete(oldest);
    this.#ring[this.#oldest] = id;
    this.#oldest = this.#oldest + 1 < this.#ring.length ? this.#oldest + 1 : 0;
  }
}
