// Counts by name. Names are bytes, kept outside of the garbage collector's sight: a log has tens of thousands of them, and
// tracing each again and again would cost more than all the counting.

const chunkBytes: usize = 16384;
const smallestTable: u32 = 64;

/** One name: its count, its hash, its length, then its bytes. */
const countOffset: usize = 0;
const hashOffset: usize = 8;
const lengthOffset: usize = 12;
const headerBytes: usize = 16;

/**
 * Exact counts for as many names as fit into `budget` bytes. Once they do not, names already known are still counted
 * exactly, and all further ones together, in `untracked`.
 */
export class Tally {
  /** How often a name was counted for which there was no room. */
  untracked: u64 = 0;
  /** How many names have a count of their own. */
  size: u32 = 0;

  private used: usize = 0;
  /** Addresses of entries by hash, open addressing, at most half full. */
  private table: usize = 0;
  private tableSize: u32 = 0;
  private chunk: usize = 0;
  private chunkLeft: usize = 0;

  constructor(private readonly budget: usize) {
    this.resizeTable(smallestTable);
  }

  count(start: usize, length: u32): void {
    const hash = hashOf(start, length);
    let slot = this.slotOf(hash, start, length);
    let entry = load<usize>(slot);
    if (entry == 0) {
      if (!this.makeRoom(length)) {
        this.untracked++;
        return;
      }
      slot = this.slotOf(hash, start, length);
      entry = this.append(hash, start, length);
      store<usize>(slot, entry);
      this.size++;
    }
    store<u64>(entry, load<u64>(entry, countOffset) + 1, countOffset);
  }

  /** Entries with the highest counts, equal ones by name: at most `limit`. */
  top(limit: i32): usize[] {
    const best: usize[] = [];
    for (let index: u32 = 0; index < this.tableSize; index++) {
      const entry = load<usize>(this.table + index * 4);
      if (entry == 0) continue;
      if (best.length == limit && !comesBefore(entry, best[limit - 1])) continue;
      if (best.length == limit) best.pop();
      let place = best.length;
      best.push(entry);
      while (place > 0 && comesBefore(entry, best[place - 1])) {
        best[place] = best[place - 1];
        place--;
      }
      best[place] = entry;
    }
    return best;
  }

  static countOf(entry: usize): u64 {
    return load<u64>(entry, countOffset);
  }

  static nameStart(entry: usize): usize {
    return entry + headerBytes;
  }

  static nameLength(entry: usize): u32 {
    return load<u32>(entry, lengthOffset);
  }

  private slotOf(hash: u32, start: usize, length: u32): usize {
    const mask = this.tableSize - 1;
    let index = hash & mask;
    while (true) {
      const slot = this.table + index * 4;
      const entry = load<usize>(slot);
      if (entry == 0) return slot;
      if (load<u32>(entry, hashOffset) == hash && isNamed(entry, start, length)) return slot;
      index = (index + 1) & mask;
    }
  }

  /** Whether one more name of this length fits; its table, chunk and entry are there afterwards. */
  private makeRoom(length: u32): bool {
    const needed = entryBytes(length);
    const needsTable = (this.size + 1) * 2 > this.tableSize;
    const chunk = needed <= this.chunkLeft ? 0 : max(needed, chunkBytes);
    // While a table is copied into one of twice its size, both are there.
    const table: usize = needsTable ? this.tableSize * 2 * 4 : 0;
    if (this.used + chunk + table > this.budget) return false;
    if (needsTable) this.resizeTable(this.tableSize * 2);
    if (chunk != 0) {
      this.chunk = heap.alloc(chunk);
      this.chunkLeft = chunk;
      this.used += chunk;
    }
    return true;
  }

  private append(hash: u32, start: usize, length: u32): usize {
    const entry = this.chunk;
    const needed = entryBytes(length);
    this.chunk += needed;
    this.chunkLeft -= needed;
    store<u64>(entry, 0, countOffset);
    store<u32>(entry, hash, hashOffset);
    store<u32>(entry, length, lengthOffset);
    memory.copy(entry + headerBytes, start, length);
    return entry;
  }

  private resizeTable(size: u32): void {
    const old = this.table;
    const oldSize = this.tableSize;
    this.table = heap.alloc(size * 4);
    this.tableSize = size;
    this.used += size * 4;
    memory.fill(this.table, 0, size * 4);
    if (old == 0) return;
    for (let index: u32 = 0; index < oldSize; index++) {
      const entry = load<usize>(old + index * 4);
      if (entry != 0) this.place(entry);
    }
    heap.free(old);
    this.used -= oldSize * 4;
  }

  private place(entry: usize): void {
    const mask = this.tableSize - 1;
    let index = load<u32>(entry, hashOffset) & mask;
    while (load<usize>(this.table + index * 4) != 0) index = (index + 1) & mask;
    store<usize>(this.table + index * 4, entry);
  }
}

function entryBytes(length: u32): usize {
  return (headerBytes + length + 7) & ~7;
}

function isNamed(entry: usize, start: usize, length: u32): bool {
  return load<u32>(entry, lengthOffset) == length && memory.compare(entry + headerBytes, start, length) == 0;
}

function comesBefore(one: usize, other: usize): bool {
  const difference = i64(Tally.countOf(one)) - i64(Tally.countOf(other));
  if (difference != 0) return difference > 0;
  const length = Tally.nameLength(one);
  const otherLength = Tally.nameLength(other);
  const order = memory.compare(Tally.nameStart(one), Tally.nameStart(other), min(length, otherLength));
  return order != 0 ? order < 0 : length < otherLength;
}

/** FNV-1a. */
function hashOf(start: usize, length: u32): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let at = start; at < start + length; at++) hash = (hash ^ load<u8>(at)) * 0x01000193;
  return hash;
}
