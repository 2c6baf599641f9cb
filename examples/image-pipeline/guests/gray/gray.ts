// Makes one gray sample of the three colours of each pixel.
import { Actor, Answer, ComponentMessage, Metadata, register } from "@airssys/guest/assemblyscript";
import { Pixels, rawCodec } from "../pixels/pixels";

class Gray extends Actor {
  metadata(): Metadata {
    const metadata = new Metadata("gray", "1.0.0", "Takes the colour out of pixels");
    metadata.codecs = [rawCodec];
    return metadata;
  }

  handleMessage(message: ComponentMessage): Answer {
    const pixels = new Pixels(message.payload);
    if (!pixels.isSound || pixels.channels != 3) return Answer.invalidInput("these are no pixels in three colours");
    const gray = Pixels.blank(pixels.width, pixels.height, 1);
    for (let y = 0; y < pixels.height; y++) {
      for (let x = 0; x < pixels.width; x++) {
        // The shares of red, green and blue in what the eye takes for brightness, in 256ths.
        const light = 77 * pixels.sample(x, y, 0) + 150 * pixels.sample(x, y, 1) + 29 * pixels.sample(x, y, 2);
        gray.set(x, y, 0, light >> 8);
      }
    }
    return Answer.reply(gray.bytes);
  }
}

register(new Gray());
