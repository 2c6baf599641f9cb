/// <reference types="@airssys/guest/actor" />
// The encoder: makes an image of pixels, PPM of three colours and PGM of gray. The pixels are described in ../pixels/pixels.ts.
import type { ComponentMessage, ComponentMetadata } from "airssys:core-component/component-lifecycle@1.0.0";

const raw = 0x55;
const headerBytes = 6;

export const componentLifecycle = {
  init() {},
  handleMessage({ payload }: ComponentMessage): Uint8Array {
    const [, widthLow, widthHigh, heightLow, heightHigh, channels] = payload;
    const [width, height] = [widthLow + widthHigh * 256, heightLow + heightHigh * 256];
    if (payload[0] !== raw || payload.length !== headerBytes + width * height * channels) {
      throw { tag: "invalid-input", val: "these are no pixels" };
    }
    const header = `U${channels === 3 ? "P6" : "P5"}\n${width} ${height}\n255\n`; // U is 0x55
    const image = new Uint8Array(header.length + payload.length - headerBytes);
    image.set(Array.from(header, (character) => character.charCodeAt(0)));
    image.set(payload.subarray(headerBytes), header.length);
    return image;
  },
  execute(): never {
    throw { tag: "unknown-operation", val: "the encoder takes messages" };
  },
  handleCallback() {},
  metadata(): ComponentMetadata {
    return {
      name: "encode",
      version: "1.0.0",
      description: "Makes images of pixels",
      operations: [],
      codecs: Uint32Array.of(raw),
    };
  },
  health: () => ({ tag: "healthy" }),
  shutdown() {},
};
