/** Reads the items of a CBOR payload one after the other. Texts stay where they are: `start` and `length` say where. */
export class CborReader {
  /** Address of the text read last, valid as long as the payload. */
  start: usize = 0;
  length: u32 = 0;
  private at: usize;
  private readonly end: usize;

  constructor(private readonly payload: Uint8Array) {
    this.at = payload.dataStart + 1;
    this.end = payload.dataStart + payload.length;
  }

  /** The value of a number, or the length of an array; the item's type is not looked at. */
  readValue(): u64 {
    const low = load<u8>(this.advance(1)) & 0x1f;
    if (low < 24) return low;
    let value: u64 = 0;
    for (let left = 1 << (low - 24); left > 0; left--) value = (value << 8) | load<u8>(this.advance(1));
    return value;
  }

  /** Moves `start` and `length` to a text. */
  readText(): void {
    this.length = u32(this.readValue());
    this.start = this.advance(this.length);
  }

  private advance(length: usize): usize {
    const start = this.at;
    assert(length <= this.end - start, "the payload ends within an item");
    this.at = start + length;
    return start;
  }
}

/** Writes CBOR after the codec's prefix, into a buffer that grows. */
export class CborWriter {
  private bytes: Uint8Array = new Uint8Array(256);
  private length: i32 = 0;

  constructor() {
    this.writeByte(0x51);
  }

  writeNumber(value: u64): void {
    this.writeHead(0x00, value);
  }

  /** The heads of an array's and a map's items. */
  writeArray(length: u64): void {
    this.writeHead(0x80, length);
  }

  writeMap(length: u64): void {
    this.writeHead(0xa0, length);
  }

  writeText(text: string): void {
    const encoded = String.UTF8.encode(text);
    this.writeHead(0x60, encoded.byteLength);
    this.writeFrom(changetype<usize>(encoded), encoded.byteLength);
  }

  writeBytes(start: usize, length: u32): void {
    this.writeHead(0x40, length);
    this.writeFrom(start, length);
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private writeHead(major: u8, value: u64): void {
    if (value < 24) {
      this.writeByte(major | u8(value));
      return;
    }
    const width = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;
    this.writeByte(major | u8(24 + width));
    for (let shift = (1 << width) - 1; shift >= 0; shift--) this.writeByte(u8(value >> (shift * 8)));
  }

  private writeByte(byte: u8): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  private writeFrom(start: usize, length: i32): void {
    this.reserve(length);
    memory.copy(this.bytes.dataStart + this.length, start, length);
    this.length += length;
  }

  private reserve(more: i32): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
