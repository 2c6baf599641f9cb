import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/index.ts";
import { evicted, type StoredEntry } from "../../src/preparation/cache-eviction.ts";
import { answering, temporaryDirectory } from "../fixtures.ts";

const entry = (key: string, bytes: number, usedAt: number): StoredEntry => ({ key, names: [], bytes, usedAt });
const nobody = (): boolean => false;
const keys = (entries: readonly StoredEntry[]): string[] => entries.map(({ key }) => key);

describe("the choice of what to evict", () => {
  const entries = [entry("b", 40, 2), entry("a", 30, 1), entry("c", 50, 3)];

  it("is nothing while everything fits, to the byte", () => {
    expect(evicted(entries, 120, nobody)).toEqual([]);
    expect(keys(evicted(entries, 119, nobody))).toEqual(["a"]);
  });

  it("is what was used longest ago, and no more than has to go", () => {
    expect(keys(evicted(entries, 90, nobody))).toEqual(["a"]);
    expect(keys(evicted(entries, 89, nobody))).toEqual(["a", "b"]);
    expect(keys(evicted(entries, 0, nobody))).toEqual(["a", "b", "c"]);
  });

  it("is never what is in use, even if the others alone are not enough", () => {
    expect(keys(evicted(entries, 60, (key) => key === "a"))).toEqual(["b", "c"]);
    expect(keys(evicted(entries, 0, (key) => key === "a"))).toEqual(["b", "c"]);
  });
});

const artifacts = (directory: string): string[] => readdirSync(directory).filter((name) => name.endsWith(".artifact"));

/** What one small component takes in a cache, its compiled code included. */
async function entryBytes(): Promise<number> {
  const directory = temporaryDirectory();
  await new Engine({ cacheDirectory: directory }).prepare(await answering(0));
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

/** A cache that holds two of the components `answering` makes, but not three. */
async function smallCache(): Promise<{ cacheDirectory: string; cacheBytes: number }> {
  return { cacheDirectory: temporaryDirectory(), cacheBytes: Math.floor((await entryBytes()) * 2.5) };
}

/** Whether an engine finds a component in the cache: nobody could prepare it within a millisecond. */
async function holds(cacheDirectory: string, digit: number): Promise<boolean> {
  const engine = new Engine({ cacheDirectory, prepareTimeoutMs: 1 });
  return engine.prepare(await answering(digit)).then(
    () => true,
    () => false,
  );
}

describe("a cache of bounded size", () => {
  it("makes room by what was used longest ago, using counting as much as writing", async () => {
    const options = await smallCache();
    const { cacheDirectory } = options;
    await new Engine(options).prepare(await answering(1));
    const [first = ""] = artifacts(cacheDirectory);
    await new Engine(options).prepare(await answering(2));
    for (const name of readdirSync(cacheDirectory)) {
      const usedAt = name.startsWith(first) ? 1_000 : 2_000;
      utimesSync(join(cacheDirectory, name), usedAt, usedAt);
    }
    await new Engine(options).prepare(await answering(1));
    await new Engine(options).prepare(await answering(3));
    expect(artifacts(cacheDirectory)).toHaveLength(2);
    expect(await holds(cacheDirectory, 1)).toBe(true);
    expect(await holds(cacheDirectory, 2)).toBe(false);
    expect(await holds(cacheDirectory, 3)).toBe(true);
    for (const name of readdirSync(cacheDirectory)) {
      expect(artifacts(cacheDirectory).some((artifact) => name.startsWith(artifact))).toBe(true);
    }
  });

  it("that cannot hold even one component still lets it run, and all that are prepared at once", async () => {
    const cacheDirectory = temporaryDirectory();
    const engine = new Engine({ cacheDirectory, cacheBytes: 1 });
    const components = await Promise.all([1, 2, 3].map(async (digit) => engine.prepare(await answering(digit))));
    expect(components.map((component) => component.instantiate().call("go"))).toEqual(
      [1, 2, 3].map((value) => ({ ok: true, value })),
    );
  });

  it("is none the worse for a process that died while it evicted: what is left of the entry goes next", async () => {
    const options = await smallCache();
    const { cacheDirectory } = options;
    await new Engine(options).prepare(await answering(1));
    const [first = ""] = artifacts(cacheDirectory);
    rmSync(join(cacheDirectory, first));
    for (const name of readdirSync(cacheDirectory)) utimesSync(join(cacheDirectory, name), 1_000, 1_000);
    for (const digit of [2, 3, 4]) {
      const component = await new Engine(options).prepare(await answering(digit));
      expect(component.instantiate().call("go")).toEqual({ ok: true, value: digit });
    }
    expect(readdirSync(cacheDirectory).filter((name) => name.startsWith(first))).toEqual([]);
    expect((await new Engine(options).prepare(await answering(1))).instantiate().call("go")).toEqual({
      ok: true,
      value: 1,
    });
  });

  it("never removes what it did not write, nor what is being written", async () => {
    const cacheDirectory = temporaryDirectory();
    const foreign = ["notes.txt", ".preparing-of-another-process", "short.artifact", `${"0".repeat(64)}.artifact.bak`];
    for (const name of foreign) writeFileSync(join(cacheDirectory, name), "x".repeat(1_000));
    const engine = new Engine({ cacheDirectory, cacheBytes: 1 });
    await engine.prepare(await answering(1));
    await engine.prepare(await answering(2));
    expect(readdirSync(cacheDirectory)).toEqual(expect.arrayContaining(foreign));
    expect(artifacts(cacheDirectory).filter((name) => name.length > 64)).toHaveLength(1);
  });

  it("keeps what it cannot remove, and serves it", async () => {
    const cacheDirectory = temporaryDirectory();
    const stuck = join(cacheDirectory, `${"0".repeat(64)}.artifact`, "in-the-way");
    const engine = new Engine({ cacheDirectory, cacheBytes: 1 });
    await engine.prepare(await answering(1));
    mkdirSync(stuck, { recursive: true });
    const component = await engine.prepare(await answering(2));
    expect(component.instantiate().call("go")).toEqual({ ok: true, value: 2 });
  });
});
