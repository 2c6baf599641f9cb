import { createHash, createHmac, type KeyObject } from "node:crypto";
import type { AuditEntry } from "./audit-entry.ts";

/** A recorded decision with its place in the chain. */
export interface AuditLine extends AuditEntry {
  /** From 1, without gaps, over all files. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The hash of the line before. */
  readonly previous: string;
}

/** The end of a chain: where the next line goes on. */
export interface ChainLink {
  readonly sequence: number;
  readonly hash: string;
}

export const CHAIN_START: ChainLink = { sequence: 0, hash: "0".repeat(64) };

/** With a key, whoever can write the file still cannot write a line that is taken for one of ours. */
export function hashOf(text: string, key: KeyObject | undefined): string {
  const hash = key ? createHmac("sha256", key) : createHash("sha256");
  return hash.update(text).digest("hex");
}

const LONGEST = { name: 200, resource: 4096, reason: 1000 } as const;

/** The entry with no more of its texts than a line has: they come from guests, and thousands of entries may wait to be written. */
export function shortened(entry: AuditEntry): AuditEntry {
  return {
    ...entry,
    component: beginningOf(entry.component, LONGEST.name),
    digest: beginningOf(entry.digest, LONGEST.name),
    resource: beginningOf(entry.resource, LONGEST.resource),
    reason: beginningOf(entry.reason, LONGEST.reason),
    ...(entry.approver !== undefined && { approver: beginningOf(entry.approver, LONGEST.name) }),
  };
}

/** A copy: what `slice` returns keeps all of the text alive. */
function beginningOf(text: string, length: number): string {
  return text.length <= length ? text : Buffer.from(text.slice(0, length), "utf16le").toString("utf16le");
}

/** One line of JSON with its hash as the last key, so that the hash covers each byte before it. */
export function renderLine(
  entry: AuditEntry,
  time: number,
  after: ChainLink,
  key: KeyObject | undefined,
): { readonly text: string; readonly link: ChainLink } {
  const sequence = after.sequence + 1;
  const line: AuditLine = {
    sequence,
    time: new Date(time).toISOString(),
    component: entry.component,
    digest: entry.digest,
    right: entry.right,
    resource: entry.resource,
    decision: entry.decision,
    reason: entry.reason,
    wouldRefuse: entry.wouldRefuse,
    mode: entry.mode,
    ...(entry.approver !== undefined && { approver: entry.approver }),
    previous: after.hash,
  };
  const body = JSON.stringify(line);
  const hash = hashOf(body, key);
  return { text: `${body.slice(0, -1)},"hash":"${hash}"}\n`, link: { sequence, hash } };
}

export interface ReadLine {
  readonly line: AuditLine;
  readonly link: ChainLink;
  /** Whether the hash is that of the line. */
  readonly isSound: boolean;
}

/** A line without its end; undefined for what is no line of an audit log. */
export function readLine(text: string, key: KeyObject | undefined): ReadLine | undefined {
  const [, body, hash] = /^(\{.*),"hash":"([\da-f]{64})"\}$/s.exec(text) ?? [];
  if (body === undefined || hash === undefined) return undefined;
  const whole = `${body}}`;
  const line = parse(whole);
  return line && { line, link: { sequence: line.sequence, hash }, isSound: hashOf(whole, key) === hash };
}

function parse(text: string): AuditLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isLine(value: unknown): value is AuditLine {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const texts = ["time", "component", "digest", "right", "resource", "decision", "reason", "mode", "previous"];
  return Number.isSafeInteger(fields.get("sequence")) && texts.every((name) => typeof fields.get(name) === "string");
}
