import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("isolation/frequent-callers.ts", import.meta.url));

describe("compiled code that threads share", () => {
  it.runIf(Number.parseInt(process.versions.v8, 10) < 14)(
    "is never collected by a V8 that may free it twice",
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [script]);
      expect(stdout).toContain("all guests are gone");
      expect(stdout).not.toContain("Triggering GC");
    },
  );
});
