import { type Capability, CapabilitySet } from "@airssys/security";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { decideBy, type DecisionRecord, OsAccess, type OsAccessOptions, OslError, type Usage } from "../src/index.ts";
import { ManualClock } from "./manual-clock.ts";

export interface Sample {
  readonly access: OsAccess;
  readonly grants: CapabilitySet;
  readonly records: DecisionRecord[];
  readonly usages: Usage[];
  readonly clock: ManualClock;
}

/** An access with these grants, which is closed when the test ends. */
export function sampleAccess(granted: readonly Capability[], options: Partial<OsAccessOptions> = {}): Sample {
  const grants = new CapabilitySet();
  for (const each of granted) grants.grant(each);
  const records: DecisionRecord[] = [];
  const usages: Usage[] = [];
  const clock = new ManualClock();
  const access = new OsAccess({
    actor: "shop/worker",
    decide: decideBy(grants),
    audit: (record) => records.push(record) > 0,
    account: (usage) => usages.push(usage) > 0,
    clock,
    ...options,
  });
  onTestFinished(() => access[Symbol.asyncDispose]());
  return { access, grants, records, usages, clock };
}

/** All that can be done to files below a folder. */
export function filesBelow(folder: string): readonly Capability[] {
  return (["read", "write", "delete", "list"] as const).flatMap((action): readonly Capability[] => [
    { kind: "file", action, path: folder },
    { kind: "file", action, path: `${folder}/**` },
  ]);
}

/** A folder without links on its way, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "osl-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The code of the error that it ends with; "none" when it does not. */
export async function codeOf(running: Promise<unknown>): Promise<string> {
  try {
    await running;
    return "none";
  } catch (error) {
    if (error instanceof OslError) return error.code;
    throw error;
  }
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
