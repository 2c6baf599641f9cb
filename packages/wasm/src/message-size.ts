// The memory of a component is small, and a message is copied into it before the component can look at it. One that does not
// fit would trap the receiver: whoever may send to a component could take it down at will. So it is refused instead.
import type { Manifest } from "@airssys/security";

/**
 * A message may take this share of its receiver's memory. It is there more than once: as the host writes it, as the guest reads
 * it, and while the guest's heap grows to hold both. QuickJS, which takes 1.4 MB itself, holds an eighth of 2 MiB.
 */
const shareOfMemory = 1 / 8;
const bytesOfScalar = 8;

/** The largest message that a component is given, in bytes. */
export function maxMessageBytes({ resources }: Manifest): number {
  return Math.floor(resources.memory.maxBytes * shareOfMemory);
}

/** Whether values hold more than `limitBytes` in texts, bytes and scalars, nested ones included. Looks no further than it must. */
export function isLargerThan(limitBytes: number, values: readonly unknown[]): boolean {
  const open = [...values];
  let bytes = 0;
  while (open.length > 0 && bytes <= limitBytes) {
    const value = open.pop();
    if (typeof value === "string") bytes += Buffer.byteLength(value);
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (typeof value !== "object" || value === null) bytes += value === undefined ? 0 : bytesOfScalar;
    else {
      const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
      bytes += parts.length;
      if (bytes <= limitBytes) for (const part of parts) open.push(part);
    }
  }
  return bytes > limitBytes;
}
