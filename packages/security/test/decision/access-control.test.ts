import { describe, expect, it } from "vitest";
import { AccessControl, type AuditEntry, CapabilitySet, type DecisionMade, type Mode } from "../../src/index.ts";
import { file, fromOutside } from "../capability/requests.ts";

const grants = new CapabilitySet();
grants.grant(file("/data/**"));
const base = { component: "shop/a", digest: "sha256:0", grants, policies: [] } as const;

/** A trail that is full after so many. */
function trail(room: number): { readonly entries: AuditEntry[]; readonly record: (entry: AuditEntry) => boolean } {
  const entries: AuditEntry[] = [];
  return { entries, record: (entry) => entries.length < room && entries.push(entry) > 0 };
}

describe("access control", () => {
  it("records every decision, granted or refused, and tells of it", () => {
    const audit = trail(10);
    const made: DecisionMade[] = [];
    const access = new AccessControl({
      ...base,
      mode: "strict",
      audit,
      approver: "ada",
      onDecision: (each) => made.push(each),
    });
    access.check(file("/data/a"));
    access.check(file("/other"));
    access.check(fromOutside({ kind: "fly" }));
    access.check(fromOutside(null));
    const common = { component: "shop/a", digest: "sha256:0", mode: "strict", approver: "ada" };
    expect(audit.entries).toEqual([
      {
        ...common,
        right: "file.read",
        resource: "/data/a",
        decision: "granted",
        reason: "a grant covers it",
        wouldRefuse: false,
      },
      {
        ...common,
        right: "file.read",
        resource: "/other",
        decision: "refused",
        reason: "no grant covers it",
        wouldRefuse: true,
      },
      expect.objectContaining({ right: "unknown", decision: "refused" }),
      expect.objectContaining({ right: "unknown", decision: "refused" }),
    ]);
    expect(made.map(({ decision }) => decision)).toEqual(["granted", "refused", "refused", "refused"]);
  });

  it("decides the same with and without a log", () => {
    for (const mode of ["strict", "permissive", "development"] as const) {
      const logged = new AccessControl({ ...base, mode, audit: trail(10) });
      const unlogged = new AccessControl({ ...base, mode });
      for (const path of ["/data/a", "/other", "/proc/1", "/data/../x"]) {
        expect(unlogged.check(file(path))).toEqual(logged.check(file(path)));
      }
    }
  });

  it.each([
    ["strict", "refused", "it cannot be recorded in the audit log"],
    ["permissive", "granted", "a grant covers it"],
    ["development", "granted", "a grant covers it"],
  ] as const)("in %s mode has it %s when it cannot be recorded", (mode: Mode, decision, reason) => {
    const access = new AccessControl({ ...base, mode, audit: trail(1) });
    expect(access.check(file("/data/a")).decision).toBe("granted");
    expect(access.check(file("/data/a"))).toMatchObject({ decision, reason });
    expect(access.check(file("/proc/1")).decision).toBe("refused");
  });

  it("records what was refused without being decided on, and tells of it, in every mode", () => {
    for (const mode of ["strict", "permissive", "development"] as const) {
      const audit = trail(1);
      const made: DecisionMade[] = [];
      const access = new AccessControl({ ...base, mode, audit, onDecision: (each) => made.push(each) });
      access.refuse(file("/data/../etc"), "the path goes up");
      access.refuse(fromOutside(null), "it is nothing, and there is no room for it in the log");
      expect(audit.entries).toMatchObject([
        { right: "file.read", resource: "/data/../etc", decision: "refused", reason: "the path goes up", mode },
      ]);
      expect(made).toMatchObject([
        { component: "shop/a", capability: file("/data/../etc"), decision: "refused", wouldRefuse: true },
        { decision: "refused" },
      ]);
    }
  });
});
