import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BadOptionError, HostFileSystem, MemoryFileSystem, type Preopen, type WasiOptions } from "../../src/index.ts";
import { Descriptor, type DescriptorFlags, type OpenFlags } from "../../src/wasi/descriptor.ts";
import { IoError } from "../../src/wasi/error.ts";
import { WasiInstance } from "../../src/wasi/wasi-instance.ts";
import { temporaryDirectory, thrownBy } from "../fixtures.ts";
import { guestInterface, resource } from "./guest-interface.ts";

const FOLLOW = { symlinkFollow: true };
const STAY = {};
const READ: DescriptorFlags = { read: true };
const WRITE: DescriptorFlags = { read: true, write: true };
const NOW = { tag: "now" } as const;
const NO_CHANGE = { tag: "no-change" } as const;
const at = (seconds: bigint, nanoseconds = 0) => ({ tag: "timestamp", val: { seconds, nanoseconds } }) as const;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);

function preopened(wasi: WasiInstance): readonly (readonly [Descriptor, string])[] {
  const found = guestInterface("filesystem/preopens", wasi)("getDirectories");
  if (!Array.isArray(found)) throw new TypeError("expected a list");
  return found.map(([root, name]) => [resource(Descriptor, root), String(name)] as const);
}

const directories = (wasi: WasiInstance): readonly Descriptor[] => preopened(wasi).map(([root]) => root);

function granted(
  files: Preopen["files"],
  access: Preopen["access"] = "read-write",
  options: WasiOptions = {},
): Descriptor {
  const [descriptor] = directories(new WasiInstance({ ...options, preopens: [{ guestPath: "/", files, access }] }));
  if (descriptor === undefined) throw new RangeError("nothing was granted");
  return descriptor;
}

const sample = (): MemoryFileSystem => new MemoryFileSystem({ "a.txt": "alpha", "d/b.txt": "beta", "d/e/c.txt": "" });

function namesIn(descriptor: Descriptor): string[] {
  const names: string[] = [];
  const stream = descriptor.readDirectory();
  for (let entry = stream.readDirectoryEntry(); entry; entry = stream.readDirectoryEntry()) names.push(entry.name);
  stream[Symbol.dispose]();
  return names.toSorted();
}

const open = (base: Descriptor, path: string, openFlags: OpenFlags = {}, flags = READ): Descriptor =>
  base.openAt(FOLLOW, path, openFlags, flags);

describe("an instance without a grant", () => {
  it("finds no directory open, and so can name no file", () => {
    expect(directories(new WasiInstance())).toEqual([]);
  });
});

describe("a grant", () => {
  it("is a directory under the name that the guest is to know it by", () => {
    const wasi = new WasiInstance({
      preopens: [
        { guestPath: "/data", files: sample(), access: "read" },
        { guestPath: "/tmp", files: new MemoryFileSystem(), access: "read-write" },
      ],
    });
    const found = preopened(wasi);
    expect(found.map(([, name]) => name)).toEqual(["/data", "/tmp"]);
    const [data, tmp] = found.map(([descriptor]) => descriptor) as [Descriptor, Descriptor];
    expect(data.getFlags()).toEqual({ read: true, mutateDirectory: false });
    expect(tmp.getFlags()).toEqual({ read: true, mutateDirectory: true });
    expect(data.getType()).toBe("directory");
    expect(namesIn(data)).toEqual(["a.txt", "d"]);
    expect(namesIn(tmp)).toEqual([]);
  });

  it("is refused by name when it cannot be one", () => {
    const files = new MemoryFileSystem();
    const access: Preopen["access"] = "read";
    for (const preopens of [
      [{ guestPath: "", files, access }],
      [{ guestPath: "/", files, access: "write" as "read" }],
      Array.from({ length: 65 }, () => ({ guestPath: "/", files, access })),
    ] satisfies Preopen[][]) {
      expect(thrownBy(() => new WasiInstance({ preopens }))).toBeInstanceOf(BadOptionError);
    }
    expect(thrownBy(() => new WasiInstance({ maxOpenFiles: -1 }))).toBeInstanceOf(BadOptionError);
  });

  it("that cannot be kept is the host's failure", () => {
    const files = {
      openRoot: () => {
        throw "no-entry";
      },
    };
    expect(thrownBy(() => granted(files))).toMatchObject({ code: "ENGINE_HOST_FUNCTION" });
  });
});

describe("a grant to read", () => {
  it("lets a guest change nothing, in whatever way", () => {
    const files = sample();
    files.openRoot().createLink("l", "a.txt");
    const before = files.openRoot().stat();
    const root = granted(files, "read");
    const writable = granted(files);
    const deep = open(root, "d");
    const file = open(root, "a.txt");
    const changes: Record<string, () => unknown> = {
      "open to write": () => open(root, "a.txt", {}, WRITE),
      "open to write below": () => open(deep, "b.txt", {}, WRITE),
      create: () => open(root, "new", { create: true }),
      truncate: () => open(root, "a.txt", { truncate: true }),
      "open to mutate": () => open(root, "d", {}, { read: true, mutateDirectory: true }),
      "create-directory-at": () => root.createDirectoryAt("x"),
      "set-times-at": () => root.setTimesAt(STAY, "a.txt", NOW, NOW),
      "set-times of a directory": () => root.setTimes(NOW, NOW),
      "set-times of a file": () => file.setTimes(NOW, NOW),
      "link-at": () => root.linkAt(STAY, "a.txt", root, "x"),
      "link-at out of it": () => root.linkAt(STAY, "a.txt", writable, "x"),
      "link-at into it": () => writable.linkAt(STAY, "a.txt", root, "x"),
      "rename-at": () => root.renameAt("a.txt", root, "x"),
      "rename-at out of it": () => root.renameAt("a.txt", writable, "x"),
      "rename-at into it": () => writable.renameAt("a.txt", root, "x"),
      "symlink-at": () => root.symlinkAt("a.txt", "x"),
      "unlink-file-at": () => root.unlinkFileAt("a.txt"),
      "remove-directory-at": () => root.removeDirectoryAt("d/e"),
    };
    for (const [what, change] of Object.entries(changes)) expect([what, thrownBy(change)]).toEqual([what, "read-only"]);
    for (const change of [
      (): unknown => file.write(bytes("x"), 0n),
      (): unknown => file.setSize(0n),
      (): unknown => file.writeViaStream(0n),
      (): unknown => file.appendViaStream(),
    ]) {
      expect(thrownBy(change)).toBe("bad-descriptor");
    }
    expect(text(files.files().get("a.txt") ?? new Uint8Array())).toBe("alpha");
    expect(files.openRoot().stat()).toEqual(before);
  });
});

describe("open-at", () => {
  it("opens what is there, to do what was asked and no more", () => {
    const root = granted(sample());
    const reading = open(root, "a.txt");
    expect(reading.getFlags()).toEqual({ read: true, write: false });
    expect(reading.read(100n, 1n)).toEqual([bytes("lpha"), true]);
    expect(thrownBy(() => reading.write(bytes("x"), 0n))).toBe("bad-descriptor");
    const writing = open(root, "a.txt", {}, { write: true });
    expect(writing.write(bytes("A"), 0n)).toBe(1n);
    for (const use of [(): unknown => writing.read(1n, 0n), (): unknown => writing.readViaStream(0n)]) {
      expect(thrownBy(use)).toBe("bad-descriptor");
    }
    expect(reading.read(1n, 0n)).toEqual([bytes("A"), false]);
    expect(open(root, "d/").getType()).toBe("directory");
    expect(open(root, ".").isSameObject(root)).toBe(true);
    expect(open(root, "d", { directory: true }).getFlags()).toEqual({ read: true, mutateDirectory: true });
  });

  it("creates and empties only when it is to", () => {
    const root = granted(sample());
    expect(thrownBy(() => open(root, "new"))).toBe("no-entry");
    expect(open(root, "new", { create: true }, WRITE).stat().size).toBe(0n);
    expect(open(root, "a.txt", { create: true }).stat().size).toBe(5n);
    expect(thrownBy(() => open(root, "a.txt", { create: true, exclusive: true }))).toBe("exist");
    expect(thrownBy(() => open(root, "d", { create: true, exclusive: true }))).toBe("exist");
    expect(open(root, "a.txt", { truncate: true }).stat().size).toBe(0n);
    expect(open(root, "d/fresh", { create: true, exclusive: true }).getType()).toBe("regular-file");
  });

  it("refuses what is not what was asked for", () => {
    const root = granted(sample());
    expect(thrownBy(() => open(root, "a.txt", { directory: true }))).toBe("not-directory");
    expect(thrownBy(() => open(root, "a.txt/"))).toBe("not-directory");
    expect(thrownBy(() => open(root, "new/", { create: true }))).toBe("not-directory");
    expect(thrownBy(() => open(root, "d", {}, WRITE))).toBe("is-directory");
    expect(thrownBy(() => open(root, "d", { truncate: true }))).toBe("is-directory");
    expect(thrownBy(() => open(root, "d", { create: true }))).toBe("is-directory");
    expect(thrownBy(() => open(root, "d", { directory: true, create: true }))).toBe("invalid");
    expect(thrownBy(() => open(open(root, "a.txt"), "x"))).toBe("not-directory");
    expect(thrownBy(() => open(root, "../x"))).toBe("not-permitted");
    expect(thrownBy(() => open(root, "/a.txt"))).toBe("not-permitted");
  });

  it("follows links where it may, and creates through one that leads nowhere yet", () => {
    const root = granted(sample());
    root.symlinkAt("a.txt", "l");
    root.symlinkAt("d/later", "m");
    expect(text(open(root, "l").read(9n, 0n)[0])).toBe("alpha");
    expect(thrownBy(() => root.openAt(STAY, "l", {}, READ))).toBe("loop");
    open(root, "m", { create: true }, WRITE).write(bytes("made"), 0n);
    expect(text(open(root, "d/later").read(9n, 0n)[0])).toBe("made");
    expect(thrownBy(() => open(root, "l", { create: true, exclusive: true }))).toBe("exist");
  });

  it("opens so many at once, and again when some are dropped", () => {
    const root = granted(sample(), "read-write", { maxOpenFiles: 3 });
    const [one] = [open(root, "a.txt"), open(root, "d")];
    expect(thrownBy(() => open(root, "a.txt"))).toBe("quota");
    expect(thrownBy(() => root.readDirectory())).toBe("quota");
    one[Symbol.dispose]();
    expect(open(root, "a.txt").getType()).toBe("regular-file");
  });
});

describe("streams of a file", () => {
  it("read from an offset to the end", () => {
    const stream = open(granted(sample()), "a.txt").readViaStream(2n);
    expect(text(stream.read(2n))).toBe("ph");
    expect(stream.read(0n)).toHaveLength(0);
    expect(text(stream.read(9n))).toBe("a");
    expect(thrownBy(() => stream.read(1n))).toEqual({ tag: "closed" });
  });

  it("write from an offset on, or always at the end", () => {
    const root = granted(sample());
    const file = open(root, "a.txt", {}, WRITE);
    const [within, atEnd] = [file.writeViaStream(1n), file.appendViaStream()];
    within.write(bytes("L"));
    atEnd.write(bytes("!"));
    within.write(bytes("P"));
    atEnd.write(bytes("?"));
    expect(text(file.read(20n, 0n)[0])).toBe("aLPha!?");
  });

  it("keep the file open that they are of, and nothing longer", () => {
    const wasi = new WasiInstance({
      preopens: [{ guestPath: "/", files: sample(), access: "read-write" }],
      maxOpenFiles: 2,
    });
    const [root] = directories(wasi) as [Descriptor];
    const file = open(root, "a.txt", {}, WRITE);
    const [reading, writing] = [file.readViaStream(0n), file.writeViaStream(0n)];
    file[Symbol.dispose]();
    expect(text(reading.read(2n))).toBe("al");
    reading[Symbol.dispose]();
    writing.write(bytes("A"));
    expect(thrownBy(() => open(root, "a.txt"))).toBe("quota");
    writing[Symbol.dispose]();
    expect(text(open(root, "a.txt").read(1n, 0n)[0])).toBe("A");
  });

  it("fail with what the file was refused, in words the guest can ask for", () => {
    const files = new MemoryFileSystem({ a: "" }, { maxBytes: 1_000 });
    const stream = open(granted(files), "a", {}, WRITE).writeViaStream(0n);
    const failure = thrownBy(() => stream.write(new Uint8Array(5_000))) as { tag: string; val: IoError };
    expect(failure.tag).toBe("last-operation-failed");
    const types = guestInterface("filesystem/types");
    expect(types("filesystemErrorCode", failure.val)).toBe("insufficient-space");
    expect(types("filesystemErrorCode", new IoError({ kind: "network", code: "timeout" }))).toBeUndefined();
  });
});

describe("a descriptor of a file", () => {
  it("does what files do", () => {
    const root = granted(sample());
    const file = open(root, "a.txt", {}, WRITE);
    file.advise();
    file.setSize(2n);
    expect(file.stat()).toMatchObject({ type: "regular-file", size: 2n, linkCount: 1n });
    expect(file.read(2n ** 64n - 1n, 0n)).toEqual([bytes("al"), true]);
    expect(file.getType()).toBe("regular-file");
    file.sync();
    file.syncData();
    open(root, "a.txt").sync();
    for (const use of [
      (): unknown => file.readDirectory(),
      (): unknown => file.createDirectoryAt("x"),
      (): unknown => file.statAt(STAY, "x"),
      (): unknown => file.metadataHashAt(STAY, "x"),
      (): unknown => file.readlinkAt("x"),
      (): unknown => file.symlinkAt("y", "x"),
      (): unknown => file.unlinkFileAt("x"),
      (): unknown => file.removeDirectoryAt("x"),
      (): unknown => file.renameAt("x", root, "y"),
      (): unknown => file.linkAt(STAY, "x", root, "y"),
      (): unknown => file.setTimesAt(STAY, "x", NOW, NOW),
    ]) {
      expect(thrownBy(use)).toBe("not-directory");
    }
  });

  it("takes the times of a clock, of the guest, or none", () => {
    const clock = { now: () => 12_345.678, monotonic: () => 0n };
    const root = granted(sample(), "read-write", { clock });
    const file = open(root, "a.txt");
    file.setTimes(NOW, at(7n, 5));
    expect(file.stat()).toMatchObject({
      dataAccessTimestamp: { seconds: 12n, nanoseconds: 345_678_000 },
      dataModificationTimestamp: { seconds: 7n, nanoseconds: 5 },
    });
    file.setTimes(NO_CHANGE, at(8n));
    root.setTimesAt(FOLLOW, "a.txt", at(9n), NO_CHANGE);
    expect(root.statAt(STAY, "a.txt")).toMatchObject({
      dataAccessTimestamp: { seconds: 9n },
      dataModificationTimestamp: { seconds: 8n },
    });
    root.setTimes(at(1n), at(2n));
    root.setTimesAt(STAY, ".", NO_CHANGE, at(3n));
    expect(root.stat()).toMatchObject({
      dataAccessTimestamp: { seconds: 1n },
      dataModificationTimestamp: { seconds: 3n },
    });
    expect(thrownBy(() => file.setTimes(at(1n, 1_000_000_000), NOW))).toBe("invalid");
    expect(thrownBy(() => file.setTimes(NOW, at(2n ** 64n - 1n)))).toBe("overflow");
    expect(thrownBy(() => root.setTimesAt(STAY, "none", NOW, NOW))).toBe("no-entry");
  });

  it("is the same object as another of the same file, and has the same hash while nothing changes", () => {
    const root = granted(sample());
    const [one, same, other] = [open(root, "a.txt", {}, WRITE), open(root, "a.txt"), open(root, "d/b.txt")];
    expect(one.isSameObject(same)).toBe(true);
    expect(one.isSameObject(other)).toBe(false);
    expect(one.metadataHash()).toEqual(same.metadataHash());
    expect(root.metadataHashAt(FOLLOW, "a.txt")).toEqual(one.metadataHash());
    expect(one.metadataHash()).not.toEqual(other.metadataHash());
    const before = one.metadataHash();
    one.setSize(1n);
    expect(one.metadataHash()).not.toEqual(before);
    expect(thrownBy(() => root.metadataHashAt(STAY, "none"))).toBe("no-entry");
  });
});

describe("a descriptor of a directory", () => {
  it("makes and removes what is in it", () => {
    const files = sample();
    const root = granted(files);
    root.createDirectoryAt("new/");
    root.createDirectoryAt("new/er");
    expect(thrownBy(() => root.createDirectoryAt("d"))).toBe("exist");
    expect(thrownBy(() => root.createDirectoryAt("."))).toBe("exist");
    expect(thrownBy(() => root.createDirectoryAt("../x"))).toBe("not-permitted");
    expect(thrownBy(() => root.removeDirectoryAt("new"))).toBe("not-empty");
    expect(thrownBy(() => root.removeDirectoryAt("."))).toBe("invalid");
    expect(thrownBy(() => root.removeDirectoryAt("a.txt"))).toBe("not-directory");
    root.removeDirectoryAt("new/er/");
    root.removeDirectoryAt("new");
    expect(thrownBy(() => root.unlinkFileAt("d"))).toBe("is-directory");
    expect(thrownBy(() => root.unlinkFileAt("d/"))).toBe("is-directory");
    expect(thrownBy(() => root.unlinkFileAt("."))).toBe("is-directory");
    expect(thrownBy(() => root.unlinkFileAt("a.txt/"))).toBe("not-directory");
    root.unlinkFileAt("a.txt");
    expect(thrownBy(() => root.unlinkFileAt("a.txt"))).toBe("no-entry");
    expect([...files.files().keys()]).toEqual(["d/b.txt", "d/e/c.txt"]);
  });

  it("moves and links what is in it, to another directory too", () => {
    const files = sample();
    const root = granted(files);
    const deep = open(root, "d/e");
    root.renameAt("a.txt", deep, "moved");
    root.linkAt(STAY, "d/e/moved", root, "linked");
    expect(open(root, "linked").isSameObject(open(deep, "moved"))).toBe(true);
    root.renameAt("d/e/", root, "f/");
    expect(namesIn(root)).toEqual(["d", "f", "linked"]);
    expect(thrownBy(() => root.renameAt("linked", root, "f"))).toBe("is-directory");
    expect(thrownBy(() => root.renameAt("linked/", root, "g"))).toBe("not-directory");
    expect(thrownBy(() => root.renameAt("linked", root, "g/"))).toBe("not-directory");
    expect(thrownBy(() => root.renameAt(".", root, "g"))).toBe("busy");
    expect(thrownBy(() => root.renameAt("linked", root, "."))).toBe("busy");
    expect(thrownBy(() => root.renameAt("none", root, "g"))).toBe("no-entry");
    expect(thrownBy(() => root.renameAt("linked", root, "../g"))).toBe("not-permitted");
    expect(thrownBy(() => root.linkAt(STAY, "none", root, "g"))).toBe("no-entry");
    expect(thrownBy(() => root.linkAt(STAY, "f", root, "g"))).toBe("not-permitted");
    expect(thrownBy(() => root.linkAt(STAY, "linked", root, "g/"))).toBe("not-directory");
    expect(thrownBy(() => root.linkAt(STAY, "linked", granted(new MemoryFileSystem()), "g"))).toBe("cross-device");
    root.symlinkAt("linked", "s");
    root.linkAt(FOLLOW, "s", root, "t");
    expect(root.statAt(STAY, "t").type).toBe("regular-file");
  });

  it("makes links that stay within it, and reads those that do not say where in the host they lead", () => {
    const directory = temporaryDirectory();
    symlinkSync("/etc/passwd", join(directory, "absolute"));
    writeFileSync(join(directory, "file"), "");
    const root = granted(new HostFileSystem(directory));
    root.symlinkAt("file", "l");
    root.createDirectoryAt("d");
    root.symlinkAt("../file", "d/up");
    expect(root.readlinkAt("l")).toBe("file");
    expect(root.readlinkAt("d/up")).toBe("../file");
    expect(thrownBy(() => root.readlinkAt("absolute"))).toBe("not-permitted");
    expect(thrownBy(() => root.readlinkAt("file"))).toBe("invalid");
    expect(thrownBy(() => root.readlinkAt("."))).toBe("invalid");
    for (const [target, path] of [
      ["/etc", "x"],
      ["..", "x"],
      ["../..", "d/x"],
      ["file/../../y", "x"],
    ] as const) {
      expect(thrownBy(() => root.symlinkAt(target, path))).toBe("not-permitted");
    }
    expect(thrownBy(() => root.symlinkAt("file", "l"))).toBe("exist");
    expect(thrownBy(() => root.symlinkAt("file", "x/"))).toBe("no-entry");
    expect(thrownBy(() => root.symlinkAt("", "x"))).toBe("invalid");
    expect(thrownBy(() => root.symlinkAt("a\0b", "x"))).toBe("invalid");
    expect(readdirSync(directory).toSorted()).toEqual(["absolute", "d", "file", "l"]);
  });

  it("tells of what is in it, of a link itself where it is not followed", () => {
    const root = granted(sample());
    root.symlinkAt("d", "l");
    expect(root.statAt(STAY, "l").type).toBe("symbolic-link");
    expect(root.statAt(FOLLOW, "l").type).toBe("directory");
    expect(root.statAt(STAY, "l/").type).toBe("directory");
    expect(root.statAt(STAY, ".").type).toBe("directory");
    expect(thrownBy(() => root.statAt(STAY, "a.txt/"))).toBe("not-directory");
    expect(thrownBy(() => root.statAt(STAY, "none"))).toBe("no-entry");
    expect(thrownBy(() => root.statAt(FOLLOW, ".."))).toBe("not-permitted");
    root.sync();
    root.syncData();
    for (const use of [
      (): unknown => root.read(1n, 0n),
      (): unknown => root.write(bytes("x"), 0n),
      (): unknown => root.setSize(0n),
      (): unknown => root.readViaStream(0n),
      (): unknown => root.writeViaStream(0n),
      (): unknown => root.appendViaStream(),
      (): unknown => root.advise(),
    ]) {
      expect(thrownBy(use)).toBe("is-directory");
    }
  });
});

describe("the files that an instance left open", () => {
  it("are closed with it, and answer nobody any more", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "a"), "alpha");
    const files = new HostFileSystem(directory);
    const wasi = new WasiInstance({ preopens: [{ guestPath: "/", files, access: "read-write" }] });
    const [root] = directories(wasi) as [Descriptor];
    const file = open(root, "a", {}, WRITE);
    const stream = file.writeViaStream(0n);
    const listing = root.readDirectory();
    wasi[Symbol.dispose]();
    expect(thrownBy(() => file.read(1n, 0n))).toBe("bad-descriptor");
    expect(thrownBy(() => open(root, "a"))).toBe("bad-descriptor");
    expect(thrownBy(() => listing.readDirectoryEntry())).toBe("bad-descriptor");
    expect(thrownBy(() => stream.write(bytes("x")))).toMatchObject({ tag: "last-operation-failed" });
    for (const held of [stream, listing, file, root]) held[Symbol.dispose]();
    expect(readFileSync(join(directory, "a"), "utf8")).toBe("alpha");
  });
});
