import { describe, expect, it } from "vitest";
import type { GuestDirectory, GuestFile, GuestFileSystem, OpenFileOptions } from "../../src/index.ts";
import { thrownBy } from "../fixtures.ts";

const READ: OpenFileOptions = { write: false, create: false, exclusive: false, truncate: false };
const WRITE: OpenFileOptions = { ...READ, write: true };
const CREATE: OpenFileOptions = { ...WRITE, create: true };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function create(directory: GuestDirectory, name: string, text: string): GuestFile {
  const file = directory.openFile(name, CREATE);
  file.write(0n, bytes(text));
  return file;
}

function contentOf(directory: GuestDirectory, name: string): string {
  using file = directory.openFile(name, READ);
  return new TextDecoder().decode(file.read(0n, 1_000));
}

function namesIn(directory: GuestDirectory): string[] {
  using listing = directory.list();
  const names: string[] = [];
  for (let entry = listing.next(); entry !== undefined; entry = listing.next()) names.push(entry.name);
  return names.toSorted();
}

/** What every kind of files does for a guest. `make` gives an empty file system. */
export function describeFileSystem(what: string, make: () => GuestFileSystem): void {
  const emptyRoot = (): GuestDirectory => make().openRoot();

  describe(`a file in ${what}`, () => {
    it("gives back what was written to it, wherever that was", () => {
      using file = create(emptyRoot(), "a", "hello");
      file.write(3n, bytes("p me"));
      expect(Buffer.from(file.read(0n, 100)).toString()).toBe("help me");
      expect(Buffer.from(file.read(5n, 1)).toString()).toBe("m");
      expect(file.read(7n, 10)).toEqual(new Uint8Array());
      expect(file.read(2n ** 40n, 10)).toEqual(new Uint8Array());
      expect(file.stat()).toMatchObject({ kind: "regular-file", size: 7n, linkCount: 1n });
    });

    it("has zeroes where nothing was written, after it was cut too", () => {
      using file = create(emptyRoot(), "a", "abcdef");
      file.setSize(2n);
      file.write(4n, bytes("z"));
      expect([...file.read(0n, 10)]).toEqual([97, 98, 0, 0, 122]);
      file.setSize(7n);
      expect([...file.read(4n, 10)]).toEqual([122, 0, 0]);
    });

    it("is opened, created or emptied as was asked", () => {
      const root = emptyRoot();
      expect(thrownBy(() => root.openFile("a", READ))).toBe("no-entry");
      create(root, "a", "text")[Symbol.dispose]();
      expect(thrownBy(() => root.openFile("a", { ...CREATE, exclusive: true }))).toBe("exist");
      root.openFile("a", CREATE)[Symbol.dispose]();
      expect(contentOf(root, "a")).toBe("text");
      root.openFile("a", { ...WRITE, truncate: true })[Symbol.dispose]();
      expect(contentOf(root, "a")).toBe("");
    });

    it("is not opened when it is something else", () => {
      const root = emptyRoot();
      root.createDirectory("d");
      root.createLink("l", "d");
      expect(thrownBy(() => root.openFile("d", READ))).toBe("is-directory");
      expect(thrownBy(() => root.openFile("d", CREATE))).toBe("is-directory");
      expect(thrownBy(() => root.openFile("l", READ))).toBe("loop");
      expect(thrownBy(() => root.openFile("l", CREATE))).toBe("loop");
    });

    it("refuses offsets that no file can have", () => {
      using file = create(emptyRoot(), "a", "");
      expect(thrownBy(() => file.write(2n ** 63n, bytes("x")))).toBe("file-too-large");
      expect(thrownBy(() => file.setSize(2n ** 63n))).toBe("file-too-large");
    });

    it("lives on without a name while it is open, and is gone after", () => {
      const root = emptyRoot();
      const file = create(root, "a", "still here");
      root.removeFile("a");
      expect(file.stat().linkCount).toBe(0n);
      expect(Buffer.from(file.read(0n, 100)).toString()).toBe("still here");
      file[Symbol.dispose]();
      file[Symbol.dispose]();
      for (const use of [
        (): unknown => file.read(0n, 1),
        (): unknown => file.stat(),
        (): unknown => file.write(0n, bytes("x")),
        (): unknown => file.setSize(0n),
      ]) {
        expect(thrownBy(use)).toBe("bad-descriptor");
      }
    });

    it("keeps the times it is given, each by itself", () => {
      using file = create(emptyRoot(), "a", "");
      file.setTimes({ accessedAt: 1_000_000_000n, modifiedAt: 2_500_000_000n });
      expect(file.stat()).toMatchObject({ accessedAt: 1_000_000_000n, modifiedAt: 2_500_000_000n });
      file.setTimes({ accessedAt: undefined, modifiedAt: 4_000_000_000n });
      expect(file.stat()).toMatchObject({ accessedAt: 1_000_000_000n, modifiedAt: 4_000_000_000n });
      file.sync();
    });
  });

  describe(`a directory in ${what}`, () => {
    it("lists what is in it, and what kind that is", () => {
      const root = emptyRoot();
      create(root, "file", "")[Symbol.dispose]();
      root.createDirectory("directory");
      root.createLink("link", "file");
      using listing = root.list();
      const entries = [listing.next(), listing.next(), listing.next()];
      expect(entries.toSorted((one, other) => ((one?.name ?? "") < (other?.name ?? "") ? -1 : 1))).toEqual([
        { name: "directory", kind: "directory" },
        { name: "file", kind: "regular-file" },
        { name: "link", kind: "symbolic-link" },
      ]);
      expect(listing.next()).toBeUndefined();
    });

    it("is reached by its handle wherever it was moved", () => {
      const root = emptyRoot();
      root.createDirectory("old");
      root.createDirectory("other");
      using directory = root.openDirectory("old");
      using other = root.openDirectory("other");
      using again = directory.reopen();
      create(directory, "a", "x")[Symbol.dispose]();
      expect(namesIn(again)).toEqual(["a"]);
      expect(again.stat().identity).toBe(directory.stat().identity);
      expect(other.stat().identity).not.toBe(directory.stat().identity);
      expect(thrownBy(() => root.openDirectory("a"))).toBe("no-entry");
      directory.sync();
    });

    it("does not open what is no directory, nor follows a link to one", () => {
      const root = emptyRoot();
      create(root, "file", "")[Symbol.dispose]();
      root.createDirectory("directory");
      root.createLink("link", "directory");
      expect(thrownBy(() => root.openDirectory("file"))).toBe("not-directory");
      expect(thrownBy(() => root.openDirectory("link"))).toBe("not-directory");
    });

    it("says of a link what it is, and where it leads", () => {
      const root = emptyRoot();
      root.createLink("link", "some/where");
      expect(root.statEntry("link")).toMatchObject({ kind: "symbolic-link", size: 10n });
      expect(root.readLink("link")).toBe("some/where");
      create(root, "file", "")[Symbol.dispose]();
      expect(thrownBy(() => root.readLink("file"))).toBe("invalid");
      expect(thrownBy(() => root.createLink("link", "else"))).toBe("exist");
    });

    it("is removed only when it is empty, and by its own function", () => {
      const root = emptyRoot();
      root.createDirectory("d");
      expect(thrownBy(() => root.createDirectory("d"))).toBe("exist");
      using directory = root.openDirectory("d");
      create(directory, "a", "")[Symbol.dispose]();
      expect(thrownBy(() => root.removeDirectory("d"))).toBe("not-empty");
      expect(thrownBy(() => root.removeFile("d"))).toBe("is-directory");
      expect(thrownBy(() => directory.removeDirectory("a"))).toBe("not-directory");
      directory.removeFile("a");
      root.removeDirectory("d");
      expect(thrownBy(() => root.removeDirectory("d"))).toBe("no-entry");
      expect(thrownBy(() => root.removeFile("d"))).toBe("no-entry");
      expect(thrownBy(() => create(directory, "late", ""))).toBe("no-entry");
    });

    it("gives a file a second name, and both are the same file", () => {
      const root = emptyRoot();
      root.createDirectory("d");
      using directory = root.openDirectory("d");
      create(root, "a", "shared")[Symbol.dispose]();
      root.linkEntry("a", directory, "b");
      expect(contentOf(directory, "b")).toBe("shared");
      expect(directory.statEntry("b").identity).toBe(root.statEntry("a").identity);
      expect(root.statEntry("a").linkCount).toBe(2n);
      root.removeFile("a");
      expect(contentOf(directory, "b")).toBe("shared");
      expect(thrownBy(() => root.linkEntry("a", root, "c"))).toBe("no-entry");
      expect(thrownBy(() => root.linkEntry("d", root, "c"))).toBe("not-permitted");
      expect(thrownBy(() => directory.linkEntry("b", directory, "b"))).toBe("exist");
    });

    it("moves what is in it, over what may be replaced and over nothing else", () => {
      const root = emptyRoot();
      for (const name of ["one", "two"]) root.createDirectory(name);
      using one = root.openDirectory("one");
      create(one, "a", "a")[Symbol.dispose]();
      create(root, "b", "b")[Symbol.dispose]();
      one.moveEntry("a", root, "b");
      expect(contentOf(root, "b")).toBe("a");
      root.moveEntry("b", root, "b");
      root.moveEntry("b", one, "c");
      expect(namesIn(root)).toEqual(["one", "two"]);
      expect(namesIn(one)).toEqual(["c"]);
      expect(thrownBy(() => root.moveEntry("none", root, "x"))).toBe("no-entry");
      expect(thrownBy(() => root.moveEntry("two", one, "c"))).toBe("not-directory");
      expect(thrownBy(() => one.moveEntry("c", root, "two"))).toBe("is-directory");
      expect(thrownBy(() => root.moveEntry("two", root, "one"))).toBe("not-empty");
      expect(thrownBy(() => root.moveEntry("one", one, "below-itself"))).toBe("invalid");
      root.moveEntry("one", root, "two");
      expect(namesIn(root)).toEqual(["two"]);
      expect(contentOf(root.openDirectory("two"), "c")).toBe("a");
    });

    it("sets the times of what is in it, a link's own included", () => {
      const root = emptyRoot();
      root.createDirectory("d");
      root.createLink("l", "d");
      root.setEntryTimes("l", { accessedAt: 1_000_000_000n, modifiedAt: 2_000_000_000n });
      expect(root.statEntry("l")).toMatchObject({ modifiedAt: 2_000_000_000n });
      expect(root.statEntry("d").modifiedAt).not.toBe(2_000_000_000n);
      root.setTimes({ accessedAt: 3_000_000_000n, modifiedAt: 4_000_000_000n });
      expect(root.stat()).toMatchObject({ kind: "directory", modifiedAt: 4_000_000_000n });
      expect(thrownBy(() => root.setEntryTimes("none", { accessedAt: 0n, modifiedAt: 0n }))).toBe("no-entry");
    });
  });
}
