/**
 * How many bytes of memory a message holds, where that can be told without looking through it: of bytes their length, of a text two
 * for each character, and of anything else 0.
 */
export function byteSizeOf(message: unknown): number {
  if (typeof message === "string") return message.length * 2;
  return ArrayBuffer.isView(message) || message instanceof ArrayBuffer ? message.byteLength : 0;
}
