import { type MemoryDeclaration, PAGE_BYTES } from "./instrument/memory-import.ts";

/** What 32-bit WebAssembly can address. */
export const ADDRESSABLE_PAGES = 65_536;

/** The memory all of them hold at their start. */
export function initialBytes(memories: readonly MemoryDeclaration[]): number {
  return memories.reduce((sum, { initialPages }) => sum + initialPages, 0) * PAGE_BYTES;
}

/**
 * The maximum of each memory, in pages, so that their sum never exceeds the limit: what is left after the initial sizes is dealt
 * out evenly, and what a memory cannot use by its own maximum goes to the others.
 * Undefined when the initial sizes alone exceed the limit.
 */
export function memoryShares(
  memories: readonly MemoryDeclaration[],
  limitBytes: number,
): readonly number[] | undefined {
  const initial = memories.map(({ initialPages }) => initialPages);
  let left = Math.floor(limitBytes / PAGE_BYTES) - initial.reduce((sum, pages) => sum + pages, 0);
  if (left < 0) return undefined;
  const shares = [...initial];
  const room = memories.map(({ initialPages, maximumPages }) => (maximumPages ?? ADDRESSABLE_PAGES) - initialPages);
  const smallestRoomFirst = room.map((_, index) => index).toSorted((a, b) => (room[a] ?? 0) - (room[b] ?? 0));
  smallestRoomFirst.forEach((memory, position) => {
    const even = Math.floor(left / (smallestRoomFirst.length - position));
    const granted = Math.min(even, room[memory] ?? 0);
    shares[memory] = (shares[memory] ?? 0) + granted;
    left -= granted;
  });
  return shares;
}
