import type { KeyObject } from "node:crypto";
import { auditFiles, readAuditText } from "./audit-files.ts";
import { readHead } from "./audit-head.ts";
import { CHAIN_START, type ChainLink, readLine } from "./audit-line.ts";

export type AuditProblem =
  /** A line is not what was written. */
  | "edited"
  /** Lines between others, or before them, are gone. */
  | "missing"
  /** Lines at the end are gone, or half a line. */
  | "truncated"
  /** A line or the head was not written by the log. */
  | "forged"
  | "unreadable";

export type AuditVerdict =
  | { readonly type: "intact"; readonly lines: number; readonly end: ChainLink }
  | {
      readonly type: "broken";
      readonly problem: AuditProblem;
      readonly file: string;
      /** From 1, within the file; 0 for the file as a whole. */
      readonly line: number;
      readonly reason: string;
    };

export interface VerifyOptions {
  /** The key that the log was written with. */
  readonly key?: KeyObject;
  /** An `end` that was kept elsewhere: shows that the log was not cut off together with its head, or written anew. */
  readonly known?: ChainLink;
}

/** Reads a whole log, and finds the first thing that is wrong with it. Rejects with nothing: what cannot be read is a problem too. */
export async function verifyAuditLog(folder: string, options: VerifyOptions = {}): Promise<AuditVerdict> {
  try {
    return await verify(folder, options);
  } catch (error) {
    return broken("unreadable", folder, 0, error instanceof Error ? error.message : String(error));
  }
}

async function verify(folder: string, { key, known }: VerifyOptions): Promise<AuditVerdict> {
  const head = await readHead(folder, key);
  const first = typeof head === "object" ? head.first : 1;
  const files = (await auditFiles(folder)).filter(({ number }) => number >= first);
  if (head === "forged") return broken("forged", "audit.head", 0, "the head was not written with this key");
  if (!head && files.length > 0) return broken("missing", "audit.head", 0, "the head is gone");
  let end = head?.start ?? CHAIN_START;
  let isKnownSeen = known === undefined || known.sequence <= end.sequence;
  let lines = 0;
  for (const [index, file] of files.entries()) {
    if (file.number !== first + index) {
      return broken("missing", file.name, 0, "the file before it is gone");
    }
    const { lines: texts, rest } = await readAuditText(file);
    for (const [at, text] of texts.entries()) {
      const problem = problemOf(text, end, key);
      if (problem) return broken(problem[0], file.name, at + 1, problem[1]);
      end = readLine(text, key)?.link ?? end;
      lines += 1;
      if (known?.sequence === end.sequence) {
        if (known.hash !== end.hash) return broken("forged", file.name, at + 1, "it is not the line that is known");
        isKnownSeen = true;
      }
    }
    if (rest !== "") return broken("truncated", file.name, texts.length + 1, "the line is not finished");
  }
  const wanted = Math.max(head?.end.sequence ?? 0, isKnownSeen ? 0 : (known?.sequence ?? 0));
  if (end.sequence < wanted) {
    return broken("truncated", files.at(-1)?.name ?? folder, 0, `the log ends with line ${end.sequence} of ${wanted}`);
  }
  return { type: "intact", lines, end };
}

function problemOf(
  text: string,
  end: ChainLink,
  key: KeyObject | undefined,
): readonly [AuditProblem, string] | undefined {
  const read = readLine(text, key);
  if (!read) return ["edited", "it is no line of an audit log"];
  const { line, isSound } = read;
  if (!isSound) return ["edited", "its hash is not that of the line"];
  if (line.sequence > end.sequence + 1) return ["missing", `line ${end.sequence + 1} is gone`];
  const follows = line.sequence === end.sequence + 1 && line.previous === end.hash;
  return follows ? undefined : ["forged", "it does not follow the line before it"];
}

function broken(problem: AuditProblem, file: string, line: number, reason: string): AuditVerdict {
  return { type: "broken", problem, file, line, reason };
}
