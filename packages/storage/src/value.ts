import { types } from "node:util";
import { InvalidValueError, kindOf, ValueTooLargeError } from "./errors.ts";

/**
 * A copy of the value: what the caller does to its own afterwards changes nothing.
 *
 * @throws InvalidValueError, ValueTooLargeError
 */
export function copiedValue(key: string, value: unknown, maxValueBytes: number): Uint8Array<ArrayBuffer> {
  // Not by instanceof: an array made in another context of Node's vm is one as well.
  if (!types.isUint8Array(value)) throw new InvalidValueError(key, kindOf(value));
  if (types.isArrayBuffer(value.buffer) && value.buffer.detached) throw new InvalidValueError(key, "a detached one");
  const { length } = value;
  if (length > maxValueBytes) throw new ValueTooLargeError(key, length, maxValueBytes);
  return new Uint8Array(value);
}
