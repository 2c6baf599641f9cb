import type { AuditEntry } from "../../src/index.ts";

export function entry(resource: string, over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    component: "shop/a",
    digest: "sha256:0",
    right: "file.read",
    resource,
    decision: "granted",
    reason: "a grant covers it",
    wouldRefuse: false,
    mode: "strict",
    ...over,
  };
}
