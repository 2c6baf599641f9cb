/*
 * What it costs the host's thread to take a value in, as the number of bytes that it copies in the same time. Many small objects
 * take far longer than the memory they came from would suggest, and a guest chooses them.
 */

const WEIGHT = { value: 32, list: 256, object: 512 } as const;

/** Whether a value weighs no more than that. Stops looking when it does. */
export function weighsAtMost(value: unknown, limit: number): boolean {
  return left(value, limit) >= 0;
}

function left(value: unknown, limit: number): number {
  switch (typeof value) {
    case "string":
      return limit - WEIGHT.value - 2 * value.length;
    case "object":
      return value === null ? limit - WEIGHT.value : leftOfObject(value, limit);
    default:
      return limit - WEIGHT.value;
  }
}

function leftOfObject(value: object, limit: number): number {
  if (ArrayBuffer.isView(value)) return limit - WEIGHT.object - value.byteLength;
  let rest: number = limit - (Array.isArray(value) ? WEIGHT.list : WEIGHT.object);
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (rest < 0) return rest;
    rest = left(member, rest);
  }
  return rest;
}
