import { createSecretKey } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  AuditLog,
  type AuditLine,
  AuditLogCorruptError,
  type AuditLogOptions,
  type AuditQuery,
  AuditWriteError,
  searchAuditLog,
  verifyAuditLog,
} from "../../src/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { entry } from "./entries.ts";

async function written(folder: string, resources: readonly string[], options: AuditLogOptions = {}): Promise<void> {
  await using log = await AuditLog.open(folder, options);
  for (const resource of resources) log.record(entry(resource));
}

async function linesIn(folder: string, query: AuditQuery = {}): Promise<readonly AuditLine[]> {
  const lines: AuditLine[] = [];
  for await (const line of searchAuditLog(folder, query)) lines.push(line);
  return lines;
}

async function resourcesIn(folder: string): Promise<readonly string[]> {
  return (await linesIn(folder)).map(({ resource }) => resource);
}

describe("an audit log", () => {
  it("has one line of JSON for each decision, chained to the one before", async () => {
    const folder = await temporaryFolder();
    await using log = await AuditLog.open(folder, { now: () => Date.UTC(2026, 0, 2) });
    expect(log.record(entry("/a", { approver: "ada" }))).toBe(true);
    expect(log.record(entry("/b", { decision: "refused", wouldRefuse: true }))).toBe(true);
    expect(log.waiting).toBe(2);
    await log.flush();
    const lines = (await readFile(join(folder, "audit-00000001.jsonl"), "utf8")).split("\n");
    expect(lines).toHaveLength(3);
    const [first, second] = lines.slice(0, 2).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({
      sequence: 1,
      time: "2026-01-02T00:00:00.000Z",
      resource: "/a",
      approver: "ada",
      previous: "0".repeat(64),
    });
    expect(second).toMatchObject({ sequence: 2, resource: "/b", decision: "refused", previous: first?.["hash"] });
    expect(log.end).toEqual({ sequence: 2, hash: second?.["hash"] });
    expect(await verifyAuditLog(folder, { known: log.end })).toEqual({ type: "intact", lines: 2, end: log.end });
  });

  it("goes on where it was left", async () => {
    const folder = await temporaryFolder();
    for (const name of ["/a", "/b", "/c"]) await written(folder, [name, `${name}2`]);
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 6 });
    expect(await resourcesIn(folder)).toEqual(["/a", "/a2", "/b", "/b2", "/c", "/c2"]);
  });

  it("keeps the order of decisions, however many come at once", async () => {
    const folder = await temporaryFolder();
    const resources = Array.from({ length: 5000 }, (_, index) => `/${index}`);
    await written(folder, resources);
    expect(await resourcesIn(folder)).toEqual(resources);
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 5000 });
  });

  it("begins a new file when one is full, and forgets the oldest when there are too many", async () => {
    const folder = await temporaryFolder();
    const options = { maxFileBytes: 1, maxFiles: 3 };
    await using log = await AuditLog.open(folder, options);
    for (let index = 1; index <= 6; index += 1) {
      log.record(entry(`/${index}`));
      await log.flush();
    }
    expect((await readdir(folder)).toSorted()).toEqual([
      "audit-00000004.jsonl",
      "audit-00000005.jsonl",
      "audit-00000006.jsonl",
      "audit.head",
    ]);
    expect(await resourcesIn(folder)).toEqual(["/4", "/5", "/6"]);
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 3, end: { sequence: 6 } });
    await log.close();
    await written(folder, ["/7"], options);
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 3, end: { sequence: 7 } });
  });

  it("takes no more than it can hold, and counts what it does not take", async () => {
    const folder = await temporaryFolder();
    await using log = await AuditLog.open(folder, { maxWaiting: 2 });
    expect(["/a", "/b", "/c", "/d"].map((resource) => log.record(entry(resource)))).toEqual([true, true, false, false]);
    expect(log.unrecorded).toBe(2);
    await log.flush();
    expect(log.record(entry("/e"))).toBe(true);
    await log.flush();
    expect(await resourcesIn(folder)).toEqual(["/a", "/b", "/e"]);
  });

  it("says when it cannot be written, loses nothing it took, and goes on when it can", async () => {
    const folder = await temporaryFolder();
    const failures: AuditWriteError[] = [];
    await using log = await AuditLog.open(folder, { onFailure: (error) => failures.push(error) });
    // A folder in the place of the file: nobody can write there.
    const file = join(folder, "audit-00000001.jsonl");
    await mkdir(file);
    log.record(entry("/a"));
    await expect(log.flush()).rejects.toThrow(AuditWriteError);
    expect(log.record(entry("/b"))).toBe(false);
    await expect(log.flush()).rejects.toThrow(AuditWriteError);
    expect(failures).toHaveLength(1);
    expect([log.unrecorded, log.waiting]).toEqual([1, 1]);
    await rm(file, { recursive: true });
    await log.flush();
    expect(log.failure).toBeUndefined();
    expect(log.record(entry("/c"))).toBe(true);
    await log.flush();
    expect(await resourcesIn(folder)).toEqual(["/a", "/c"]);
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 2 });
  });

  it("takes nothing after it was closed", async () => {
    const folder = await temporaryFolder();
    const log = await AuditLog.open(folder);
    await log.close();
    expect(log.record(entry("/a"))).toBe(false);
  });

  it("removes a line that a crash left unfinished, and says so", async () => {
    const folder = await temporaryFolder();
    await written(folder, ["/a", "/b"]);
    const file = join(folder, "audit-00000001.jsonl");
    await appendFile(file, '{"sequence":3,"time":"20');
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "broken", problem: "truncated", line: 3 });
    await written(folder, ["/c"]);
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 4 });
    const found = await linesIn(folder, { right: "audit" });
    expect(found).toMatchObject([{ sequence: 3, reason: "24 bytes of an unfinished line were removed" }]);
  });

  it("goes on after a crash between a line and the head", async () => {
    const folder = await temporaryFolder();
    await written(folder, ["/a"]);
    const head = await readFile(join(folder, "audit.head"));
    await written(folder, ["/b"]);
    await writeFile(join(folder, "audit.head"), head);
    await written(folder, ["/c"]);
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "intact", lines: 3 });
  });

  it("is not continued when it is not as it was left", async () => {
    const folder = await temporaryFolder();
    await written(folder, ["/a", "/b"]);
    const file = join(folder, "audit-00000001.jsonl");
    await truncate(file, (await readFile(file, "utf8")).indexOf("\n") + 1);
    await expect(AuditLog.open(folder)).rejects.toThrow(AuditLogCorruptError);
    await rm(file);
    await expect(AuditLog.open(folder)).rejects.toThrow("its files are gone");
    await writeFile(join(folder, "audit.head"), "{}\nx\n");
    await expect(AuditLog.open(folder)).rejects.toThrow(AuditLogCorruptError);
  });

  it("with a key is read and continued with that key only", async () => {
    const folder = await temporaryFolder();
    const key = createSecretKey(Buffer.alloc(32, 1));
    await written(folder, ["/a"], { key });
    await written(folder, ["/b"], { key });
    expect(await verifyAuditLog(folder, { key })).toMatchObject({ type: "intact", lines: 2 });
    expect(await verifyAuditLog(folder)).toMatchObject({ type: "broken", problem: "forged" });
    await expect(AuditLog.open(folder)).rejects.toThrow(AuditLogCorruptError);
    await expect(AuditLog.open(folder, { key: createSecretKey(Buffer.alloc(32, 2)) })).rejects.toThrow(
      AuditLogCorruptError,
    );
  });
});

describe("a search in an audit log", () => {
  it("finds the lines that are as it says", async () => {
    const folder = await temporaryFolder();
    let now = 0;
    await using log = await AuditLog.open(folder, { now: () => now });
    const recorded = [
      entry("/a/1"),
      entry("/b/1", { decision: "refused", wouldRefuse: true }),
      entry("/a/2", { component: "bank/b", right: "file.write" }),
      entry("/a/3", { approver: "ada", mode: "permissive", wouldRefuse: true }),
      entry("line\nbreak\u2028and\u2029more"),
    ];
    for (const each of recorded) {
      now += 1000;
      log.record(each);
    }
    await log.flush();
    const found = async (query: AuditQuery): Promise<readonly number[]> =>
      (await linesIn(folder, query)).map(({ sequence }) => sequence);
    expect(await found({})).toEqual([1, 2, 3, 4, 5]);
    expect(await found({ component: "bank/b" })).toEqual([3]);
    expect(await found({ decision: "refused" })).toEqual([2]);
    expect(await found({ wouldRefuse: true })).toEqual([2, 4]);
    expect(await found({ resource: "/a/" })).toEqual([1, 3, 4]);
    expect(await found({ resource: "/a/", approver: "ada" })).toEqual([4]);
    expect(await found({ from: 2000, to: 4000 })).toEqual([2, 3]);
    expect(await found({ right: "file.write", mode: "permissive" })).toEqual([]);
  });
});
