import { chmodSync, linkSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesOf, codeOf, filesBelow, sampleAccess, temporaryFolder } from "./sample-access.ts";

describe("writing a file", () => {
  it("puts another in its place, with the same mode, and leaves other names of the old one alone", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "old");
    chmodSync(`${folder}/a`, 0o640);
    linkSync(`${folder}/a`, `${folder}/b`);
    const { access } = sampleAccess(filesBelow(folder));
    await access.run({ kind: "file.write", path: `${folder}/a`, bytes: bytesOf("new") });
    expect([readFileSync(`${folder}/a`, "utf8"), readFileSync(`${folder}/b`, "utf8")]).toEqual(["new", "old"]);
    expect(statSync(`${folder}/a`).mode & 0o777).toBe(0o640);
  });

  it("that is given up leaves the file as it was, and nothing beside it", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "old");
    const controller = new AbortController();
    const { access } = sampleAccess(filesBelow(folder), {
      // Between the decision and the writing.
      account: ({ bytesOut }) => (bytesOut > 0 ? (controller.abort(), true) : true),
    });
    const writing = access.run(
      { kind: "file.write", path: `${folder}/a`, bytes: bytesOf("new") },
      { signal: controller.signal },
    );
    expect(await codeOf(writing)).toBe("OSL_CANCELLED");
    expect([readFileSync(`${folder}/a`, "utf8"), readdirSync(folder)]).toEqual(["old", ["a"]]);
  });

  it("over a link writes what the link leads to, which stays a link", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "old");
    symlinkSync("a", `${folder}/link`);
    const { access } = sampleAccess(filesBelow(folder));
    await access.run({ kind: "file.write", path: `${folder}/link`, bytes: bytesOf("new") });
    expect(readFileSync(`${folder}/a`, "utf8")).toBe("new");
    expect(readdirSync(folder, { withFileTypes: true }).map((each) => each.isSymbolicLink())).toEqual([false, true]);
  });
});

describe("making a folder with those above it", () => {
  it("makes each that is not there, and one that is there is fine", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder));
    for (const path of [`${folder}/a/b/c`, `${folder}/a/b`, `${folder}/a`]) {
      await access.run({ kind: "directory.create", path, parents: true });
    }
    expect(new Set(readdirSync(folder, { recursive: true, encoding: "utf8" }))).toEqual(new Set(["a", "a/b", "a/b/c"]));
  });

  it("makes none that is not granted", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess([{ kind: "file", action: "write", path: `${folder}/a/b` }]);
    const making = access.run({ kind: "directory.create", path: `${folder}/a/b`, parents: true });
    expect(await codeOf(making)).toBe("OSL_DENIED");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("makes none over a link to where nothing is granted, nor where a file is in the way", async () => {
    const [folder, secret] = [temporaryFolder(), temporaryFolder()];
    symlinkSync(secret, `${folder}/link`);
    writeFileSync(`${folder}/file`, "");
    const { access } = sampleAccess(filesBelow(folder));
    for (const [path, code] of [
      [`${folder}/link/a/b`, "OSL_DENIED"],
      [`${folder}/file`, "OSL_FAILED"],
      [`${folder}/file/a`, "OSL_FAILED"],
    ] as const) {
      expect(await codeOf(access.run({ kind: "directory.create", path, parents: true }))).toBe(code);
    }
    expect(readdirSync(secret)).toEqual([]);
  });
});

describe("reading a file", () => {
  it("takes no more than is said", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "12345");
    const { access } = sampleAccess(filesBelow(folder));
    const path = `${folder}/a`;
    expect(await access.run({ kind: "file.read", path, mostBytes: 5 })).toHaveLength(5);
    expect(await codeOf(access.run({ kind: "file.read", path, mostBytes: 4 }))).toBe("OSL_LIMIT_EXCEEDED");
    expect(await codeOf(access.run({ kind: "file.read", path, mostBytes: -1 }))).toBe("OSL_OPERATION_INVALID");
  });
});
