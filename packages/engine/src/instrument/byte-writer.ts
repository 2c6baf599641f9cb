/** Writes the primitives of the WebAssembly binary format into memory of its own. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(Math.max(capacity, 16));
  }

  get length(): number {
    return this.#length;
  }

  /** What was written, as a view that the next write may change. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#makeRoom(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  bytes(source: Uint8Array): void {
    if (this.#length + source.length > this.#bytes.length) this.#makeRoom(source.length);
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
  }

  /** Unsigned LEB128 of a whole number below 2^53. */
  unsigned(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** Signed LEB128 of a whole number of at most 53 bits. */
  signed(value: number): void {
    let rest = value;
    while (rest > 63 || rest < -64) {
      this.byte((((rest % 128) + 128) % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest & 0x7f);
  }

  #makeRoom(length: number): void {
    const roomier = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + length));
    roomier.set(this.written);
    this.#bytes = roomier;
  }
}
