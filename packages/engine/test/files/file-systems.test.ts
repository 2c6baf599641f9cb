import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BadOptionError, HostFileSystem, MemoryFileSystem } from "../../src/index.ts";
import { codeOf } from "../../src/files/host-errors.ts";
import { temporaryDirectory, thrownBy } from "../fixtures.ts";
import { describeFileSystem } from "./file-system-contract.ts";

const READ = { write: false, create: false, exclusive: false, truncate: false };
const CREATE = { ...READ, write: true, create: true };

const holdsOpen = existsSync("/proc/self/fd");

describeFileSystem("memory", () => new MemoryFileSystem());
describe.runIf(holdsOpen)("the host, by directories that are held open", () => {
  describeFileSystem("the host", () => new HostFileSystem(temporaryDirectory(), true));
});
describe("the host, by paths that are compared", () => {
  describeFileSystem("the host", () => new HostFileSystem(temporaryDirectory(), false));
});

describe("files of the host", () => {
  it("are those of a directory that exists", () => {
    expect(thrownBy(() => new HostFileSystem(join(temporaryDirectory(), "none")))).toBeInstanceOf(BadOptionError);
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expect(thrownBy(() => new HostFileSystem(file))).toBeInstanceOf(BadOptionError);
  });

  it("are gone with their directory", () => {
    const directory = join(temporaryDirectory(), "short-lived");
    mkdirSync(directory);
    const files = new HostFileSystem(directory);
    rmSync(directory, { recursive: true });
    expect(thrownBy(() => files.openRoot())).toBe("no-entry");
  });

  it.runIf(holdsOpen)("stay those of the directory that was opened, whatever takes its name", () => {
    const directory = temporaryDirectory();
    const secret = temporaryDirectory();
    writeFileSync(join(secret, "password"), "");
    mkdirSync(join(directory, "d"));
    const root = new HostFileSystem(directory).openRoot();
    using opened = root.openDirectory("d");
    renameSync(join(directory, "d"), join(directory, "moved"));
    symlinkSync(secret, join(directory, "d"));
    opened.createDirectory("here");
    expect(readdirSync(join(directory, "moved"))).toEqual(["here"]);
    expect(readdirSync(secret)).toEqual(["password"]);
    expect(thrownBy(() => root.openDirectory("d"))).toBe("not-directory");
  });

  it("are refused by path once something else has their directory's name", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "d"));
    const root = new HostFileSystem(directory, false).openRoot();
    using opened = root.openDirectory("d");
    renameSync(join(directory, "d"), join(directory, "moved"));
    symlinkSync(temporaryDirectory(), join(directory, "d"));
    expect(thrownBy(() => opened.createDirectory("here"))).toBe("no-entry");
    expect(thrownBy(() => root.openDirectory("d"))).toBe("not-directory");
  });

  it.runIf(process.platform === "linux")(
    "are regular: pipes, sockets and devices are seen and not opened",
    async () => {
      const directory = temporaryDirectory();
      execFileSync("mkfifo", [join(directory, "pipe")]);
      const server = createServer().listen(join(directory, "socket"));
      await once(server, "listening");
      const root = new HostFileSystem(directory).openRoot();
      for (const [name, kind] of [
        ["pipe", "fifo"],
        ["socket", "socket"],
      ] as const) {
        expect(root.statEntry(name).kind).toBe(kind);
        expect(thrownBy(() => root.openFile(name, READ))).toBe("not-permitted");
        expect(thrownBy(() => root.openFile(name, CREATE))).toBe("not-permitted");
      }
      server.close();
      const devices = new HostFileSystem("/dev").openRoot();
      expect(devices.statEntry("null").kind).toBe("character-device");
      expect(thrownBy(() => devices.openFile("null", READ))).toBe("not-permitted");
    },
  );

  it.runIf(process.platform === "linux")(
    "with a name that is no text are told as that, and the others are listed",
    () => {
      const directory = temporaryDirectory();
      writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.of(0xff)]), "");
      writeFileSync(join(directory, "été"), "");
      using listing = new HostFileSystem(directory).openRoot().list();
      const seen = [0, 1, 2].map(() => {
        try {
          return listing.next()?.name;
        } catch (thrown) {
          return thrown;
        }
      });
      expect(new Set(seen)).toEqual(new Set(["été", "illegal-byte-sequence", undefined]));
    },
  );

  it("tell what the system said in the words of WASI, and io for what has none", () => {
    expect(codeOf("EACCES")).toBe("access");
    expect(codeOf("ENOSPC")).toBe("insufficient-space");
    expect(codeOf("EMFILE")).toBe("insufficient-memory");
    expect(codeOf("ESOMETHING")).toBe("io");
    expect(codeOf(undefined)).toBe("io");
  });
});

describe("files in memory", () => {
  it("begin with what they were given, and can be read back", () => {
    const files = new MemoryFileSystem({ "a.txt": "text", "deep/down/b": Uint8Array.of(1, 2) });
    const root = files.openRoot();
    using file = root.openFile("new", CREATE);
    file.write(0n, Buffer.from("written"));
    const found = [...files.files()].map(([path, bytes]) => [path, Buffer.from(bytes).toString("latin1")]);
    expect(new Map(found.map(([path = "", text = ""]) => [path, text]))).toEqual(
      new Map([
        ["a.txt", "text"],
        ["deep/down/b", "\u0001\u0002"],
        ["new", "written"],
      ]),
    );
  });

  it("are refused by name when they cannot be made", () => {
    for (const path of ["", "/a", "a//b", "../a", "a/."]) {
      expect(thrownBy(() => new MemoryFileSystem({ [path]: "" }))).toBeInstanceOf(BadOptionError);
    }
    expect(thrownBy(() => new MemoryFileSystem({ a: "", "a/b": "" }))).toBeInstanceOf(BadOptionError);
    expect(thrownBy(() => new MemoryFileSystem({ a: "x".repeat(100) }, { maxBytes: 10 }))).toBeInstanceOf(
      BadOptionError,
    );
    expect(thrownBy(() => new MemoryFileSystem({}, { maxBytes: -1 }))).toBeInstanceOf(BadOptionError);
  });

  it("take no more than they may, and give back what is removed", () => {
    const root = new MemoryFileSystem({}, { maxBytes: 2_000 }).openRoot();
    for (let round = 0; round < 100; round += 1) {
      using file = root.openFile("a", CREATE);
      file.write(0n, new Uint8Array(1_500));
      expect(thrownBy(() => file.write(1_500n, new Uint8Array(1_000)))).toBe("insufficient-space");
      expect(thrownBy(() => file.setSize(2n ** 40n))).toBe("insufficient-space");
      expect(thrownBy(() => root.createLink("l", "x".repeat(1_000)))).toBe("insufficient-space");
      expect(file.stat().size).toBe(1_500n);
      root.moveEntry("a", root, "b");
      root.removeFile("b");
    }
  });

  it("cost something each, however empty", () => {
    const root = new MemoryFileSystem({}, { maxBytes: 10_000 }).openRoot();
    let made = 0;
    const refused = thrownBy(() => {
      for (; made < 1_000; made += 1) root.createDirectory(`d${made}`);
    });
    expect(refused).toBe("insufficient-space");
    expect(made).toBeLessThan(50);
  });

  it("go by the clock they were given", () => {
    const clock = { now: () => 5, monotonic: () => 0n };
    const root = new MemoryFileSystem({ a: "" }, { clock }).openRoot();
    expect(root.statEntry("a").modifiedAt).toBe(5_000_000n);
  });

  it("are not of another file system in memory", () => {
    const [one, other] = [new MemoryFileSystem({ a: "" }).openRoot(), new MemoryFileSystem({ a: "" }).openRoot()];
    expect(thrownBy(() => one.moveEntry("a", other, "b"))).toBe("cross-device");
    expect(one.statEntry("a").identity).not.toBe(other.statEntry("a").identity);
    expect(thrownBy(() => one.linkEntry("a", new HostFileSystem(temporaryDirectory()).openRoot(), "b"))).toBe(
      "cross-device",
    );
    const host = new HostFileSystem(temporaryDirectory()).openRoot();
    host.openFile("a", CREATE)[Symbol.dispose]();
    expect(thrownBy(() => host.linkEntry("a", one, "b"))).toBe("cross-device");
    expect(thrownBy(() => host.moveEntry("a", one, "b"))).toBe("cross-device");
  });

  it("may be nested deeper than any stack", () => {
    const files = new MemoryFileSystem({}, { maxBytes: 2 ** 24 });
    let directory = files.openRoot();
    for (let depth = 0; depth < 20_000; depth += 1) {
      directory.createDirectory("d");
      directory = directory.openDirectory("d");
    }
    const root = files.openRoot();
    expect(thrownBy(() => root.moveEntry("d", directory, "d"))).toBe("invalid");
    expect(files.files().size).toBe(0);
  });
});

function openFiles(): number {
  return holdsOpen ? readdirSync("/proc/self/fd").length : 0;
}

it("leaves no file open when all handles are disposed", () => {
  const before = openFiles();
  const directory = temporaryDirectory();
  const root = new HostFileSystem(directory).openRoot();
  root.createDirectory("d");
  using file = root.openFile("a", CREATE);
  using opened = root.openDirectory("d");
  using listing = root.list();
  expect(listing.next()).toBeDefined();
  for (const handle of [file, opened, listing, root]) handle[Symbol.dispose]();
  expect(openFiles()).toBe(before);
  expect(readFileSync(join(directory, "a"), "utf8")).toBe("");
});
