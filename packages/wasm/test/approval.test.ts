import { ApprovalQueue } from "@airssys/security";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ComponentSource } from "../src/index.ts";
import { guest } from "./guests.ts";
import { manifestFor, rejection, sourceOf, Stage } from "./stage.ts";

async function stageWithApprovals(): Promise<{ stage: Stage; approvals: ApprovalQueue }> {
  const folder = mkdtempSync(join(tmpdir(), "airssys-approvals-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const approvals = await ApprovalQueue.open(join(folder, "approvals.json"));
  return { stage: new Stage({}, { approvals }), approvals };
}

async function approve(stage: Stage, approvals: ApprovalQueue, source: ComponentSource): Promise<string> {
  const release = await stage.host.releaseOf(source);
  const trust = { level: "unknown", reason: "nobody knows it" } as const;
  const { id } = await approvals.submit(release, { requestedBy: "sid", trust });
  await approvals.review(id, "ada");
  await approvals.approve(id, { approver: "ada", reason: "read the code" });
  return id;
}

const refused = (state: string): object => ({
  code: "WASM_INSTALL_REFUSED",
  refusals: [{ subject: "approval", reason: expect.stringContaining(state) }],
  cause: { code: "SECURITY_APPROVAL_REQUIRED" },
});

describe("a host with approvals", () => {
  it("installs what was approved, and nothing that was not asked for or has not been decided", async () => {
    const { stage, approvals } = await stageWithApprovals();
    const source = await sourceOf("puppet");
    expect(await rejection(stage.host.install(source))).toMatchObject(refused("not asked for"));
    const trust = { level: "unknown", reason: "nobody knows it" } as const;
    await approvals.submit(await stage.host.releaseOf(source), { requestedBy: "sid", trust });
    expect(await rejection(stage.host.install(source))).toMatchObject(refused("pending"));
    await approve(stage, approvals, source);
    expect((await stage.host.install(source)).address).toBe("test/puppet");
  });

  it("asks again when the code, the version or a capability is another", async () => {
    const { stage, approvals } = await stageWithApprovals();
    await approve(stage, approvals, await sourceOf("puppet"));
    const others: readonly ComponentSource[] = [
      { manifest: manifestFor("puppet", {}), artifact: await guest("stranger") },
      await sourceOf("puppet", { version: "1.0.1" }),
      await sourceOf("puppet", { messaging: { send: ["test/other"] } }),
    ];
    for (const other of others)
      expect(await rejection(stage.host.install(other))).toMatchObject(refused("not asked for"));
  });

  it("holds updates to the same, and the version that runs goes on", async () => {
    const { stage, approvals } = await stageWithApprovals();
    const source = await sourceOf("puppet");
    await approve(stage, approvals, source);
    const component = await stage.host.install(source);
    stage.system.spawn(component.start);
    const next = await sourceOf("puppet", { version: "1.1.0" });
    expect(await rejection(stage.host.update(component, next))).toMatchObject(refused("not asked for"));
    expect(component.status.state).toBe("running");
    await approve(stage, approvals, next);
    await stage.host.update(component, next);
    expect(component.manifest.component.version).toBe("1.1.0");
  });

  it("installs nothing more on an approval that was revoked, nor an older version than one approved", async () => {
    const { stage, approvals } = await stageWithApprovals();
    const source = await sourceOf("puppet");
    const id = await approve(stage, approvals, source);
    await approvals.revoke(id, { approver: "bob", reason: "it phones home" });
    expect(await rejection(stage.host.install(source))).toMatchObject(refused("revoked"));
    await approve(stage, approvals, await sourceOf("puppet", { version: "2.0.0" }));
    expect(await rejection(stage.host.install(source))).toMatchObject({
      code: "WASM_INSTALL_REFUSED",
      cause: { code: "SECURITY_APPROVAL_REFUSED" },
    });
  });

  it("does not so much as compile what was not approved", async () => {
    const { stage } = await stageWithApprovals();
    const source = { manifest: manifestFor("broken", {}), artifact: new Uint8Array([1, 2, 3]) };
    expect(await rejection(stage.host.install(source))).toMatchObject(refused("not asked for"));
  });
});
