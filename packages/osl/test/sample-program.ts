import { readdirSync, readlinkSync, realpathSync } from "node:fs";
import type { OsAccessOptions } from "../src/index.ts";
import { type Sample, sampleAccess } from "./sample-access.ts";

/** An access that may run one of the system's programs in a folder. */
export function programIn(
  folder: string,
  name: string,
  options: Partial<OsAccessOptions> = {},
): Sample & { readonly program: string } {
  const program = realpathSync(`/usr/bin/${name}`);
  return {
    program,
    ...sampleAccess(
      [
        { kind: "spawn", program },
        { kind: "file", action: "list", path: folder },
      ],
      options,
    ),
  };
}

/** The processes that run in a folder. One that has ended, and that nobody has asked after, is none. */
export function runningIn(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && workingDirectoryOf(pid) === realpathSync(folder));
}

function workingDirectoryOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
