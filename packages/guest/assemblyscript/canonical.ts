// The canonical ABI's side of memory: what the host writes for a call lives until that call returns, what is handed to
// the host lives until it has been copied out. Both are freed for every call, so memory does not grow with messages.

/** Blocks the host allocated for the call in progress: each starts with the address of the one before. */
let newestBlock: usize = 0;
const blockHeader: usize = 16;

/** What the result of the last call points at. */
const kept = new Array<ArrayBuffer>();

/** Where results that need more than one value are put: the largest, metadata, takes 40 bytes. */
export const resultArea: usize = memory.data(48, 8);

/** Where an imported function puts a result that needs more than one value: the largest, what was granted, takes 56 bytes. */
export const returnArea: usize = memory.data(64, 8);

export function allocate(old: usize, oldSize: usize, align: usize, size: usize): usize {
  if (size == 0) return align;
  const block = heap.alloc(size + blockHeader);
  store<usize>(block, newestBlock);
  newestBlock = block;
  if (old != 0) memory.copy(block + blockHeader, old, min(oldSize, size));
  return block + blockHeader;
}

/** Ends the life of everything the host wrote for this call. */
export function releaseArguments(): void {
  let block = newestBlock;
  newestBlock = 0;
  while (block != 0) {
    const older = load<usize>(block);
    heap.free(block);
    block = older;
  }
}

/** Ends the life of everything the last result pointed at. */
export function releaseResults(): void {
  kept.length = 0;
}

/** The string whose address and length are at `at`. */
export function liftString(at: usize): string {
  return String.UTF8.decodeUnsafe(load<usize>(at), load<usize>(at, 4));
}

/** A copy of the bytes whose address and length are at `at`. */
export function liftBytes(at: usize): Uint8Array {
  return copyBytes(load<usize>(at), load<u32>(at, 4));
}

export function copyBytes(from: usize, length: u32): Uint8Array {
  const bytes = new Uint8Array(length);
  memory.copy(bytes.dataStart, from, length);
  return bytes;
}

/** A list of pairs of strings, as in headers. */
export function liftPairs(from: usize, count: u32): Array<StaticArray<string>> {
  const pairs = new Array<StaticArray<string>>(count);
  for (let index: u32 = 0; index < count; index++) {
    const at = from + index * 16;
    pairs[index] = StaticArray.fromArray<string>([liftString(at), liftString(at + 8)]);
  }
  return pairs;
}

export function liftStrings(at: usize): string[] {
  const first = load<usize>(at);
  const texts = new Array<string>(load<i32>(at, 4));
  for (let index = 0; index < texts.length; index++) texts[index] = liftString(first + index * 8);
  return texts;
}

export function liftNumbers(at: usize): u32[] {
  const first = load<usize>(at);
  const numbers = new Array<u32>(load<i32>(at, 4));
  for (let index = 0; index < numbers.length; index++) numbers[index] = load<u32>(first + index * 4);
  return numbers;
}

export function liftPorts(at: usize): u16[] {
  const first = load<usize>(at);
  const ports = new Array<u16>(load<i32>(at, 4));
  for (let index = 0; index < ports.length; index++) ports[index] = load<u16>(first + index * 2);
  return ports;
}

/** Pairs of strings as an argument; alive as long as this is. */
export class PairList {
  readonly count: usize;
  private readonly list: ArrayBuffer;
  private readonly texts: ArrayBuffer[] = [];

  constructor(pairs: Array<StaticArray<string>>) {
    this.count = pairs.length;
    this.list = new ArrayBuffer(pairs.length * 16);
    for (let index = 0; index < pairs.length; index++) {
      this.put(index * 16, pairs[index][0]);
      this.put(index * 16 + 8, pairs[index][1]);
    }
  }

  get start(): usize {
    return changetype<usize>(this.list);
  }

  private put(offset: usize, text: string): void {
    const encoded = String.UTF8.encode(text);
    this.texts.push(encoded);
    lowerSlice(this.start + offset, changetype<usize>(encoded), encoded.byteLength);
  }
}

export function lowerString(at: usize, text: string): void {
  const encoded = String.UTF8.encode(text);
  kept.push(encoded);
  lowerSlice(at, changetype<usize>(encoded), encoded.byteLength);
}

export function lowerBytes(at: usize, bytes: Uint8Array): void {
  kept.push(bytes.buffer);
  lowerSlice(at, bytes.dataStart, bytes.length);
}

export function lowerStrings(at: usize, texts: string[]): void {
  const list = new ArrayBuffer(texts.length * 8);
  kept.push(list);
  for (let index = 0; index < texts.length; index++) lowerString(changetype<usize>(list) + index * 8, texts[index]);
  lowerSlice(at, changetype<usize>(list), texts.length);
}

export function lowerNumbers(at: usize, numbers: u32[]): void {
  const list = new ArrayBuffer(numbers.length * 4);
  kept.push(list);
  for (let index = 0; index < numbers.length; index++) store<u32>(changetype<usize>(list) + index * 4, numbers[index]);
  lowerSlice(at, changetype<usize>(list), numbers.length);
}

export function lowerSlice(at: usize, start: usize, length: usize): void {
  store<usize>(at, start);
  store<usize>(at, length, 4);
}
