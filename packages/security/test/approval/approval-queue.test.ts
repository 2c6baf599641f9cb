import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type ApprovalQueueOptions,
  approvalDiagram,
  ApprovalFileError,
  ApprovalQueue,
  ApprovalQueueFullError,
  ApprovalRefusedError,
  ApprovalRequiredError,
  ApprovalStepError,
  type AuditEntry,
  digestOf,
  type Release,
  type Trust,
  SecurityError,
} from "../../src/index.ts";
import { file } from "../capability/requests.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { RELEASE } from "./releases.ts";

const unknown: Trust = { level: "unknown", reason: "nobody knows it" };
const trusted: Trust = { level: "trusted", reason: "trusted source x" };
const bySid = { requestedBy: "sid", trust: unknown } as const;

function numbered(number: number): Release {
  return { ...RELEASE, digest: digestOf(Buffer.from(String(number))) };
}

async function opened(options: ApprovalQueueOptions = {}) {
  const path = join(await temporaryFolder(), "approvals.json");
  const time = { now: 1000 };
  const open = (): Promise<ApprovalQueue> => ApprovalQueue.open(path, { now: () => time.now, ...options });
  return { path, time, open, queue: await open() };
}

async function approved(queue: ApprovalQueue, release: Release, ttlMs?: number): Promise<string> {
  const { id } = await queue.submit(release, bySid);
  await queue.review(id, "ada");
  await queue.approve(id, { approver: "ada", reason: "read it", ...(ttlMs !== undefined && { ttlMs }) });
  return id;
}

describe("the approval workflow", () => {
  it("is the diagram in the README", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    expect(/```mermaid\n(stateDiagram[^]*?)\n```/.exec(readme)?.[1]).toBe(approvalDiagram());
  });

  it("goes where the diagram says, and refuses every other step without going anywhere", async () => {
    const arrows = new Set(
      Array.from(approvalDiagram().matchAll(/^ {2}(\w+) --> \w+: (\w+)$/gm), ([, from, step]) => `${from} ${step}`),
    );
    expect(arrows.size).toBe(8);
    const { queue } = await opened();
    const paths = {
      pending: [],
      reviewing: ["review"],
      approved: ["review", "approve"],
      denied: ["review", "deny"],
      revoked: ["review", "approve", "revoke"],
    } as const;
    const verdict = { approver: "ada", reason: "because" };
    const steps = {
      review: (id: string) => queue.review(id, "ada"),
      release: (id: string) => queue.release(id, "ada"),
      approve: (id: string) => queue.approve(id, verdict),
      deny: (id: string) => queue.deny(id, verdict),
      revoke: (id: string) => queue.revoke(id, verdict),
    };
    let count = 0;
    for (const [state, path] of Object.entries(paths)) {
      for (const [step, take] of Object.entries(steps)) {
        count += 1;
        const { id } = await queue.submit({ ...RELEASE, digest: digestOf(Buffer.from(String(count))) }, bySid);
        for (const each of path) await steps[each](id);
        const outcome = await take(id).then(
          () => "taken",
          (error: unknown) =>
            error instanceof ApprovalStepError || error instanceof ApprovalRefusedError ? "refused" : error,
        );
        expect(outcome, `${state} ${step}`).toBe(arrows.has(`${state} ${step}`) ? "taken" : "refused");
        const now = queue.list().find((approval) => approval.id === id)?.state;
        if (outcome === "refused" && now !== state) throw new Error(`${state} became ${now} by ${step}`);
      }
    }
  });
});

describe("an approval", () => {
  it("is for just the code, version and capabilities that were approved", async () => {
    const { queue } = await opened();
    expect(() => queue.requireApproval(RELEASE)).toThrow("shop/order-parser 1.2.0 is not approved");
    const id = await approved(queue, RELEASE);
    expect(queue.requireApproval(RELEASE)).toMatchObject({
      id,
      state: "approved",
      requestedBy: "sid",
      decision: { approver: "ada", reason: "read it", at: 1000 },
    });
    for (const change of [
      { digest: digestOf(Buffer.from("changed")) },
      { version: "1.3.0" },
      { component: "shop/other" },
      { capabilities: [...RELEASE.capabilities, file("/**")] },
      { capabilities: [] },
    ]) {
      expect(() => queue.requireApproval({ ...RELEASE, ...change })).toThrow(ApprovalRequiredError);
    }
  });

  it("needs somebody with a name and a reason, who is not who asked, and who reviewed it", async () => {
    const { queue } = await opened();
    const { id } = await queue.submit(RELEASE, bySid);
    await expect(queue.review(id, "sid")).rejects.toThrow("sid asked for it himself");
    for (const spelt of ["Sid", " sid", "sid ", "s\u0456d", "", "(configuration)", "sid\0"]) {
      await expect(queue.review(id, spelt), spelt).rejects.toThrow(ApprovalRefusedError);
    }
    await expect(queue.approve(id, { approver: "ada", reason: "x" })).rejects.toThrow(ApprovalStepError);
    await queue.review(id, "ada");
    await expect(queue.approve(id, { approver: "bob", reason: "x" })).rejects.toThrow("it is not bob who reviews it");
    await expect(queue.approve(id, { approver: "sid", reason: "x" })).rejects.toThrow(ApprovalRefusedError);
    await expect(queue.approve(id, { approver: "ada", reason: "  " })).rejects.toThrow("a decision has a reason");
    for (const ttlMs of [0, -1, Number.NaN]) {
      await expect(queue.approve(id, { approver: "ada", reason: "x", ttlMs })).rejects.toThrow(ApprovalRefusedError);
    }
    await queue.release(id, "ada");
    await queue.review(id, "bob");
    expect((await queue.approve(id, { approver: "bob", reason: "x" })).state).toBe("approved");
    await expect(queue.submit({ ...RELEASE, version: "2.0.0" }, { ...bySid, requestedBy: "Sid" })).rejects.toThrow(
      ApprovalRefusedError,
    );
  });

  it("ends with its time, and may be asked for again", async () => {
    const { queue, time } = await opened();
    const id = await approved(queue, RELEASE, 500);
    time.now = 1499;
    expect(queue.requireApproval(RELEASE).state).toBe("approved");
    time.now = 1500;
    expect(() => queue.requireApproval(RELEASE)).toThrow("is expired");
    expect((await queue.submit(RELEASE, bySid)).state).toBe("pending");
    time.now += 604_800_000;
    await expect(queue.review(id, "ada")).rejects.toThrow("is expired, from where it cannot review");
  });

  it("is given by the configuration to what is trusted, and with a warning to what is being worked on", async () => {
    const { queue } = await opened();
    await queue.submit(RELEASE, { requestedBy: "sid", trust: trusted });
    expect(queue.requireApproval(RELEASE).decision).toMatchObject({
      approver: "(configuration)",
      reason: "trusted source x",
    });
    const other = { ...RELEASE, component: "shop/other" };
    await queue.submit(other, { requestedBy: "sid", trust: { level: "development", reason: "WARNING" } });
    expect(queue.requireApproval(other).decision).toMatchObject({ reason: "WARNING" });
  });

  it("that was denied or revoked is not given again, not even by the configuration", async () => {
    const { queue } = await opened();
    const id = await approved(queue, RELEASE);
    await queue.revoke(id, { approver: "eve", reason: "leaks" });
    const other = { ...RELEASE, component: "shop/other" };
    const { id: denied } = await queue.submit(other, bySid);
    await queue.review(denied, "ada");
    await queue.deny(denied, { approver: "ada", reason: "no" });
    for (const [release, state] of [
      [RELEASE, "revoked"],
      [other, "denied"],
    ] as const) {
      expect((await queue.submit(release, { requestedBy: "sid", trust: trusted })).state).toBe(state);
      expect(() => queue.requireApproval(release)).toThrow(ApprovalRequiredError);
    }
  });

  it("is not for a version older than the newest that was approved, unless that is allowed", async () => {
    const { queue, open } = await opened();
    await approved(queue, RELEASE);
    await approved(queue, { ...RELEASE, version: "1.10.0" });
    const older = { ...RELEASE, version: "1.9.9" };
    await expect(queue.submit(older, { requestedBy: "sid", trust: trusted })).rejects.toThrow(
      "it is older than version 1.10.0",
    );
    expect(() => queue.requireApproval(RELEASE)).toThrow(ApprovalRefusedError);
    expect(queue.requireApproval(RELEASE, { isDowngradeAllowed: true }).state).toBe("approved");
    await expect((await open()).submit(older, bySid)).rejects.toThrow(ApprovalRefusedError);
    expect((await queue.submit(older, { ...bySid, isDowngradeAllowed: true })).state).toBe("pending");
  });

  it("outlasts a restart, and so does everything else", async () => {
    const { queue, open } = await opened();
    await approved(queue, RELEASE);
    const { id } = await queue.submit({ ...RELEASE, component: "shop/other" }, bySid);
    await queue.review(id, "ada");
    const again = await open();
    expect(again.list()).toEqual(queue.list());
    expect(again.requireApproval(RELEASE).state).toBe("approved");
    expect((await again.approve(id, { approver: "ada", reason: "still good" })).state).toBe("approved");
  });

  it("is recorded, and so is every other step", async () => {
    const entries: AuditEntry[] = [];
    const { queue } = await opened({ audit: { record: (each) => entries.push(each) > 0 } });
    const id = await approved(queue, RELEASE);
    await queue.revoke(id, { approver: "eve", reason: "leaks" });
    expect(
      entries.map(({ decision, reason, approver, right, resource }) => [
        decision,
        reason,
        approver,
        right,
        resource === id,
      ]),
    ).toEqual([
      ["refused", "pending", "sid", "approval", true],
      ["refused", "reviewing", "ada", "approval", true],
      ["granted", "approved: read it", "ada", "approval", true],
      ["refused", "revoked: leaks", "eve", "approval", true],
    ]);
  });

  it("that is refused to somebody is recorded before he hears of it", async () => {
    const entries: AuditEntry[] = [];
    const { queue } = await opened({ audit: { record: (each) => entries.push(each) > 0 } });
    const id = await approved(queue, RELEASE);
    const older = { ...RELEASE, version: "0.1.0" };
    entries.length = 0;
    const asks: readonly (() => unknown)[] = [
      () => queue.requireApproval({ ...RELEASE, version: "9.9.9" }),
      () => queue.requireApproval(older),
      () => queue.submit(older, bySid),
      () => queue.revoke(id, { approver: "Eve!", reason: "x" }),
    ];
    for (const ask of asks) await expect((async () => ask())()).rejects.toThrow(SecurityError);
    const asked = await queue.submit({ ...RELEASE, version: "9.9.9" }, bySid);
    await expect(queue.review(asked.id, "sid")).rejects.toThrow(SecurityError);
    expect(entries.map(({ decision, right, reason, approver }) => [decision, right, reason, approver])).toEqual([
      ["refused", "approval", expect.stringContaining("not asked for"), undefined],
      ["refused", "approval", expect.stringContaining("older than version"), undefined],
      ["refused", "approval", expect.stringContaining("older than version"), "sid"],
      ["refused", "approval", expect.any(String), "Eve!"],
      ["refused", "approval", "pending", "sid"],
      ["refused", "approval", expect.any(String), "sid"],
    ]);
  });
});

describe("the approval queue", () => {
  it("is bounded, and takes more when some are decided", async () => {
    const { queue } = await opened({ maxOpen: 2 });
    const [first] = await Promise.all([queue.submit(numbered(1), bySid), queue.submit(numbered(2), bySid)]);
    await expect(queue.submit(numbered(3), bySid)).rejects.toThrow(ApprovalQueueFullError);
    expect((await queue.submit(numbered(1), bySid)).id).toBe(first.id);
    await queue.review(first.id, "ada");
    await queue.deny(first.id, { approver: "ada", reason: "no" });
    expect((await queue.submit(numbered(3), bySid)).state).toBe("pending");
  });

  it("forgets approvals before denials when it remembers too many", async () => {
    const { queue } = await opened({ maxDecided: 2 });
    const { id } = await queue.submit(numbered(1), bySid);
    await queue.review(id, "ada");
    await queue.deny(id, { approver: "ada", reason: "no" });
    await approved(queue, numbered(2));
    await approved(queue, numbered(3));
    expect(queue.list().map(({ state }) => state)).toEqual(["denied", "approved"]);
    expect(() => queue.requireApproval(numbered(2))).toThrow(ApprovalRequiredError);
    expect(queue.requireApproval(numbered(3)).state).toBe("approved");
  });

  it("has one decision win when two come at once", async () => {
    const { queue } = await opened();
    const { id } = await queue.submit(RELEASE, bySid);
    const reviews = await Promise.allSettled([queue.review(id, "ada"), queue.review(id, "bob")]);
    expect(reviews.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, -10)],
    ["changed", (text: string) => text.replace('"pending"', '"approved"')],
    ["empty", () => ""],
    ["something else", () => "null\n74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b\n"],
  ])("is not opened when its file is %s", async (_, damage) => {
    const { queue, path, open } = await opened();
    await queue.submit(RELEASE, bySid);
    await writeFile(path, damage(await readFile(path, "utf8")));
    await expect(open()).rejects.toThrow(ApprovalFileError);
  });

  it("changes nothing when the change cannot be written", async () => {
    const { queue, path } = await opened();
    const { id } = await queue.submit(RELEASE, bySid);
    // A draft that is a folder cannot be written over.
    const draft = `${path}.new`;
    await mkdir(draft);
    await expect(queue.review(id, "ada")).rejects.toThrow(ApprovalFileError);
    expect(queue.list()[0]?.state).toBe("pending");
    await rm(draft, { recursive: true });
    expect((await queue.review(id, "ada")).state).toBe("reviewing");
  });
});
