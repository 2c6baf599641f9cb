// What travels between the stages: raw bytes, of which the first say how many there are.
//   0x55 (raw), width (u16), height (u16), samples per pixel (u8), samples (u8 each); numbers in little-endian order
const raw: u8 = 0x55;
const headerBytes = 6;

export const rawCodec: u32 = 0x55;

export class Pixels {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  static blank(width: i32, height: i32, channels: i32): Pixels {
    const bytes = new Uint8Array(headerBytes + width * height * channels);
    bytes[0] = raw;
    store<u16>(bytes.dataStart + 1, u16(width));
    store<u16>(bytes.dataStart + 3, u16(height));
    bytes[5] = u8(channels);
    return new Pixels(bytes);
  }

  /** Whether the bytes are what they say they are. */
  get isSound(): bool {
    if (this.bytes.length < headerBytes || this.bytes[0] != raw) return false;
    return this.bytes.length == headerBytes + this.width * this.height * this.channels;
  }

  get width(): i32 {
    return load<u16>(this.bytes.dataStart + 1);
  }

  get height(): i32 {
    return load<u16>(this.bytes.dataStart + 3);
  }

  get channels(): i32 {
    return this.bytes[5];
  }

  sample(x: i32, y: i32, channel: i32): i32 {
    return this.bytes[this.at(x, y, channel)];
  }

  set(x: i32, y: i32, channel: i32, value: i32): void {
    this.bytes[this.at(x, y, channel)] = u8(value);
  }

  private at(x: i32, y: i32, channel: i32): i32 {
    return headerBytes + (y * this.width + x) * this.channels + channel;
  }
}
