import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TemporaryFolder } from "./temporary-folder.ts";

/** Whether this machine lets a process have disks of its own, which only it sees and which go with it. */
export const canMount: boolean = onOwnDisks("mount -t tmpfs tmpfs /tmp").status === 0;

/**
 * Runs a shell script in which `disk` mounts a disk of a size at a folder, and `program` runs one of the programs beside this file.
 * Returns what it printed.
 */
export function runWithDisk(folder: TemporaryFolder, script: string): string {
  const path = folder.file("disk");
  mkdirSync(path, { recursive: true });
  const programs = fileURLToPath(new URL("programs/", import.meta.url));
  const { status, stdout, stderr } = onOwnDisks(
    [
      `disk="${path}"`,
      `mount_disk() { mount -t tmpfs -o "size=$1" tmpfs "$disk"; }`,
      `program() { name=$1; shift; "${process.execPath}" "${programs}$name.ts" "$@"; }`,
      script,
    ].join("\n"),
  );
  if (status !== 0) throw new Error(`the script ended with ${status}: ${stderr}`);
  return stdout;
}

function onOwnDisks(script: string): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync("unshare", ["--map-root-user", "--mount", "sh", "-euc", script], { encoding: "utf8" });
}
