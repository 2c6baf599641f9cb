import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeAtomically } from "../atomic-file.ts";
import { type Approval, isApproval } from "./approval.ts";
import { ApprovalFileError } from "./approval-errors.ts";

/** What outlasts a restart. */
export interface ApprovalRecord {
  readonly approvals: readonly Approval[];
  /** By component id, the newest version that was ever approved. */
  readonly newest: readonly (readonly [component: string, version: string])[];
}

const EMPTY: ApprovalRecord = { approvals: [], newest: [] };

/** What was decided before; nothing where there is no file yet. @throws ApprovalFileError when it is not as it was written */
export async function readApprovals(file: string): Promise<ApprovalRecord> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return EMPTY;
    throw new ApprovalFileError(file, "it cannot be read", { cause: error });
  }
  const [body = "", checksum] = text.split("\n");
  if (checksum !== checksumOf(body)) throw new ApprovalFileError(file, "it is damaged");
  const record = parse(body);
  if (!isRecord(record)) throw new ApprovalFileError(file, "it has no approvals in it");
  return record;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @throws ApprovalFileError when it cannot be written; then the file is as it was */
export async function writeApprovals(file: string, record: ApprovalRecord): Promise<void> {
  const body = JSON.stringify(record);
  try {
    await writeAtomically(file, `${body}\n${checksumOf(body)}\n`);
  } catch (error) {
    throw new ApprovalFileError(file, "the file cannot be written", { cause: error });
  }
}

/** Finds damage; whoever may write the file may decide, so it is no protection against that. */
function checksumOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

function isRecord(value: unknown): value is ApprovalRecord {
  const fields = new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);
  const approvals = fields.get("approvals");
  const newest = fields.get("newest");
  return (
    Array.isArray(approvals) &&
    approvals.every(isApproval) &&
    Array.isArray(newest) &&
    newest.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string"))
  );
}
