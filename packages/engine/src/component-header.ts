import { createHash } from "node:crypto";
import { ComponentTooLargeError, CorruptComponentError, NotAComponentError } from "./errors.ts";
import { ByteReader } from "./wit/byte-reader.ts";

const MAGIC = Uint8Array.of(0x00, 0x61, 0x73, 0x6d);
const PREAMBLE_BYTES = 8;
const COMPONENT_VERSION = 0x0d;

/** How a component is named everywhere. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Refuses, without starting anything, what cannot be a whole component. */
export function checkComponentBytes(bytes: Uint8Array, maxModuleBytes: number): void {
  if (bytes.length > maxModuleBytes) throw new ComponentTooLargeError(bytes.length, maxModuleBytes);
  const found = whatElse(bytes);
  if (found !== undefined) throw new NotAComponentError(found);
  if (bytes.length < PREAMBLE_BYTES)
    throw new CorruptComponentError(`it ends after ${bytes.length} bytes, within its preamble`);
  if (bytes[6] === 0) throw new NotAComponentError("a core WebAssembly module; wrap it as a component first");
  if (bytes[4] !== COMPONENT_VERSION || bytes[5] !== 0 || bytes[6] !== 1 || bytes[7] !== 0) {
    const version = [...bytes.subarray(4, PREAMBLE_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new CorruptComponentError(`its version is ${version}, expected 0d 00 01 00`);
  }
  walkSections(bytes);
}

/** What the bytes are when they do not even begin as WebAssembly. */
function whatElse(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "nothing (0 bytes)";
  const start = bytes.subarray(0, MAGIC.length);
  if (start.every((byte, index) => byte === MAGIC[index])) return undefined;
  if (isText(bytes.subarray(0, 64))) return "text; WebAssembly text has to be assembled first";
  return `${bytes.length} bytes that are not WebAssembly`;
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

/** Every section must end within the component. */
function walkSections(bytes: Uint8Array): void {
  const reader = new ByteReader(bytes, PREAMBLE_BYTES);
  while (!reader.isAtEnd) {
    reader.byte();
    reader.skip(reader.u32());
  }
}
