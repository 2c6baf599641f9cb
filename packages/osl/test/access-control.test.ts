import { AccessControl, type AuditEntry, CapabilitySet } from "@airssys/security";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codeOf, sampleAccess, temporaryFolder } from "./sample-access.ts";

function control(folder: string, taken: AuditEntry[], isWritable: boolean): AccessControl {
  const grants = new CapabilitySet();
  grants.grant({ kind: "file", action: "read", path: `${folder}/*` });
  return new AccessControl({
    component: "shop/worker",
    digest: "sha256:00",
    mode: "strict",
    grants,
    policies: [],
    audit: {
      record: (entry) => {
        taken.push(entry);
        return isWritable;
      },
    },
  });
}

describe("access control of the security package", () => {
  it.each([
    ["grants and records", true, "a", "none", "granted"],
    ["refuses and records", true, "sub/a", "OSL_DENIED", "refused"],
    ["refuses what it cannot record", false, "a", "OSL_DENIED", "granted"],
  ] as const)("%s", async (_what, isWritable, name, code, recorded) => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "");
    const taken: AuditEntry[] = [];
    const checked = control(folder, taken, isWritable);
    const { access } = sampleAccess([], { decide: (capability) => checked.check(capability) });
    expect(await codeOf(access.run({ kind: "file.read", path: `${folder}/${name}` }))).toBe(code);
    expect(taken).toMatchObject([{ right: "file.read", resource: `${folder}/${name}`, decision: recorded }]);
  });
});
