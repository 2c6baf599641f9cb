import { describe, expect, it } from "vitest";
import { canMount, runWithDisk } from "./disk.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

// Needs Linux and its `unshare`, and a kernel that lets ordinary users have mounts of their own.
describe.skipIf(!canMount)("a store on a disk", () => {
  it("that is full refuses what does not fit, and keeps what is there", () => {
    using folder = new TemporaryFolder();
    const printed = runWithDisk(folder, 'mount_disk 1m; program fill-disk "$disk/store.db"');
    expect(JSON.parse(printed)).toEqual({ code: "STORAGE_DISK_FULL", isSome: true, lost: 0 });
  });

  it("that has no room for a new file is not opened", () => {
    using folder = new TemporaryFolder();
    const printed = runWithDisk(
      folder,
      'mount_disk 64k; head -c 65536 /dev/zero > "$disk/other"; program try-to-write 1 "$disk/store.db"',
    );
    expect(JSON.parse(printed)).toEqual(["STORAGE_DISK_FULL"]);
  });

  it("that is read-only is said to be so, whether the store is there or not", () => {
    using folder = new TemporaryFolder();
    const printed = runWithDisk(
      folder,
      'mount_disk 1m; program try-to-write 1 "$disk/store.db"; mount -o remount,ro "$disk"; program try-to-write 1 "$disk/store.db" "$disk/new.db"',
    );
    const [before = "", after = ""] = printed.trim().split("\n");
    expect(JSON.parse(before)).toEqual(["written"]);
    expect(JSON.parse(after)).toEqual(["STORAGE_NOT_WRITABLE", "STORAGE_NOT_WRITABLE"]);
  });
});
