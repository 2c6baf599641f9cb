// AssemblyScript names imports and exports by identifiers, the canonical ABI by strings that are none: the names are
// replaced in two sections of the finished module, and all else is copied as it is.

const importSection = 2;
const exportSection = 7;
const functionKind = 0;
const preambleLength = 8;

export interface ImportName {
  readonly module: string;
  readonly name: string;
}

export interface FunctionNames {
  readonly imports: readonly ImportName[];
  readonly exports: readonly string[];
}

/** New names; `undefined` leaves an import as it is, and drops an export. */
export interface Renaming {
  readonly importName: (name: ImportName) => ImportName | undefined;
  readonly exportName: (name: string) => string | undefined;
}

/** The functions a module imports and exports. The module is one a compiler just wrote: it is not validated. */
export function functionNames(module: Uint8Array): FunctionNames {
  const imports: ImportName[] = [];
  const exports: string[] = [];
  for (const { id, body } of sections(module)) {
    if (id === importSection)
      imports.push(...readImports(body).map(({ module: from, name }) => ({ module: from, name })));
    if (id === exportSection)
      exports.push(...readExports(body).flatMap(({ kind, name }) => (kind === functionKind ? name : [])));
  }
  return { imports, exports };
}

/** The module under new names. The module is one a compiler just wrote: it is not validated. */
export function rename(module: Uint8Array, { importName, exportName }: Renaming): Uint8Array {
  const renamed = sections(module).map(({ id, body }) => {
    if (id === importSection) {
      return section(id, vector(readImports(body).map((entry) => encodeImport({ ...entry, ...importName(entry) }))));
    }
    if (id === exportSection) {
      const entries = readExports(body).flatMap((entry) => {
        const name = exportName(entry.name);
        return name === undefined ? [] : Buffer.concat([encodeName(name), entry.description]);
      });
      return section(id, vector(entries));
    }
    return section(id, body);
  });
  return Buffer.concat([module.subarray(0, preambleLength), ...renamed]);
}

interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

function sections(module: Uint8Array): readonly Section[] {
  const reader = new ByteReader(module.subarray(preambleLength));
  const found: Section[] = [];
  while (!reader.isAtEnd) found.push({ id: reader.byte(), body: reader.take(reader.unsigned()) });
  return found;
}

interface Import extends ImportName {
  /** The type index, encoded. */
  readonly description: Uint8Array;
}

/** AssemblyScript and the encoder's dummies import functions and nothing else. */
function readImports(body: Uint8Array): readonly Import[] {
  const reader = new ByteReader(body);
  return Array.from({ length: reader.unsigned() }, () => {
    const [module, name] = [reader.name(), reader.name()];
    const description = reader.slice(() => {
      reader.byte();
      reader.unsigned();
    });
    return { module, name, description };
  });
}

function encodeImport({ module, name, description }: Import): Uint8Array {
  return Buffer.concat([encodeName(module), encodeName(name), description]);
}

interface Export {
  readonly name: string;
  readonly kind: number;
  /** Kind and index, encoded. */
  readonly description: Uint8Array;
}

function readExports(body: Uint8Array): readonly Export[] {
  const reader = new ByteReader(body);
  return Array.from({ length: reader.unsigned() }, () => {
    const name = reader.name();
    const description = reader.slice(() => {
      reader.byte();
      reader.unsigned();
    });
    return { name, kind: description[0] ?? functionKind, description };
  });
}

function section(id: number, body: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(id), unsigned(body.byteLength), body]);
}

function vector(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([unsigned(entries.length), ...entries]);
}

function encodeName(name: string): Uint8Array {
  const encoded = new TextEncoder().encode(name);
  return Buffer.concat([unsigned(encoded.byteLength), encoded]);
}

/** An unsigned LEB128 number of up to 32 bits. */
function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.byteLength;
  }

  byte(): number {
    const value = this.#bytes[this.#offset] ?? 0;
    this.#offset += 1;
    return value;
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.unsigned()));
  }

  take(length: number): Uint8Array {
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.subarray(start, this.#offset);
  }

  /** The bytes that `read` went over. */
  slice(read: () => void): Uint8Array {
    const start = this.#offset;
    read();
    return this.#bytes.subarray(start, this.#offset);
  }
}
