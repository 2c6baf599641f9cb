// Makes an image small: each pixel is the mean of a square.
import { Actor, Answer, ComponentConfig, ComponentMessage, Metadata, register } from "@airssys/guest/assemblyscript";
import { Pixels, rawCodec } from "../pixels/pixels";

class Thumbnail extends Actor {
  private largest: i32 = 0;

  metadata(): Metadata {
    const metadata = new Metadata("thumbnail", "1.0.0", "Makes images small");
    metadata.codecs = [rawCodec];
    return metadata;
  }

  init(config: ComponentConfig): Answer {
    const largest = config.get("largest");
    if (largest !== null) this.largest = i32(parseInt(largest));
    return this.largest > 0 ? Answer.ok() : Answer.invalidConfig("`largest` is a whole number from 1");
  }

  handleMessage(message: ComponentMessage): Answer {
    const pixels = new Pixels(message.payload);
    if (!pixels.isSound) return Answer.invalidInput("these are no pixels");
    const side = max(1, (max(pixels.width, pixels.height) + this.largest - 1) / this.largest);
    const small = Pixels.blank(max(1, pixels.width / side), max(1, pixels.height / side), pixels.channels);
    for (let y = 0; y < small.height; y++) {
      for (let x = 0; x < small.width; x++) {
        for (let channel = 0; channel < small.channels; channel++) {
          small.set(x, y, channel, mean(pixels, x * side, y * side, side, channel));
        }
      }
    }
    return Answer.reply(small.bytes);
  }
}

function mean(pixels: Pixels, left: i32, top: i32, side: i32, channel: i32): i32 {
  const right = min(left + side, pixels.width);
  const bottom = min(top + side, pixels.height);
  let sum = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += pixels.sample(x, y, channel);
  return sum / ((right - left) * (bottom - top));
}

register(new Thumbnail());
