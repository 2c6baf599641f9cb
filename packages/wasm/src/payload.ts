// Payloads cross the component border as bytes that begin with a multicodec prefix, so that a receiver can tell what it got.
// The codes are those of the multicodec table; a code is written as an unsigned LEB128 number.
import { PayloadError } from "./errors.ts";

/** The codecs a payload may name. `raw` is bytes with no further structure, such as one line of a log. */
export const codecs = { protobuf: 0x50, cbor: 0x51, raw: 0x55, json: 0x0200, messagepack: 0x0201 } as const;

export type Codec = keyof typeof codecs;

/** A payload taken apart. `body` is a view of the same bytes, not a copy. */
export interface DecodedPayload {
  readonly codec: Codec;
  readonly body: Uint8Array;
}

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** The body behind the prefix of its codec. */
export function encodePayload(codec: Codec, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const code = codecs[codec];
  if (code < 0x80) {
    const short = new Uint8Array(1 + body.length);
    short[0] = code;
    short.set(body, 1);
    return short;
  }
  const long = new Uint8Array(2 + body.length);
  long[0] = (code & 0x7f) | 0x80;
  long[1] = code >> 7;
  long.set(body, 2);
  return long;
}

/** A value as a JSON payload. Throws a `TypeError` for what JSON cannot hold, such as a bigint or a cycle. */
export function jsonPayload(value: unknown): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined)
    throw new TypeError(
      `a JSON payload holds null, booleans, numbers, strings, arrays and objects, not ${typeof value}`,
    );
  return encodePayload("json", utf8.encode(text));
}

/** Bytes without further structure as a payload. */
export function rawPayload(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodePayload("raw", bytes);
}

/** The codec that a payload names; undefined when it names none that is known. */
export function codecOf(payload: Uint8Array): Codec | undefined {
  switch (payload[0]) {
    case 0x50:
      return "protobuf";
    case 0x51:
      return "cbor";
    case 0x55:
      return "raw";
    case 0x80:
      return payload[1] === 0x04 ? "json" : undefined;
    case 0x81:
      return payload[1] === 0x04 ? "messagepack" : undefined;
    default:
      return undefined;
  }
}

/** Takes a payload apart. Throws `PayloadError` when it names no known codec. */
export function decodePayload(payload: Uint8Array): DecodedPayload {
  const codec = codecOf(payload);
  if (codec === undefined) {
    const found = payload.length === 0 ? "no bytes" : `0x${Buffer.from(payload.subarray(0, 2)).toString("hex")}`;
    throw new PayloadError(
      `a payload begins with the multicodec prefix of ${Object.keys(codecs).join(", ")}; found ${found}`,
    );
  }
  return { codec, body: payload.subarray(codecs[codec] < 0x80 ? 1 : 2) };
}

/** The value of a JSON payload. Throws `PayloadError` when it is of another codec or not valid JSON in UTF-8. */
export function parseJsonPayload(payload: Uint8Array): unknown {
  const { codec, body } = decodePayload(payload);
  if (codec !== "json") throw new PayloadError(`expected a json payload, found ${codec}`);
  try {
    return JSON.parse(strictUtf8.decode(body));
  } catch (cause) {
    throw new PayloadError(`a json payload of ${body.length} bytes is not valid JSON in UTF-8`, { cause });
  }
}
