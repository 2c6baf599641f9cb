import { compareKeys } from "./key.ts";

/** A chunk is split when it has more. Small enough that to make room in it costs little, large enough that there are few. */
const MAX_CHUNK = 512;

/** A set of keys in the order of their bytes. Adding, removing and finding a place take about the same time in a large one. */
export class SortedKeys {
  /** None of them is empty. */
  readonly #chunks: string[][] = [];

  add(key: string): void {
    const { chunk, at, isFound } = this.#find(key);
    if (isFound) return;
    // A key behind all others goes to the end of the last chunk.
    const index = Math.min(chunk, this.#chunks.length - 1);
    const keys = this.#chunks[index];
    if (keys === undefined) {
      this.#chunks.push([key]);
      return;
    }
    keys.splice(index === chunk ? at : keys.length, 0, key);
    if (keys.length > MAX_CHUNK) this.#chunks.splice(index + 1, 0, keys.splice(MAX_CHUNK / 2));
  }

  delete(key: string): void {
    const { chunk, at, isFound } = this.#find(key);
    const keys = this.#chunks[chunk];
    if (!isFound || keys === undefined) return;
    keys.splice(at, 1);
    if (keys.length === 0) this.#chunks.splice(chunk, 1);
  }

  /** All from `first` on, or from the one behind it, as long as nothing is added or removed. */
  *from(first: string, place: "at" | "behind" = "at"): Generator<string, void, undefined> {
    const { chunk, at, isFound } = this.#find(first);
    let start = isFound && place === "behind" ? at + 1 : at;
    for (let index = chunk; index < this.#chunks.length; index += 1) {
      const keys = this.#chunks[index] ?? [];
      for (let each = start; each < keys.length; each += 1) yield keys[each] ?? "";
      start = 0;
    }
  }

  /** Where the key is, or would be: in the first chunk whose last key is not before it. */
  #find(key: string): { readonly chunk: number; readonly at: number; readonly isFound: boolean } {
    const chunk = firstNotBefore(this.#chunks.length, (index) => this.#chunks[index]?.at(-1) ?? "", key);
    const keys = this.#chunks[chunk] ?? [];
    const at = firstNotBefore(keys.length, (index) => keys[index] ?? "", key);
    return { chunk, at, isFound: keys[at] === key };
  }
}

/** Index of the first key that is not before that one; `length` when all are. */
function firstNotBefore(length: number, keyAt: (index: number) => string, key: string): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keyAt(middle), key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
