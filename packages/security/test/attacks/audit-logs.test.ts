import { createSecretKey, createHash } from "node:crypto";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { AuditLog, verifyAuditLog } from "../../src/index.ts";
import { entry } from "../audit/entries.ts";
import { temporaryFolder } from "../temporary-folder.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of the heap that are in use. */
function held(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const key = createSecretKey(Buffer.alloc(32, 7));
const FIRST = "audit-00000001.jsonl";
const SECOND = "audit-00000002.jsonl";

/** A log of two files with three lines each, and its end as somebody else might have kept it. */
async function writtenLog() {
  const folder = await temporaryFolder();
  await using log = await AuditLog.open(folder, { key, maxFileBytes: 900 });
  for (let index = 1; index <= 6; index += 1) {
    log.record(entry(`/${index}`, index === 2 ? { decision: "refused" } : {}));
    await log.flush();
  }
  const lines = (await readFile(join(folder, FIRST), "utf8")).split("\n").slice(0, -1);
  return { folder, lines, known: log.end };
}

type Lines = readonly string[];

/** The lines with their plain hashes and links made good again, as somebody without the key can do. */
function rechained(lines: Lines): Lines {
  let previous = "0".repeat(64);
  return lines.map((line) => {
    const { hash: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const body = JSON.stringify({ ...rest, previous });
    previous = createHash("sha256").update(body).digest("hex");
    return `${body.slice(0, -1)},"hash":"${previous}"}`;
  });
}

const [A, B, C] = [0, 1, 2];
const pick = (lines: Lines, ...indices: readonly number[]): Lines => indices.map((index) => lines[index] ?? "");

describe("an audit log", () => {
  it("is intact as long as nobody touches it", async () => {
    const { folder, lines, known } = await writtenLog();
    expect(lines).toHaveLength(3);
    expect(await verifyAuditLog(folder, { key, known })).toEqual({ type: "intact", lines: 6, end: known });
  });

  it.each<readonly [string, string, (lines: Lines) => Lines]>([
    ["a refusal turned into a grant", "edited", (lines) => lines.map((line) => line.replace('"refused"', '"granted"'))],
    ["a resource changed", "edited", (lines) => lines.map((line) => line.replace("/2", "/9"))],
    ["a time changed", "edited", (lines) => lines.map((line) => line.replace(/"time":"\d/, '"time":"1'))],
    ["a space added", "edited", (lines) => lines.map((line) => line.replace('","', '", "'))],
    ["a key given twice", "edited", (lines) => lines.map((line) => line.replace("{", '{"decision":"granted",'))],
    ["a hash changed", "edited", (lines) => lines.map((line) => line.replace(/.{64}"\}$/, `${"0".repeat(64)}"}`))],
    ["a line that is no JSON", "edited", (lines) => lines.with(B, "hello")],
    ["an empty line", "edited", (lines) => lines.toSpliced(1, 0, "")],
    ["all hashes made anew without the key", "edited", (lines) => rechained(lines)],
    ["a line in between gone", "missing", (lines) => pick(lines, A, C)],
    ["the first line gone", "missing", (lines) => pick(lines, B, C)],
    ["the last line of a file gone", "missing", (lines) => pick(lines, A, B)],
    ["a line twice", "forged", (lines) => pick(lines, A, B, B, C)],
    ["an old line put in again", "forged", (lines) => pick(lines, A, B, A, C)],
    ["two lines exchanged", "missing", (lines) => pick(lines, A, C, B)],
  ])("shows %s: %s", async (_, problem, attack) => {
    const { folder, lines } = await writtenLog();
    const attacked = attack(lines);
    expect(attacked).not.toEqual(lines);
    await writeFile(join(folder, FIRST), attacked.map((line) => `${line}\n`).join(""));
    expect(await verifyAuditLog(folder, { key })).toMatchObject({ type: "broken", problem });
    await expect(AuditLog.open(folder, { key })).rejects.toMatchObject({ code: "SECURITY_AUDIT_CORRUPT" });
  });

  it.each<readonly [string, string, (folder: string) => Promise<void>]>([
    [
      "its end cut off",
      "truncated",
      async (folder) => {
        const text = await readFile(join(folder, SECOND), "utf8");
        await writeFile(join(folder, SECOND), text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1));
      },
    ],
    [
      "half a line cut off",
      "truncated",
      async (folder) => {
        const text = await readFile(join(folder, SECOND), "utf8");
        await writeFile(join(folder, SECOND), text.slice(0, -20));
      },
    ],
    ["its last file gone", "truncated", (folder) => rm(join(folder, SECOND))],
    ["its first file gone", "missing", (folder) => rm(join(folder, FIRST))],
    ["its head gone", "missing", (folder) => rm(join(folder, "audit.head"))],
    [
      "its head changed",
      "forged",
      async (folder) => {
        const text = await readFile(join(folder, "audit.head"), "utf8");
        await writeFile(join(folder, "audit.head"), text.replace('"sequence":6', '"sequence":5'));
      },
    ],
    [
      "a file of another number",
      "missing",
      (folder) => copyFile(join(folder, SECOND), join(folder, "audit-00000004.jsonl")),
    ],
    [
      "a file copied as the next",
      "forged",
      (folder) => copyFile(join(folder, SECOND), join(folder, "audit-00000003.jsonl")),
    ],
    ["an empty file in the place of one", "missing", (folder) => writeFile(join(folder, FIRST), "")],
  ])("shows %s: %s", async (_, problem, attack) => {
    const { folder } = await writtenLog();
    await attack(folder);
    expect(await verifyAuditLog(folder, { key })).toMatchObject({ type: "broken", problem });
  });

  it("shows an old state put back as a whole, to whoever kept its end", async () => {
    const { folder, known } = await writtenLog();
    const older = await temporaryFolder();
    for (const name of [FIRST, SECOND, "audit.head"]) await copyFile(join(folder, name), join(older, name));
    await using log = await AuditLog.open(folder, { key });
    log.record(entry("/7"));
    await log.flush();
    expect(await verifyAuditLog(older, { key })).toMatchObject({ type: "intact" });
    expect(await verifyAuditLog(older, { key, known })).toMatchObject({ type: "intact" });
    expect(await verifyAuditLog(older, { key, known: log.end })).toMatchObject({
      type: "broken",
      problem: "truncated",
    });
  });

  it("shows a log written anew without a key, to whoever kept its end", async () => {
    const { known } = await writtenLog();
    const anew = await temporaryFolder();
    await using log = await AuditLog.open(anew);
    for (let index = 1; index <= 6; index += 1) log.record(entry("/harmless"));
    await log.flush();
    expect(await verifyAuditLog(anew)).toMatchObject({ type: "intact" });
    expect(await verifyAuditLog(anew, { known })).toMatchObject({ type: "broken", problem: "forged" });
  });

  it("takes a text that wants to be more lines than one as one", async () => {
    const folder = await temporaryFolder();
    await using log = await AuditLog.open(folder);
    log.record(entry('/a\n{"sequence":2}\u2028\r', { reason: '","hash":"0"}', component: "x".repeat(10_000) }));
    log.record(entry("\uD800"));
    await log.flush();
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 2 });
  });

  it("holds no more of a text than it writes, however many wait to be written", async () => {
    const folder = await temporaryFolder();
    await using log = await AuditLog.open(folder);
    const before = held();
    for (let at = 0; at < 500; at += 1) log.record(entry(`/${"x".repeat(1_000_000)}${at}`.toUpperCase()));
    expect(log.waiting).toBeGreaterThan(400);
    // Half a gigabyte, if they were kept as they came.
    expect(held() - before).toBeLessThan(50_000_000);
    await log.flush();
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 500 });
  });

  it("is no log when it is no folder", async () => {
    expect(await verifyAuditLog("/nowhere/at/all")).toMatchObject({ type: "broken", problem: "unreadable" });
  });
});
