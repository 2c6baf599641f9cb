import { describe, expect, it } from "vitest";
import {
  codecOf,
  codecs,
  decodePayload,
  encodePayload,
  jsonPayload,
  parseJsonPayload,
  PayloadError,
  rawPayload,
  type Codec,
} from "../src/index.ts";

const body = Uint8Array.of(0, 127, 128, 255);
const names = Object.keys(codecs) as Codec[];

describe("a payload", () => {
  it.each(names)("of codec %s begins with the multicodec code as an unsigned LEB128 number", (codec) => {
    const payload = encodePayload(codec, body);
    const code = codecs[codec];
    const prefix = code < 0x80 ? [code] : [(code & 0x7f) | 0x80, code >> 7];
    expect(payload).toEqual(Uint8Array.of(...prefix, ...body));
    expect(codecOf(payload)).toBe(codec);
    expect(decodePayload(payload)).toEqual({ codec, body });
  });

  it("may have nothing behind its codec", () => {
    for (const codec of names) {
      expect(decodePayload(encodePayload(codec, new Uint8Array()))).toEqual({ codec, body: new Uint8Array() });
    }
  });

  it("shares its bytes with the body taken from it", () => {
    const payload = rawPayload(body);
    expect(decodePayload(payload).body.buffer).toBe(payload.buffer);
  });

  it.each([[[]], [[0]], [[0x52]], [[0x80]], [[0x80, 0x05]], [[0x81, 0x00]], [[0xd1, 0x00]], [[0x80, 0x80, 0x04]]])(
    "is not one that begins with %j",
    (bytes) => {
      const payload = Uint8Array.from(bytes);
      expect(codecOf(payload)).toBeUndefined();
      expect(() => decodePayload(payload)).toThrow(PayloadError);
      expect(() => decodePayload(payload)).toThrow(expect.objectContaining({ code: "WASM_PAYLOAD_INVALID" }));
    },
  );
});

describe("a JSON payload", () => {
  it.each([[null], [true], [-1.5], ["žluťoučký \u0000 kůň"], [[1, [2]]], [{ a: { b: [] } }]])("holds %j", (value) => {
    expect(parseJsonPayload(jsonPayload(value))).toEqual(value);
  });

  it("does not hold what JSON cannot", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [undefined, () => undefined, Symbol("x"), 1n, cycle]) {
      expect(() => jsonPayload(value)).toThrow(TypeError);
    }
  });

  it("is refused when it is of another codec, no JSON, or not in UTF-8", () => {
    for (const payload of [
      rawPayload(Uint8Array.of(0x31)),
      encodePayload("json", Uint8Array.of(0x7b)),
      encodePayload("json", new Uint8Array()),
      encodePayload("json", Uint8Array.of(0x22, 0xff, 0x22)),
    ]) {
      expect(() => parseJsonPayload(payload)).toThrow(PayloadError);
    }
    expect(() => parseJsonPayload(encodePayload("json", Uint8Array.of(0x7b)))).toThrow(
      expect.objectContaining({ cause: expect.any(SyntaxError) }),
    );
  });
});
