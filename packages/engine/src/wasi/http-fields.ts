/** What a guest is told of fields that cannot be. */
type HeaderError = { readonly tag: "invalid-syntax" | "forbidden" | "immutable" };

/** Those of the connection itself, which is not the guest's. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What all fields of a message may take: the host keeps them. */
const MAX_BYTES = 65_536;
const ENTRY_OVERHEAD_BYTES = 32;

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

type Entry = readonly [name: string, value: Uint8Array];

/** `wasi:http/types`: the headers or trailers of a message. Names are the same in any case. */
export class Fields {
  #entries: readonly Entry[] = [];
  #isImmutable = false;

  static fromList(entries: readonly Entry[]): Fields {
    const fields = new Fields();
    fields.#replace(entries.map(checked));
    return fields;
  }

  /** The fields of a message that came, or that was sent off: nobody changes them any more. */
  static received(entries: Iterable<readonly [string, string]>): Fields {
    const fields = new Fields();
    fields.#entries = Array.from(entries, ([name, value]) => [name, Buffer.from(value, "latin1")] as const);
    return fields.freeze();
  }

  get(name: string): Uint8Array[] {
    return this.#entries.filter(isNamed(name)).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.#entries.some(isNamed(name));
  }

  set(name: string, values: readonly Uint8Array[]): void {
    this.#checkMutable();
    const isOld = isNamed(name);
    const added = values.map((value) => checked([name, value]));
    checked([name, new Uint8Array()]);
    this.#replace([...this.#entries.filter((entry) => !isOld(entry)), ...added]);
  }

  delete(name: string): void {
    this.set(name, []);
  }

  append(name: string, value: Uint8Array): void {
    this.#checkMutable();
    this.#replace([...this.#entries, checked([name, value])]);
  }

  entries(): Entry[] {
    return [...this.#entries];
  }

  /** A copy that can be changed, also where this one cannot. */
  clone(): Fields {
    const copy = new Fields();
    copy.#entries = this.#entries;
    return copy;
  }

  /** From now on it stays as it is. */
  freeze(): this {
    this.#isImmutable = true;
    return this;
  }

  #checkMutable(): void {
    if (this.#isImmutable) throw { tag: "immutable" } satisfies HeaderError;
  }

  #replace(entries: readonly Entry[]): void {
    const bytes = entries.reduce((sum, [name, value]) => sum + name.length + value.length + ENTRY_OVERHEAD_BYTES, 0);
    if (bytes > MAX_BYTES) throw { tag: "forbidden" } satisfies HeaderError;
    this.#entries = entries;
  }
}

function isNamed(name: string): (entry: Entry) => boolean {
  const wanted = name.toLowerCase();
  return ([found]) => found.toLowerCase() === wanted;
}

function checked([name, value]: Entry): Entry {
  if (!NAME.test(name) || value.some((byte) => byte === 0 || byte === 10 || byte === 13)) {
    throw { tag: "invalid-syntax" } satisfies HeaderError;
  }
  if (FORBIDDEN.has(name.toLowerCase())) throw { tag: "forbidden" } satisfies HeaderError;
  return [name, value];
}
