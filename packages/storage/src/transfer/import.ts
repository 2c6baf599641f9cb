import type { Write } from "../batch.ts";
import {
  ImportStoppedError,
  InvalidExportError,
  InvalidOptionError,
  NamespaceNotEmptyError,
  ValueTooLargeError,
} from "../errors.ts";
import { checkKey } from "../key.ts";
import { HIGHEST_LIMITS } from "../limits.ts";
import type { Namespace } from "../namespace.ts";
import type { Store } from "../store.ts";
import { type ExportPart, partsOf } from "./export-reader.ts";
import type { TextSource } from "./line-reader.ts";

/** Entries are written in batches of so many, or of so many bytes. */
const ENTRIES_AT_ONCE = 500;
const BYTES_AT_ONCE = 4_194_304;

export interface ImportOptions {
  /** What happens when entries are there already: nothing is imported (default), or those of the same keys are replaced. */
  readonly existing?: "refuse" | "overwrite";
}

/** What the section of one namespace held. */
export interface ExportSummary {
  readonly namespace: string;
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Reads an export to its end and says what it holds. Nothing is written: to import either all of it or nothing, check it first.
 *
 * @throws InvalidExportError
 */
export async function checkExport(source: TextSource): Promise<readonly ExportSummary[]> {
  const summaries: ExportSummary[] = [];
  for await (const part of partsOf(source)) if (part.type === "end") summaries.push(summaryOf(part));
  return summaries;
}

/**
 * Writes the entries of an export of one namespace, whatever its name was. Entries get versions of their own.
 *
 * @throws ImportStoppedError, which says how far it came
 */
export async function importNamespace(
  namespace: Namespace,
  source: TextSource,
  options?: ImportOptions,
): Promise<ExportSummary> {
  let sections = 0;
  const into = (_name: string, line: number): Namespace => {
    sections += 1;
    if (sections > 1) throw new InvalidExportError(line, "the end of the text", "another namespace");
    return namespace;
  };
  const [summary] = await importInto(into, source, options);
  // A text without a section was refused.
  return summary ?? { namespace: namespace.name, entries: 0, bytes: 0 };
}

/**
 * Writes an export of any number of namespaces into namespaces of the same names.
 *
 * @throws ImportStoppedError, which says how far it came
 */
export function importStore(
  store: Store,
  source: TextSource,
  options?: ImportOptions,
): Promise<readonly ExportSummary[]> {
  return importInto((name) => store.namespace(name, HIGHEST_LIMITS), source, options);
}

async function importInto(
  namespaceFor: (name: string, line: number) => Namespace,
  source: TextSource,
  { existing = "refuse" }: ImportOptions = {},
): Promise<readonly ExportSummary[]> {
  if (existing !== "refuse" && existing !== "overwrite") {
    throw new InvalidOptionError("existing", '"refuse" or "overwrite"', existing);
  }
  const summaries: ExportSummary[] = [];
  const progress = { line: 1, imported: 0 };
  let target: Target | undefined;
  try {
    for await (const part of partsOf(source)) {
      progress.line = part.line;
      switch (part.type) {
        case "header":
          target = new Target(namespaceFor(part.namespace, part.line), existing, progress);
          await target.checkEmpty();
          break;
        case "entry":
          await target?.add(part);
          break;
        case "end":
          await target?.flush();
          summaries.push(summaryOf(part));
      }
    }
  } catch (cause) {
    throw new ImportStoppedError(
      cause instanceof InvalidExportError ? cause.line : progress.line,
      progress.imported,
      cause,
    );
  }
  return summaries;
}

function summaryOf({ namespace, entries, bytes }: ExportSummary): ExportSummary {
  return { namespace, entries, bytes };
}

/** Where an import has come to, for whoever hears that it stopped. */
interface Progress {
  line: number;
  imported: number;
}

/** A namespace that entries are imported into, in batches. */
class Target {
  readonly #namespace: Namespace;
  readonly #existing: "refuse" | "overwrite";
  readonly #progress: Progress;
  #writes: Write[] = [];
  #bytes = 0;
  #firstLine = 0;

  constructor(namespace: Namespace, existing: "refuse" | "overwrite", progress: Progress) {
    this.#namespace = namespace;
    this.#existing = existing;
    this.#progress = progress;
  }

  async checkEmpty(): Promise<void> {
    const { keys } = await this.#namespace.usage();
    if (this.#existing === "refuse" && keys > 0) throw new NamespaceNotEmptyError(this.#namespace.name, keys);
  }

  async add({ key, value, line }: ExportPart & { readonly type: "entry" }): Promise<void> {
    // Here and not with the batch: so that the error has the line.
    const { maxKeyBytes, maxValueBytes } = this.#namespace.limits;
    const keyBytes = checkKey(key, maxKeyBytes);
    if (value.length > maxValueBytes) throw new ValueTooLargeError(key, value.length, maxValueBytes);
    if (this.#writes.length === 0) this.#firstLine = line;
    this.#writes.push({ type: "set", key, value });
    this.#bytes += keyBytes + value.length;
    if (this.#writes.length >= ENTRIES_AT_ONCE || this.#bytes >= BYTES_AT_ONCE) await this.flush();
  }

  async flush(): Promise<void> {
    const writes = this.#writes;
    if (writes.length === 0) return;
    [this.#writes, this.#bytes] = [[], 0];
    const { line } = this.#progress;
    this.#progress.line = this.#firstLine;
    const checks = this.#existing === "refuse" ? writes.map(({ key }) => ({ key, version: undefined })) : [];
    const outcome = await this.#namespace.batch(writes, checks);
    if (outcome.type === "conflict") throw new NamespaceNotEmptyError(this.#namespace.name, outcome.found.length);
    this.#progress.line = line;
    this.#progress.imported += writes.length;
  }
}
