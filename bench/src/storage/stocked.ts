import { mkdir, mkdtempDisposable } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OpenShelf, Shelf } from "./shelf.ts";

/** In the repository and not among temporary files: those are on no disk on some machines. */
const folders = fileURLToPath(new URL("../../.cache/storage/", import.meta.url));

/** What there is before anything is measured. */
const ENTRIES = 10_000;
export const VALUE_BYTES = 100;
const NO_NUMBER = 0xffff_ffff;

/** Some key of the entries, another for each of so many numbers, and not one behind the other. */
export function keyOf(number: number): string {
  return `orders/2026/${String((number * 7919) % ENTRIES).padStart(8, "0")}`;
}

/** A value that says which number it was written for. */
export function valueOf(number: number): Uint8Array {
  const value = new Uint8Array(VALUE_BYTES);
  new DataView(value.buffer).setUint32(0, number);
  return value;
}

export function numberIn(value: Uint8Array): number {
  return new DataView(value.buffer, value.byteOffset).getUint32(0);
}

/** Numbers one behind the other. */
export function numbers(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

export interface StockedShelf {
  readonly shelf: Shelf;
  readonly close: () => Promise<void>;
}

/** A shelf with all entries, in a folder that goes with it. */
export async function openStocked(open: OpenShelf): Promise<StockedShelf> {
  await mkdir(folders, { recursive: true });
  const folder = await mkdtempDisposable(join(folders, "shelf-"));
  const shelf = await open(folder.path);
  for (let first = 0; first < ENTRIES; first += 1000) {
    // Of no number that is written later: SQLite does not write a row anew that would be the same.
    await shelf.setTogether(numbers(first, 1000).map((number) => [keyOf(number), valueOf(NO_NUMBER)]));
  }
  return {
    shelf,
    close: async () => {
      await shelf.close();
      await folder.remove();
    },
  };
}
