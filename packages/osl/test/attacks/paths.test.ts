import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesOf, codeOf, filesBelow, sampleAccess, temporaryFolder } from "../sample-access.ts";

describe("a path out of what is granted", () => {
  it.each([
    ["parent", "/../secret", "OSL_OPERATION_INVALID"],
    ["parent of a folder", "/sub/../../secret", "OSL_OPERATION_INVALID"],
    ["dot", "/./../secret", "OSL_OPERATION_INVALID"],
    ["empty name", "//../secret", "OSL_OPERATION_INVALID"],
    ["separator at the end", "/sub/", "OSL_OPERATION_INVALID"],
    ["percent", "/%2e%2e/secret", "OSL_DENIED"],
    ["percent in capitals", "/%2E%2E%2Fsecret", "OSL_DENIED"],
    ["percent twice", "/%252e%252e%252fsecret", "OSL_DENIED"],
    ["overlong UTF-8", "/%c0%ae%c0%ae/secret", "OSL_DENIED"],
    ["backslash", "/..\\secret", "OSL_DENIED"],
    ["full-width dots", "/\uFF0E\uFF0E/secret", "OSL_FAILED"],
    ["NUL", "/ok\0/../secret", "OSL_OPERATION_INVALID"],
    ["half a character", "/\uD800", "OSL_OPERATION_INVALID"],
    ["line end", "/a\n/etc/passwd", "OSL_DENIED"],
    ["invisible character", "/..\u200B/secret", "OSL_DENIED"],
    ["other form of a letter", "/e\u0301", "OSL_DENIED"],
  ])("is not followed: %s", async (_name, path, code) => {
    const outside = temporaryFolder();
    const folder = `${outside}/granted`;
    mkdirSync(`${folder}/sub`, { recursive: true });
    writeFileSync(`${outside}/secret`, "secret");
    const { access } = sampleAccess(filesBelow(folder));
    expect(await codeOf(access.run({ kind: "file.read", path: folder + path }))).toBe(code);
  });

  it.each([
    ["relative", "etc/passwd", "OSL_OPERATION_INVALID"],
    ["address", "file:///etc/passwd", "OSL_OPERATION_INVALID"],
    ["home", "~/.ssh/id_rsa", "OSL_OPERATION_INVALID"],
    ["empty", "", "OSL_OPERATION_INVALID"],
    ["accounts", "/etc/passwd", "OSL_DENIED"],
    ["another process", "/proc/1/environ", "OSL_DENIED"],
    ["this process", "/proc/self/root/etc/shadow", "OSL_DENIED"],
    ["open files", "/dev/fd/0", "OSL_DENIED"],
  ])("is refused though all of the disk is granted: %s", async (_name, path, code) => {
    const { access } = sampleAccess([{ kind: "file", action: "read", path: "/**" }]);
    expect(await codeOf(access.run({ kind: "file.read", path }))).toBe(code);
  });

  it("does not even tell whether something is there", async () => {
    const outside = temporaryFolder();
    mkdirSync(`${outside}/granted`);
    writeFileSync(`${outside}/secret`, "");
    const { access } = sampleAccess(filesBelow(`${outside}/granted`));
    const asked = ["secret", "none"].map((name) =>
      codeOf(access.run({ kind: "file.exists", path: `${outside}/${name}` })),
    );
    expect(await Promise.all(asked)).toEqual(["OSL_DENIED", "OSL_DENIED"]);
  });
});

function withLink(): { readonly folder: string; readonly outside: string } {
  const outside = temporaryFolder();
  const folder = `${outside}/granted`;
  mkdirSync(folder);
  mkdirSync(`${outside}/private`);
  writeFileSync(`${outside}/private/secret`, "secret");
  symlinkSync(`${outside}/private/secret`, `${folder}/file`);
  symlinkSync("../private", `${folder}/folder`);
  symlinkSync("folder", `${folder}/twice`);
  return { folder, outside };
}

describe("a symbolic link out of what is granted", () => {
  it.each([
    ["read of a file", { kind: "file.read", path: "/file" }],
    ["read below a folder", { kind: "file.read", path: "/folder/secret" }],
    ["read over two links", { kind: "file.read", path: "/twice/secret" }],
    ["write", { kind: "file.write", path: "/file", bytes: bytesOf("x") }],
    ["write of a new file", { kind: "file.write", path: "/folder/new", bytes: bytesOf("x") }],
    ["append", { kind: "file.append", path: "/file", bytes: bytesOf("x") }],
    ["delete below a folder", { kind: "file.delete", path: "/folder/secret" }],
    ["stat", { kind: "file.stat", path: "/file" }],
    ["exists", { kind: "file.exists", path: "/file" }],
    ["list", { kind: "directory.list", path: "/folder" }],
    ["create", { kind: "directory.create", path: "/folder/new" }],
    ["remove", { kind: "directory.remove", path: "/folder/new" }],
  ] as const)("is not followed: %s", async (_name, operation) => {
    const { folder, outside } = withLink();
    const { access } = sampleAccess(filesBelow(folder));
    expect(await codeOf(access.run({ ...operation, path: folder + operation.path }))).toBe("OSL_DENIED");
    expect(readFileSync(`${outside}/private/secret`, "utf8")).toBe("secret");
    expect(existsSync(`${outside}/private/new`)).toBe(false);
  });

  it("is not followed by renaming or copying out", async () => {
    const { folder } = withLink();
    writeFileSync(`${folder}/own`, "own");
    const { access } = sampleAccess(filesBelow(folder));
    for (const kind of ["file.rename", "file.copy"] as const)
      expect(await codeOf(access.run({ kind, path: `${folder}/own`, to: `${folder}/folder/own` }))).toBe("OSL_DENIED");
  });

  it("that leads to nothing is not followed by making what it leads to", async () => {
    const { folder, outside } = withLink();
    symlinkSync(`${outside}/private/made`, `${folder}/dangling`);
    const { access } = sampleAccess(filesBelow(folder));
    expect(await codeOf(access.run({ kind: "file.write", path: `${folder}/dangling`, bytes: bytesOf("x") }))).toBe(
      "OSL_PATH_CHANGED",
    );
    expect(existsSync(`${outside}/private/made`)).toBe(false);
  });

  it("that leads to itself ends", async () => {
    const { folder } = withLink();
    symlinkSync("loop", `${folder}/loop`);
    const { access } = sampleAccess(filesBelow(folder));
    await expect(access.run({ kind: "file.read", path: `${folder}/loop` })).rejects.toMatchObject({
      systemCode: "ELOOP",
    });
  });
});

describe("what is no regular file", () => {
  it.each(["file.read", "file.write", "file.append"] as const)("is not opened: %s of a pipe", async (kind) => {
    const folder = temporaryFolder();
    execFileSync("mkfifo", [`${folder}/pipe`]);
    const { access } = sampleAccess(filesBelow(folder));
    expect(await codeOf(access.run({ kind, path: `${folder}/pipe`, bytes: bytesOf("x") }))).toBe("OSL_FILE_UNSUITABLE");
  });

  it("is not read: a device", async () => {
    const { access } = sampleAccess([{ kind: "file", action: "read", path: "/dev/zero" }]);
    expect(await codeOf(access.run({ kind: "file.read", path: "/dev/zero" }))).toBe("OSL_FILE_UNSUITABLE");
  });

  it("is not deleted as a file: a directory", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/sub`);
    const { access } = sampleAccess(filesBelow(folder));
    expect(await codeOf(access.run({ kind: "file.delete", path: `${folder}/sub` }))).toBe("OSL_FAILED");
    expect(existsSync(`${folder}/sub`)).toBe(true);
  });
});
