import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { OpenMode } from "../src/index.ts";
import { bytesOf, codeOf, filesBelow, sampleAccess, temporaryFolder, textOf } from "./sample-access.ts";

describe("an open file", () => {
  it("is read and written in parts, and tells its size", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "0123456789");
    const { access, usages } = sampleAccess(filesBelow(folder));
    await using file = await access.run({ kind: "file.open", path: `${folder}/a`, mode: "read-write" });
    expect(textOf(await file.read(4, 3))).toBe("456");
    expect([textOf(await file.read(8, 100)), textOf(await file.read(50, 1))]).toEqual(["89", ""]);
    await file.write(9, bytesOf("abc"));
    await file.flush();
    expect([await file.size(), readFileSync(`${folder}/a`, "utf8")]).toEqual([12, "012345678abc"]);
    expect(usages.map(({ bytesIn, bytesOut }) => [bytesIn, bytesOut])).toEqual([
      [0, 0],
      [3, 0],
      [2, 0],
      [0, 0],
      [0, 3],
    ]);
  });

  it.each<readonly [OpenMode, string, string]>([
    ["read", "there", "there"],
    ["read", "missing", "OSL_FAILED"],
    ["read-write", "there", "there"],
    ["read-write", "missing", "OSL_FAILED"],
    ["create", "there", ""],
    ["create", "missing", ""],
    ["create-new", "there", "OSL_FAILED"],
    ["create-new", "missing", ""],
  ])("as %s, of one that is %s: %j", async (mode, name, outcome) => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/there`, "there");
    const { access } = sampleAccess(filesBelow(folder));
    const code = await codeOf(access.run({ kind: "file.open", path: `${folder}/${name}`, mode }));
    expect(code === "none" ? readFileSync(`${folder}/${name}`, "utf8") : code).toBe(outcome);
    expect(access.open).toBe(code === "none" ? 1 : 0);
  });

  it.each<readonly [OpenMode, "read" | "write"]>([
    ["read", "write"],
    ["create", "read"],
    ["create-new", "read"],
  ])("that was opened to %s does not %s", async (mode, use) => {
    const folder = temporaryFolder();
    if (mode !== "create-new") writeFileSync(`${folder}/a`, "text");
    const { access } = sampleAccess(filesBelow(folder));
    await using file = await access.run({ kind: "file.open", path: `${folder}/a`, mode });
    expect(await codeOf(use === "read" ? file.read(0, 1) : file.write(0, bytesOf("x")))).toBe("OSL_OPERATION_INVALID");
  });

  it("is of no more use when what it needs is taken back, though it is open", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const { access, grants, records } = sampleAccess(filesBelow(folder));
    await using file = await access.run({ kind: "file.open", path: `${folder}/a`, mode: "read-write" });
    grants.revoke({ kind: "file", action: "write", path: `${folder}/**` });
    expect(await codeOf(file.write(0, bytesOf("x")))).toBe("OSL_DENIED");
    expect(textOf(await file.read(0, 4))).toBe("text");
    expect(records.slice(-2).map(({ right, decision }) => [right, decision])).toEqual([
      ["file.write", "refused"],
      ["file.read", "granted"],
    ]);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 60])("is not used at a place that is none: %d", async (place) => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const { access } = sampleAccess(filesBelow(folder));
    await using file = await access.run({ kind: "file.open", path: `${folder}/a`, mode: "read-write" });
    expect(await codeOf(file.read(place, 1))).toBe("OSL_OPERATION_INVALID");
    expect(await codeOf(file.write(place, bytesOf("x")))).toBe("OSL_OPERATION_INVALID");
  });

  it("grows to its limit, and takes no room for what it does not have", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder), { limits: { fileBytes: 8 } });
    await using file = await access.run({ kind: "file.open", path: `${folder}/a`, mode: "create" });
    await file.write(4, bytesOf("1234"));
    expect(await codeOf(file.write(5, bytesOf("1234")))).toBe("OSL_LIMIT_EXCEEDED");
    expect(statSync(`${folder}/a`).size).toBe(8);
  });

  it("is closed with its access, and counts among what is open until then", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const { access } = sampleAccess(filesBelow(folder), { limits: { open: 1 } });
    const file = await access.run({ kind: "file.open", path: `${folder}/a`, mode: "read" });
    const second = access.run({ kind: "file.open", path: `${folder}/a`, mode: "read" });
    expect(await codeOf(second)).toBe("OSL_TOO_MANY_OPEN");
    await access[Symbol.asyncDispose]();
    expect(await codeOf(file.read(0, 1))).toBe("OSL_CLOSED");
    expect(await codeOf(file.size())).toBe("OSL_CLOSED");
  });

  it("is not opened over a link to what is not granted", async () => {
    const [folder, secret] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(`${secret}/key`, "secret");
    symlinkSync(`${secret}/key`, `${folder}/a`);
    symlinkSync(`${secret}/new`, `${folder}/b`);
    const { access } = sampleAccess(filesBelow(folder));
    for (const mode of ["read", "read-write", "create"] as const) {
      expect(await codeOf(access.run({ kind: "file.open", path: `${folder}/a`, mode }))).toBe("OSL_DENIED");
    }
    for (const mode of ["create", "create-new"] as const) {
      expect(await codeOf(access.run({ kind: "file.open", path: `${folder}/b`, mode }))).not.toBe("none");
    }
    expect([readFileSync(`${secret}/key`, "utf8"), readdirSync(secret)]).toEqual(["secret", ["key"]]);
  });

  it("is no directory", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/sub`);
    const { access } = sampleAccess(filesBelow(folder));
    for (const mode of ["read", "read-write", "create"] as const) {
      expect(await codeOf(access.run({ kind: "file.open", path: `${folder}/sub`, mode }))).toBe("OSL_FILE_UNSUITABLE");
    }
  });

  it("is opened in no way that there is not", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder));
    const mode = "append" as OpenMode;
    expect(await codeOf(access.run({ kind: "file.open", path: `${folder}/a`, mode }))).toBe("OSL_OPERATION_INVALID");
  });
});
