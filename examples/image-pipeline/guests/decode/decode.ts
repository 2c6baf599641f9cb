// The decoder: makes pixels of a PPM image, P6 with samples of one byte or two.
//
// It has a planted bug: it does not look at the largest sample value before it divides by it.
import { Actor, Answer, ComponentMessage, Metadata, register } from "@airssys/guest/assemblyscript";
import { Pixels, rawCodec } from "../pixels/pixels";

const largest = 256;

/** The text before the pixels: numbers between white space, with comments from # to the end of the line. */
class Header {
  at: i32 = 3;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next number, or -1 when there is none. */
  number(): i32 {
    this.skipBlank();
    let value = -1;
    for (; this.at < this.bytes.length; this.at++) {
      const digit = i32(this.bytes[this.at]) - 0x30;
      if (digit < 0 || digit > 9 || value > 100_000) break;
      value = (value < 0 ? 0 : value * 10) + digit;
    }
    return value;
  }

  private skipBlank(): void {
    let isComment = false;
    for (; this.at < this.bytes.length; this.at++) {
      const byte = this.bytes[this.at];
      if (byte == 0x23) isComment = true;
      else if (byte == 0x0a) isComment = false;
      else if (!isComment && byte != 0x20 && byte != 0x09 && byte != 0x0d) return;
    }
  }
}

class Decode extends Actor {
  metadata(): Metadata {
    const metadata = new Metadata("decode", "1.0.0", "Makes pixels of a PPM image");
    metadata.codecs = [rawCodec];
    return metadata;
  }

  handleMessage(message: ComponentMessage): Answer {
    const image = message.payload;
    if (image.length < 3 || image[1] != 0x50 || image[2] != 0x36) return Answer.invalidInput("it is no PPM image");
    const header = new Header(image);
    const width = header.number();
    const height = header.number();
    const maximum = header.number();
    if (width < 1 || height < 1 || width > largest || height > largest || maximum < 0 || maximum > 65_535) {
      return Answer.invalidInput("its size or its largest sample cannot be");
    }
    const sampleBytes = maximum > 255 ? 2 : 1;
    const first = header.at + 1;
    const missing = first + width * height * 3 * sampleBytes - image.length;
    if (missing > 0) return Answer.invalidInput(missing.toString() + " bytes are missing at its end");
    const pixels = Pixels.blank(width, height, 3);
    for (let index = 0; index < width * height * 3; index++) {
      const at = first + index * sampleBytes;
      const sample = sampleBytes == 1 ? i32(image[at]) : (i32(image[at]) << 8) | i32(image[at + 1]);
      pixels.bytes[6 + index] = u8((sample * 255) / maximum);
    }
    return Answer.reply(pixels.bytes);
  }
}

register(new Decode());
