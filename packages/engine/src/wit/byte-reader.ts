import { CorruptComponentError } from "../errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads the primitives of the WebAssembly binary format; never past its end. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  offset: number;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end;
  }

  byte(): number {
    const value = this.offset < this.end ? this.bytes[this.offset] : undefined;
    if (value === undefined) throw new CorruptComponentError(`it ends at byte ${this.end} in the middle of a section`);
    this.offset += 1;
    return value;
  }

  peek(): number {
    const value = this.byte();
    this.offset -= 1;
    return value;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new CorruptComponentError(`the number at byte ${this.offset} is longer than 32 bits`);
  }

  /** Unsigned LEB128 of at most 64 bits. */
  u64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new CorruptComponentError(`the number at byte ${this.offset} is longer than 64 bits`);
  }

  skip(length: number): void {
    if (length > this.end - this.offset) {
      throw new CorruptComponentError(
        `${length} bytes announced at byte ${this.offset}, ${this.end - this.offset} left`,
      );
    }
    this.offset += length;
  }

  /** The next `length` bytes as a view. */
  take(length: number): Uint8Array {
    const start = this.offset;
    this.skip(length);
    return this.bytes.subarray(start, this.offset);
  }

  name(): string {
    const at = this.offset;
    try {
      return utf8.decode(this.take(this.u32()));
    } catch (cause) {
      if (cause instanceof CorruptComponentError) throw cause;
      throw new CorruptComponentError(`the name at byte ${at} is not UTF-8`, { cause });
    }
  }

  /** A vector: its length, then each item read by `item`. */
  vector<T>(item: () => T): T[] {
    const length = this.u32();
    const items: T[] = [];
    for (let index = 0; index < length; index += 1) items.push(item());
    return items;
  }
}
