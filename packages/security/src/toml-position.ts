// smol-toml says where a syntax error is, but not where a key is. This index does, for text that smol-toml has accepted;
// it checks nothing itself.
import { parse } from "smol-toml";
import { LineIndex, type TextPosition } from "./line-index.ts";
import type { FieldPath } from "./manifest-problem.ts";

/** One key or list item of the document. Keys are strings, positions in lists are numbers. */
export interface TomlNode {
  readonly keyOffset: number;
  readonly valueOffset: number;
  readonly children: ReadonlyMap<string | number, TomlNode>;
}

/** Where every key and every value of a TOML document stands. */
export class TomlPositions {
  readonly root: TomlNode;
  readonly #lines: LineIndex;

  constructor(text: string) {
    this.root = new Scanner(text).scan();
    this.#lines = new LineIndex(text);
  }

  keyOf(path: FieldPath): TextPosition | undefined {
    const node = this.#find(path);
    return node && this.#lines.at(node.keyOffset);
  }

  valueOf(path: FieldPath): TextPosition | undefined {
    const node = this.#find(path);
    return node && this.#lines.at(node.valueOffset);
  }

  #find(path: FieldPath): TomlNode | undefined {
    let node: TomlNode | undefined = this.root;
    for (const part of path) node = node?.children.get(part);
    return node;
  }
}

interface KeyPart {
  readonly name: string;
  readonly offset: number;
}

class ScannedNode implements TomlNode {
  keyOffset: number;
  valueOffset: number;
  /** How many `[[tables]]` of this name there are; 0 when it is no array of tables. */
  tables = 0;
  readonly children: Map<string | number, ScannedNode> = new Map();

  constructor(offset: number) {
    this.keyOffset = offset;
    this.valueOffset = offset;
  }

  child(key: string | number, offset: number): ScannedNode {
    const known = this.children.get(key);
    if (known) return known;
    const added = new ScannedNode(offset);
    this.children.set(key, added);
    return added;
  }

  /** Where keys below this name go: an array of tables is continued in its last table. */
  open(): ScannedNode {
    return this.children.get(this.tables - 1) ?? this;
  }
}

const BARE_KEY = /[A-Za-z0-9_-]+/y;
const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y;
const SPACE = /[ \t]*/y;
const SCALAR = /[^,\]}\r\n#]*/y;
const BASIC_STRING = /"(?:[^"\\\n]|\\.)*"?/y;
const LITERAL_STRING = /'[^'\n]*'?/y;
// Up to two quotes may stand right before the closing three.
const LONG_BASIC_STRING = /"""(?:[^"\\]|\\[^]|"{1,2}(?!"))*"{0,5}/y;
const LONG_LITERAL_STRING = /'''(?:[^']|'{1,2}(?!'))*'{0,5}/y;

/** Every loop moves on, so that a document this does not understand costs a wrong position and not a hung host. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): TomlNode {
    const root = new ScannedNode(0);
    let table = root;
    this.#skip("\uFEFF");
    this.#match(BLANK);
    while (this.#at < this.#text.length) {
      if (this.#skip("[")) table = this.#header(root);
      else this.#assignment(table);
      this.#match(BLANK);
    }
    return root;
  }

  #header(root: ScannedNode): ScannedNode {
    const isArray = this.#skip("[");
    const named = this.#define(root, this.#key());
    this.#skip("]");
    if (!isArray) return named;
    this.#skip("]");
    const table = named.child(named.tables, named.keyOffset);
    named.tables += 1;
    return table;
  }

  #assignment(table: ScannedNode): void {
    const start = this.#at;
    const node = this.#define(table, this.#key());
    this.#match(SPACE);
    this.#skip("=");
    this.#match(SPACE);
    this.#value(node);
    if (this.#at === start) this.#at += 1;
  }

  #define(table: ScannedNode, key: readonly KeyPart[]): ScannedNode {
    let node = table;
    for (const { name, offset } of key) node = node.open().child(name, offset);
    const last = key.at(-1);
    if (last) {
      node.keyOffset = last.offset;
      node.valueOffset = last.offset;
    }
    return node;
  }

  #key(): readonly KeyPart[] {
    const parts: KeyPart[] = [];
    do {
      this.#match(SPACE);
      const offset = this.#at;
      const quote = this.#text[offset];
      if (quote === '"') parts.push({ name: unquote(this.#match(BASIC_STRING)), offset });
      else if (quote === "'") parts.push({ name: this.#match(LITERAL_STRING).slice(1, -1), offset });
      else parts.push({ name: this.#match(BARE_KEY), offset });
      this.#match(SPACE);
    } while (this.#skip("."));
    return parts;
  }

  #value(node: ScannedNode): void {
    node.valueOffset = this.#at;
    if (this.#skip("[")) this.#array(node);
    else if (this.#skip("{")) this.#inlineTable(node);
    else this.#scalar();
  }

  #array(node: ScannedNode): void {
    this.#match(BLANK);
    for (let index = 0; this.#at < this.#text.length && !this.#skip("]"); index += 1) {
      const start = this.#at;
      this.#value(node.child(index, start));
      this.#separator(start);
    }
  }

  #inlineTable(node: ScannedNode): void {
    this.#match(BLANK);
    while (this.#at < this.#text.length && !this.#skip("}")) {
      const start = this.#at;
      this.#assignment(node);
      this.#separator(start);
    }
  }

  #separator(start: number): void {
    this.#match(BLANK);
    this.#skip(",");
    this.#match(BLANK);
    if (this.#at === start) this.#at += 1;
  }

  #scalar(): void {
    if (this.#text.startsWith('"""', this.#at)) this.#match(LONG_BASIC_STRING);
    else if (this.#text.startsWith("'''", this.#at)) this.#match(LONG_LITERAL_STRING);
    else if (this.#text.startsWith('"', this.#at)) this.#match(BASIC_STRING);
    else if (this.#text.startsWith("'", this.#at)) this.#match(LITERAL_STRING);
    else this.#match(SCALAR);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #skip(text: string): boolean {
    const isThere = this.#text.startsWith(text, this.#at);
    if (isThere) this.#at += text.length;
    return isThere;
  }
}

/** Left to smol-toml, so that both read the same escapes in the same way. */
function unquote(key: string): string {
  if (!key.includes("\\")) return key.slice(1, -1);
  const value = parse(`key = ${key}`)["key"];
  return typeof value === "string" ? value : key;
}
