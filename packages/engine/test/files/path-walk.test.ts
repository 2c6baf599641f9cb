import { existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { type GuestDirectory, HostFileSystem, MemoryFileSystem } from "../../src/index.ts";
import { leadsOut, walk } from "../../src/files/path-walk.ts";
import { temporaryDirectory } from "../fixtures.ts";
import { Random } from "../instrument/random.ts";

/** Where a path leads, as the identity of the directory and a name in it; or what it was refused with. */
function placeOf(base: GuestDirectory, path: string, followLast = true): unknown {
  try {
    using place = walk(base, path, followLast);
    return [place.directory.stat().identity, place.name];
  } catch (thrown) {
    return thrown;
  }
}

/** root/{file, sub/{inner, deep/}} and links. */
function tree(): GuestDirectory {
  const root = new MemoryFileSystem({ file: "", "sub/inner": "", "sub/deep/x": "" }).openRoot();
  const sub = root.openDirectory("sub");
  root.createLink("to-sub", "sub");
  root.createLink("to-file", "to-sub/../file");
  root.createLink("to-nothing", "sub/none");
  root.createLink("up", "..");
  root.createLink("absolute", "/file");
  root.createLink("loop-a", "loop-b");
  root.createLink("loop-b", "loop-a");
  sub.createLink("out", "../../outside");
  sub.createLink("back", "../file");
  return root;
}

function identity(directory: GuestDirectory): string {
  return directory.stat().identity;
}

describe("a path", () => {
  const root = tree();
  const sub = root.openDirectory("sub");

  it("leads name by name from the directory it is relative to", () => {
    expect(placeOf(root, "file")).toEqual([identity(root), "file"]);
    expect(placeOf(root, "sub/inner")).toEqual([identity(sub), "inner"]);
    expect(placeOf(root, "./sub//./inner")).toEqual([identity(sub), "inner"]);
    expect(placeOf(root, "sub/none")).toEqual([identity(sub), "none"]);
    expect(placeOf(root, "none/none")).toBe("no-entry");
    expect(placeOf(root, "file/inner")).toBe("not-directory");
  });

  it("leads back by .. as far as where it began, and no further", () => {
    expect(placeOf(root, "sub/deep/../inner")).toEqual([identity(sub), "inner"]);
    expect(placeOf(root, "sub/..")).toEqual([identity(root), undefined]);
    expect(placeOf(root, ".")).toEqual([identity(root), undefined]);
    for (const path of ["..", "../sub", "sub/../..", "sub/../../sub/inner", "./.."]) {
      expect(placeOf(root, path)).toBe("not-permitted");
    }
    expect(placeOf(sub, "../file")).toBe("not-permitted");
  });

  it("does not begin at any root", () => {
    for (const path of ["/", "/file", "//file"]) expect(placeOf(root, path)).toBe("not-permitted");
    expect(placeOf(root, "")).toBe("no-entry");
  });

  it("goes through links, and through the last one where that is asked for", () => {
    expect(placeOf(root, "to-sub/inner")).toEqual([identity(sub), "inner"]);
    expect(placeOf(root, "to-file")).toEqual([identity(root), "file"]);
    expect(placeOf(root, "to-file", false)).toEqual([identity(root), "to-file"]);
    expect(placeOf(root, "to-nothing")).toEqual([identity(sub), "none"]);
    expect(placeOf(root, "sub/back")).toEqual([identity(root), "file"]);
    expect(placeOf(root, "to-sub/../file")).toEqual([identity(root), "file"]);
  });

  it("is refused where a link leads out, however it is written", () => {
    for (const path of ["up", "up/sub", "absolute", "sub/out", "sub/out/x", "to-sub/out"]) {
      expect(placeOf(root, path)).toBe("not-permitted");
    }
    // The link is within the root, and not within the directory where this path begins.
    expect(placeOf(sub, "back")).toBe("not-permitted");
  });

  it("ends somewhere, or is refused", () => {
    expect(placeOf(root, "loop-a")).toBe("loop");
    expect(placeOf(root, "loop-a/x")).toBe("loop");
    expect(placeOf(root, "sub/../".repeat(300))).toEqual([identity(root), undefined]);
    expect(placeOf(root, "sub/../".repeat(600))).toBe("name-too-long");
    expect(placeOf(root, "./".repeat(1_500))).toBe("loop");
    expect(placeOf(root, "x".repeat(256))).toBe("name-too-long");
    let directory = root;
    for (let depth = 0; depth < 200; depth += 1) {
      directory.createDirectory("n");
      directory = directory.openDirectory("n");
    }
    expect(placeOf(root, "n/".repeat(100))).not.toBe("name-too-long");
    expect(placeOf(root, "n/".repeat(200))).toBe("name-too-long");
  });

  it("holds no character that ends a string somewhere else", () => {
    expect(placeOf(root, "file\0.txt")).toBe("invalid");
  });

  it("leaves nothing open, wherever it ends", () => {
    let open = 0;
    const counted = (directory: GuestDirectory): GuestDirectory =>
      new Proxy(directory, {
        get(target, property) {
          if (property === "openDirectory")
            return (name: string) => {
              const opened = counted(target.openDirectory(name));
              open += 1;
              return opened;
            };
          if (property === Symbol.dispose) return () => (open -= 1);
          const member: unknown = Reflect.get(target, property);
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
    const watched = counted(root);
    for (const path of [
      "sub/deep/x",
      "sub/deep/..",
      "sub/out/x",
      "sub/none/x",
      "to-file",
      "sub/deep/../../..",
      "loop-a",
    ]) {
      placeOf(watched, path);
      expect(open).toBe(0);
    }
  });
});

describe("a link that a guest makes", () => {
  it("does not lead out of where its path began, by its own words", () => {
    expect(leadsOut("a", "b")).toBe(false);
    expect(leadsOut("a", "..")).toBe(true);
    expect(leadsOut("d/a", "..")).toBe(false);
    expect(leadsOut("d/a", "../..")).toBe(true);
    expect(leadsOut("d/../a", "..")).toBe(true);
    expect(leadsOut("a", "d/../../e")).toBe(true);
    expect(leadsOut("d/a", "../b/../c")).toBe(false);
    expect(leadsOut("a", "/b")).toBe(true);
  });
});

const NAMES = ["a", "b", "c"];
const SEEDS = 40;
const PATHS = 60;
const READ = { write: false, create: false, exclusive: false, truncate: false };

/** A directory with a random tree in it, of files, directories and links to anywhere; files of the same names lie outside. */
function randomTree(random: Random): string {
  const outside = temporaryDirectory();
  for (const name of NAMES) writeFileSync(join(outside, name), "SECRET");
  const inside = join(outside, "inside");
  mkdirSync(inside);
  const directories = [inside];
  for (let made = 0; made < 12; made += 1) {
    const directory = random.pick(directories);
    const place = join(directory, random.pick(NAMES));
    if (existsSync(place) || isLink(place)) continue;
    if (random.once(3)) writeFileSync(place, "ours");
    else if (random.once(2)) symlinkSync(randomTarget(random, directory, outside), place);
    else directories.push(mkdirSync(place, { recursive: true }) ?? place);
  }
  return inside;
}

function randomTarget(random: Random, from: string, outside: string): string {
  if (random.once(2)) return randomPath(random, 3, [...NAMES, ".."]);
  return random.pick([outside, join(outside, "a"), join(relative(from, outside), "b"), "../../../../c", "/etc/passwd"]);
}

function randomPath(random: Random, length: number, names: readonly string[]): string {
  return Array.from({ length: 1 + random.below(length) }, () => random.pick(names)).join("/");
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What is in the file where a path leads; undefined for a directory; and in brackets what was refused. */
function contentAt(root: GuestDirectory, path: string): string | undefined {
  try {
    using place = walk(root, path, true);
    if (place.name === undefined) return undefined;
    using file = place.directory.openFile(place.name, READ);
    return Buffer.from(file.read(0n, 100)).toString();
  } catch (thrown) {
    if (typeof thrown !== "string") throw thrown;
    return `[${thrown}]`;
  }
}

describe("any path, in any tree with any links", () => {
  for (const holdsOpen of [true, false]) {
    it(`reaches what is inside, and nothing else (${holdsOpen ? "by directories held open" : "by paths"})`, () => {
      const seen = new Set<string | undefined>();
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const random = new Random(seed);
        using root = new HostFileSystem(randomTree(random), holdsOpen).openRoot();
        for (let tried = 0; tried < PATHS; tried += 1) {
          seen.add(contentAt(root, randomPath(random, 5, [...NAMES, ...NAMES, "..", "."])));
        }
      }
      expect(seen).not.toContain("SECRET");
      expect([...seen].filter((content) => content !== undefined && !content.startsWith("["))).toEqual(["ours"]);
      expect([...seen]).toEqual(expect.arrayContaining(["[not-permitted]", "[no-entry]", "[loop]"]));
    });
  }
});
