import { createHash } from "node:crypto";
import { InvalidExportError, shown } from "../errors.ts";
import { compareKeys } from "../key.ts";
import { type EndLine, endOfText, entryOrEndIn, headerIn, MAX_LINE_BYTES } from "./export-format.ts";
import { linesOf, type TextSource } from "./line-reader.ts";

/** What a text was found to hold, in its order. */
export type ExportPart =
  | { readonly type: "header"; readonly line: number; readonly namespace: string }
  | { readonly type: "entry"; readonly line: number; readonly key: string; readonly value: Uint8Array }
  | ({ readonly type: "end"; readonly line: number; readonly namespace: string } & EndLine);

interface Section {
  readonly namespace: string;
  readonly hash: ReturnType<typeof createHash>;
  entries: number;
  bytes: number;
  lastKey: string;
}

/**
 * Reads an export of any number of namespaces, at least one. An entry is handed on before the end of its section is seen, so only
 * an end says that what came before it is right.
 *
 * @throws InvalidExportError
 */
export async function* partsOf(source: TextSource): AsyncGenerator<ExportPart, void, undefined> {
  let section: Section | undefined;
  let line = 0;
  for await (const { number, bytes } of linesOf(source, MAX_LINE_BYTES)) {
    line = number;
    if (section === undefined) {
      const { namespace } = headerIn(bytes, line);
      section = { namespace, hash: createHash("sha256"), entries: 0, bytes: 0, lastKey: "" };
      yield { type: "header", line, namespace };
    } else {
      const found = entryOrEndIn(bytes, line);
      if ("sha256" in found) {
        checkEnd(found, section, line);
        yield { type: "end", line, namespace: section.namespace, ...found };
        section = undefined;
        continue;
      }
      count(found, section, line);
      yield { type: "entry", line, ...found };
    }
    section.hash.update(bytes).update("\n");
  }
  if (section !== undefined || line === 0) throw endOfText(line + 1, section !== undefined);
}

function count(
  { key, value }: { readonly key: string; readonly value: Uint8Array },
  section: Section,
  line: number,
): void {
  // The order also shows that no key is there twice, without remembering them.
  if (compareKeys(key, section.lastKey) <= 0) {
    throw new InvalidExportError(line, `a key behind ${shown(section.lastKey)}`, shown(key));
  }
  section.lastKey = key;
  section.entries += 1;
  section.bytes += Buffer.byteLength(key) + value.length;
}

function checkEnd(end: EndLine, { entries, bytes, hash }: Section, line: number): void {
  const sha256 = hash.digest("hex");
  if (end.entries === entries && end.bytes === bytes && end.sha256 === sha256) return;
  throw new InvalidExportError(line, endText({ entries, bytes, sha256 }), endText(end));
}

export function endText({ entries, bytes, sha256 }: EndLine): string {
  return `${entries} entries of ${bytes} bytes with the SHA-256 ${shown(sha256)}`;
}
