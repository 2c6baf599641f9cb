// What the aggregator answers to `report`, decoded.

/** A name with how often it was counted, for display: bytes that are no UTF-8 are shown as U+FFFD. */
export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface Report {
  /** Well-formed lines. */
  readonly lines: number;
  readonly bytes: number;
  readonly statusClasses: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  readonly anomalies: Readonly<Record<string, number>>;
  /** Highest first, equal ones by name, at most ten. */
  readonly topPaths: readonly Count[];
  readonly topClients: readonly Count[];
  /** Counts for which the aggregator had no room; everything else is exact when this is 0. */
  readonly untracked: number;
}

const codecCbor = 0x51;

/** @throws {TypeError} when the bytes are no report */
export function decodeReport(payload: Uint8Array): Report {
  const reader = new CborReader(payload);
  const root = reader.codec() === codecCbor ? reader.item() : undefined;
  const fields = root instanceof Map ? root : new Map<string, Item>();
  return {
    lines: toNumber(fields.get("lines")),
    bytes: toNumber(fields.get("bytes")),
    statusClasses: toRecord(toEntries(fields.get("statusClasses"))),
    methods: toRecord(toEntries(fields.get("methods"))),
    kinds: toRecord(toEntries(fields.get("kinds"))),
    anomalies: toRecord(toEntries(fields.get("anomalies"))),
    topPaths: toEntries(fields.get("topPaths")),
    topClients: toEntries(fields.get("topClients")),
    untracked: toNumber(fields.get("untracked")),
  };
}

/** A payload of one CBOR number, as on `access-log.progress`. */
export function decodeNumber(payload: Uint8Array): number {
  const reader = new CborReader(payload);
  return toNumber(reader.codec() === codecCbor ? reader.item() : undefined);
}

type Item = number | string | readonly Item[] | Map<string, Item>;

function toNumber(item: Item | undefined): number {
  if (typeof item !== "number") throw new TypeError("a report has a number where this has none");
  return item;
}

function toText(item: Item | undefined): string {
  if (typeof item !== "string") throw new TypeError("a report has a name where this has none");
  return item;
}

function toEntries(item: Item | undefined): readonly Count[] {
  if (item instanceof Map) return Array.from(item, ([name, count]) => ({ name, count: toNumber(count) }));
  if (item === undefined || typeof item === "number" || typeof item === "string") {
    throw new TypeError("a report has a list of counts where this has none");
  }
  return item.map((entry) => {
    const [name, count] = typeof entry === "object" && !(entry instanceof Map) ? entry : [];
    return { name: toText(name), count: toNumber(count) };
  });
}

/** Names that differ only in bytes that cannot be shown are one name here. */
function toRecord(counts: readonly Count[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const { name, count } of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

class CborReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  codec(): number {
    return this.#byte();
  }

  item(): Item {
    const head = this.#byte();
    const value = this.#value(head & 0x1f);
    switch (head >> 5) {
      case 0:
        return value;
      case 2:
      case 3:
        return this.#text(value);
      case 4:
        return Array.from({ length: value }, () => this.item());
      case 5:
        return new Map(Array.from({ length: value }, () => [toText(this.item()), this.item()] as const));
    }
    throw new TypeError(`a report has no items of CBOR type ${head >> 5}`);
  }

  #value(low: number): number {
    if (low < 24) return low;
    let value = 0;
    for (let left = 2 ** (low - 24); left > 0; left -= 1) value = value * 256 + this.#byte();
    return value;
  }

  #text(length: number): string {
    const start = this.#at;
    this.#at += length;
    return new TextDecoder().decode(this.#bytes.subarray(start, this.#at));
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new TypeError("a report does not end within an item");
    this.#at += 1;
    return byte;
  }
}
