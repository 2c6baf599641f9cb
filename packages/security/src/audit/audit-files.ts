import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface AuditFile {
  readonly number: number;
  readonly name: string;
  readonly path: string;
}

export function auditFile(folder: string, number: number): AuditFile {
  const name = `audit-${String(number).padStart(8, "0")}.jsonl`;
  return { number, name, path: join(folder, name) };
}

/** The files of a log, in the order they were written. */
export async function auditFiles(folder: string): Promise<readonly AuditFile[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => {
      const [, number] = /^audit-(\d{8})\.jsonl$/.exec(name) ?? [];
      return number === undefined ? [] : [auditFile(folder, Number(number))];
    })
    .toSorted((one, other) => one.number - other.number);
}

export interface AuditText {
  readonly lines: readonly string[];
  /** What stands behind the last line's end: of a sound file, nothing. */
  readonly rest: string;
}

export async function readAuditText(file: AuditFile): Promise<AuditText> {
  const lines = (await readFile(file.path, "utf8")).split("\n");
  const rest = lines.pop() ?? "";
  return { lines, rest };
}
