import type { AuditEntry } from "./audit-entry.ts";
import { auditFiles, readAuditText } from "./audit-files.ts";
import { type AuditLine, readLine } from "./audit-line.ts";

/** What lines have to be like to be found. */
export interface AuditQuery extends Partial<
  Pick<AuditEntry, "component" | "digest" | "right" | "decision" | "mode" | "approver" | "wouldRefuse">
> {
  /** Part of the resource. */
  readonly resource?: string;
  /** Milliseconds since the Unix epoch, included. */
  readonly from?: number;
  /** Milliseconds since the Unix epoch, not included. */
  readonly to?: number;
}

/** The lines of a log that are as the query says, oldest first. Shows what is there; whether it is true, `verifyAuditLog` knows. */
export async function* searchAuditLog(folder: string, query: AuditQuery = {}): AsyncGenerator<AuditLine> {
  const { resource, from = -Infinity, to = Infinity, ...exact } = query;
  const wanted = Object.entries(exact).filter(([, value]) => value !== undefined);
  for (const file of await auditFiles(folder)) {
    const { lines } = await readAuditText(file);
    for (const text of lines) {
      const line = readLine(text, undefined)?.line;
      if (!line) continue;
      const time = Date.parse(line.time);
      const fields = new Map<string, unknown>(Object.entries(line));
      if (time < from || time >= to || (resource !== undefined && !line.resource.includes(resource))) continue;
      if (wanted.every(([name, value]) => fields.get(name) === value)) yield line;
    }
  }
}
