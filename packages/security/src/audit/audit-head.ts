import type { KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../atomic-file.ts";
import { type ChainLink, hashOf } from "./audit-line.ts";

/** Where the log begins and ends, kept beside it: a chain alone does not show that its end was cut off. */
export interface AuditHead {
  /** The number of the first file that is kept; what is before it is to be forgotten. */
  readonly first: number;
  /** The line before the first that is kept. */
  readonly start: ChainLink;
  readonly end: ChainLink;
}

const NAME = "audit.head";

export async function writeHead(
  folder: string,
  { first, start, end }: AuditHead,
  key: KeyObject | undefined,
): Promise<void> {
  const body = JSON.stringify({ first, start, end });
  await writeAtomically(join(folder, NAME), `${body}\n${hashOf(`head ${body}`, key)}\n`);
}

/** The head; undefined where there is none, `"forged"` when it is not one that was written with this key. */
export async function readHead(folder: string, key: KeyObject | undefined): Promise<AuditHead | undefined | "forged"> {
  const text = await readIfThere(join(folder, NAME));
  if (text === undefined) return undefined;
  const [body = "", hash] = text.split("\n");
  const head = hash === hashOf(`head ${body}`, key) ? parse(body) : undefined;
  return isHead(head) ? head : "forged";
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isHead(value: unknown): value is AuditHead {
  const fields = fieldsOf(value);
  return Number.isSafeInteger(fields.get("first")) && isLink(fields.get("start")) && isLink(fields.get("end"));
}

function isLink(value: unknown): value is ChainLink {
  const fields = fieldsOf(value);
  return Number.isSafeInteger(fields.get("sequence")) && typeof fields.get("hash") === "string";
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
