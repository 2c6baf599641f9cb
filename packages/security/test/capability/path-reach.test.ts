import { describe, expect, it } from "vitest";
import { CapabilitySet } from "../../src/index.ts";
import { SeededRandom } from "../seeded-random.ts";
import { ALL_PATHS, isMatchedBy, randomPattern } from "./random-paths.ts";

function granted(...paths: readonly string[]): CapabilitySet {
  const grants = new CapabilitySet({ now: () => 0 });
  for (const path of paths) grants.grant({ kind: "file", action: "write", path });
  return grants;
}

describe("a capability set reaches a path", () => {
  it.each([
    ["/data/in/**", ["/", "/data", "/data/in", "/data/in/a/b"], ["/dat", "/data/inner", "/other", "/data/out"]],
    ["/data/*.txt", ["/data", "/data/a.txt"], ["/data/secret", "/data/a.txt/b"]],
    ["/data/a", ["/", "/data", "/data/a"], ["/data/a/b", "/data/b"]],
    ["/a/**/z", ["/a", "/a/b/c", "/a/z"], ["/b"]],
  ])("where %s may match it or what is below it", (pattern, reached, others) => {
    const grants = granted(pattern);
    expect(reached.filter((path) => !grants.reaches(path))).toEqual([]);
    expect(others.filter((path) => grants.reaches(path))).toEqual([]);
  });

  it("exactly where a pattern matches it or something below it", () => {
    const random = new SeededRandom(7);
    const folders = ALL_PATHS.filter((path) => path.split("/").length === 2);
    for (let round = 0; round < 300; round += 1) {
      const pattern = randomPattern(random);
      if (pattern.split("/").length > 4) continue;
      const grants = granted(pattern);
      for (const folder of folders) {
        const below = folder === "/" ? "/" : `${folder}/`;
        const isReached = ALL_PATHS.some(
          (path) => (path === folder || path.startsWith(below)) && isMatchedBy(pattern, path),
        );
        expect([pattern, folder, grants.reaches(folder)]).toEqual([pattern, folder, isReached]);
      }
    }
  });

  it("no longer when the grant has expired or was taken back, here or above", () => {
    let now = 0;
    const parent = new CapabilitySet({ now: () => now });
    parent.grant({ kind: "file", action: "read", path: "/a/**" });
    const grants = parent.derive();
    grants.grant({ kind: "file", action: "read", path: "/a/b" }, { expiresAt: 10 });
    expect([grants.reaches("/a"), grants.reaches("/a/c")]).toEqual([true, false]);
    now = 10;
    expect(grants.reaches("/a")).toBe(false);
    now = 0;
    parent.revoke({ kind: "file", action: "read", path: "/a/**" });
    expect(grants.reaches("/a")).toBe(false);
  });

  it("that is none nowhere", () => {
    const grants = granted("/**");
    expect(["", "a", "/a/../b", "/a//b", "/a\0"].filter((path) => grants.reaches(path))).toEqual([]);
  });
});
