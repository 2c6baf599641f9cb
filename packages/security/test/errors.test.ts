import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  accessControlList,
  ApprovalQueue,
  type ApprovalQueueOptions,
  AuditLog,
  type Capability,
  CapabilitySet,
  type FixedRefusal,
  InvalidCeilingError,
  ManifestError,
  parseManifest,
  publicKeyOf,
  QuotaMeter,
  releaseId,
  rolePolicy,
  SecurityError,
  type SecurityErrorCode,
  TrustPolicy,
} from "../src/index.ts";
import { RELEASE } from "./approval/releases.ts";
import { SMALLEST } from "./sample-manifest.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Runs what must throw, or reject, and gives the error. */
async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const port: Capability = { kind: "listen", port: 80 };
const trust = { level: "unknown", reason: "" } as const;

async function queueOf(options: ApprovalQueueOptions = {}): Promise<ApprovalQueue> {
  return ApprovalQueue.open(join(await temporaryFolder(), "approvals.json"), options);
}

const thrown: Readonly<Record<SecurityErrorCode, () => unknown>> = {
  SECURITY_MANIFEST_INVALID: () => parseManifest(""),
  SECURITY_CEILING_INVALID: () => parseManifest(SMALLEST, { ceilings: { fuel: 1 } }),
  SECURITY_CAPABILITY_INVALID: () => new CapabilitySet().grant({ kind: "listen", port: 0 }),
  SECURITY_CAPABILITY_REVOKED: () => {
    const set = new CapabilitySet();
    set.revoke(port);
    set.grant(port);
  },
  SECURITY_CAPABILITY_EXCEEDED: () => new CapabilitySet().derive().grant(port),
  SECURITY_CAPABILITY_LIMIT: () => new CapabilitySet({ maxGrants: 0 }).grant(port),
  SECURITY_DERIVATION_TOO_DEEP: () => {
    for (let set = new CapabilitySet(); ;) set = set.derive();
  },
  SECURITY_REFUSAL_UNKNOWN: () => new CapabilitySet({ lifted: ["all" as FixedRefusal] }),
  SECURITY_POLICY_INVALID: () => accessControlList("p", [{ effect: "allow", component: "x", capabilities: [] }]),
  SECURITY_ROLE_CYCLE: () => rolePolicy("p", { a: { inherits: ["a"] } }, []),
  SECURITY_ROLE_UNKNOWN: () => rolePolicy("p", {}, [{ component: "*/*", roles: ["a"] }]),
  SECURITY_ATTRIBUTE_MISSING: () => {
    const rule = { effect: "allow", component: "*/*", capabilities: [port], when: { tenant: "a" } } as const;
    accessControlList("p", [rule]).judge({ component: "shop/a", capability: port });
  },
  SECURITY_QUOTA_INVALID: () => new QuotaMeter("q", { kind: "capacity", max: 0 }, { action: "reject", now: () => 0 }),
  SECURITY_AUDIT_CORRUPT: async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "audit-00000001.jsonl"), "");
    await AuditLog.open(folder);
  },
  SECURITY_AUDIT_WRITE_FAILED: async () => {
    const folder = await temporaryFolder();
    const log = await AuditLog.open(folder);
    await mkdir(join(folder, "audit-00000001.jsonl"));
    log.record({
      component: "shop/a",
      digest: "",
      right: "listen",
      resource: "80",
      decision: "granted",
      reason: "",
      wouldRefuse: false,
      mode: "strict",
    });
    await log.flush();
  },
  SECURITY_KEY_INVALID: () => publicKeyOf("secret"),
  SECURITY_SOURCE_INVALID: () => new TrustPolicy({ trusted: [{ kind: "git", url: "*" }] }),
  SECURITY_RELEASE_INVALID: () => releaseId({ ...RELEASE, version: "1" }),
  SECURITY_APPROVAL_REQUIRED: async () => (await queueOf()).requireApproval(RELEASE),
  SECURITY_APPROVAL_REFUSED: async () => (await queueOf()).submit(RELEASE, { requestedBy: "", trust }),
  SECURITY_APPROVAL_STEP_IMPOSSIBLE: async () => (await queueOf()).review("nothing", "ada"),
  SECURITY_APPROVAL_QUEUE_FULL: async () =>
    (await queueOf({ maxOpen: 0 })).submit(RELEASE, { requestedBy: "sid", trust }),
  SECURITY_APPROVAL_FILE_UNUSABLE: async () => ApprovalQueue.open(await temporaryFolder()),
};

describe("an error of this package", () => {
  it("has a code of its own, its class as name, and a row in the README's table, which has no other", async () => {
    const errors = await Promise.all(Object.values(thrown).map((provoke) => thrownBy(provoke)));
    const seen = errors.filter((error) => error instanceof SecurityError);
    expect(seen.map(({ code }) => code)).toEqual(Object.keys(thrown));
    expect(seen.map(({ name }) => name)).toEqual(seen.map((error) => error.constructor.name));
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const documented = Array.from(readme.matchAll(/^\| `(SECURITY_[A-Z_]+)` +\| `(\w+)`/gm), ([, code, name]) => [
      code,
      name,
    ]);
    expect(documented).toEqual(seen.map(({ code, name }) => [code, name]));
  });
});

describe("a ceiling", () => {
  it.each([
    [{ memoryBytes: 524_287 }, "ceiling memoryBytes: expected an integer from 524288 to 4294967296, found 524287"],
    [
      { memoryBytes: 4_294_967_297 },
      "ceiling memoryBytes: expected an integer from 524288 to 4294967296, found 4294967297",
    ],
    [{ fuel: Number.NaN }, "ceiling fuel: expected an integer from 1000 to 9007199254740991, found NaN"],
    [{ timeoutMs: 1.5 }, "ceiling timeoutMs: expected an integer from 1 to 2147483647, found 1.5"],
    [{ timeoutMs: Infinity }, "ceiling timeoutMs: expected an integer from 1 to 2147483647, found Infinity"],
  ])("is refused when no manifest could obey it: %o", async (ceilings, message) => {
    const error = await thrownBy(() => parseManifest(SMALLEST, { ceilings }));
    expect(error).toBeInstanceOf(InvalidCeilingError);
    expect(error).toMatchObject({ message, ceiling: Object.keys(ceilings)[0], value: Object.values(ceilings)[0] });
  });
});

describe("a manifest's error", () => {
  it("says in its message what every problem says", async () => {
    const error = await thrownBy(() =>
      parseManifest(SMALLEST.replace("1048576", '"4MB"'), { file: "echo/Component.toml" }),
    );
    expect(error).toBeInstanceOf(ManifestError);
    expect(error).toMatchObject({
      message:
        'echo/Component.toml:7:13: resources.memory.max_bytes: expected an integer from 524288 to 4194304, found a string "4MB"',
    });
  });
});
