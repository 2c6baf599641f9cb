import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { waysToWait } from "../ways.ts";
import { temporaryFolder } from "../../../osl/test/sample-access.ts";
import { below, bytes, Operating } from "./operating.ts";

describe.each(waysToWait())("files of the machine, run %s", (_, way) => {
  it("are read, written, listed, moved and deleted as far as they are granted", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/in`, "two apples");
    const operator = await Operating.start({ filesystem: below(folder) }, {}, way);
    expect(await operator.call("filesystem.readFile", `${folder}/in`)).toEqual({ ok: bytes("two apples") });
    expect(await operator.call("filesystem.writeFile", `${folder}/out`, bytes("sold"))).toEqual({ ok: null });
    await operator.call("filesystem.appendFile", `${folder}/out`, bytes(" out"));
    expect(readFileSync(`${folder}/out`, "utf8")).toBe("sold out");
    await operator.call("filesystem.createDirectory", `${folder}/a/b`);
    await operator.call("filesystem.copy", `${folder}/out`, `${folder}/a/copy`);
    await operator.call("filesystem.rename", `${folder}/out`, `${folder}/a/b/moved`);
    expect(await operator.call("filesystem.listDirectory", `${folder}/a`)).toEqual({
      ok: [
        { name: "b", kind: "directory" },
        { name: "copy", kind: "file" },
      ],
    });
    expect(await operator.call("filesystem.stat", `${folder}/a/b/moved`)).toMatchObject({
      ok: { kind: "file", size: 8 },
    });
    expect(await operator.call("filesystem.stat", `${folder}/a`)).toMatchObject({ ok: { kind: "directory", size: 0 } });
    expect(await operator.call("filesystem.fileExists", `${folder}/out`)).toEqual({ ok: false });
    await operator.call("filesystem.deleteFile", `${folder}/a/copy`);
    await operator.call("filesystem.removeDirectory", `${folder}/a`, true);
    expect(readdirSync(folder)).toEqual(["in"]);
    expect(operator.refused).toEqual([]);
  });

  it("are opened to be used in parts, and closed when they are dropped and when the instance ends", async () => {
    const folder = temporaryFolder();
    const operator = await Operating.start({ filesystem: below(folder) }, { limits: { open: 1 } }, way);
    const path = `${folder}/a`;
    await operator.do({ call: "File.open", args: [path, "create-new"], keep: "a" });
    expect(await operator.call("a.write", 4, bytes("1234"))).toEqual({ ok: null });
    await operator.call("a.flush");
    expect(await operator.call("a.size")).toEqual({ ok: 8 });
    expect(await operator.call("a.read", 0, 1)).toMatchObject({ err: { tag: "invalid-path" } });
    const full = await operator.do({ call: "File.open", args: [path, "read"], keep: "b" });
    expect(full).toMatchObject({ err: { tag: "no-room" } });
    await operator.do({ drop: "a" });
    await operator.do({ call: "File.open", args: [path, "read"], keep: "b" });
    expect(await operator.call("b.read", 3, 100)).toEqual({ ok: bytes("\u00001234") });
    expect(await operator.call("b.read", 100, 4_294_967_295)).toEqual({ ok: bytes("") });
  });

  it.each([
    ["not-found", "filesystem.readFile", ["/missing"]],
    ["not-found", "filesystem.deleteFile", ["/no/folder"]],
    ["already-exists", "File.open", ["/file", "create-new"]],
    ["not-a-directory", "filesystem.listDirectory", ["/file"]],
    ["is-a-directory", "filesystem.readFile", ["/folder"]],
    ["is-a-directory", "filesystem.writeFile", ["/folder", bytes("x")]],
    ["is-a-directory", "filesystem.deleteFile", ["/folder"]],
    ["directory-not-empty", "filesystem.removeDirectory", ["/folder", false]],
    ["too-large", "filesystem.readFile", ["/large"]],
    ["invalid-path", "filesystem.readFile", ["/folder/../file"]],
    ["not-permitted", "filesystem.readFile", ["-elsewhere"]],
  ] as const)("answer with %s: %s %j", async (tag, call, [name, ...args]) => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/file`, "text");
    writeFileSync(`${folder}/large`, new Uint8Array(1_048_577));
    mkdirSync(`${folder}/folder/sub`, { recursive: true });
    const operator = await Operating.start({ filesystem: below(folder) }, {}, way);
    expect(await operator.call(call, folder + name, ...args)).toMatchObject({ err: { tag } });
  });
});

describe("a component that wants files", () => {
  it("is refused when its manifest asks for none", async () => {
    const nothing = { read: [], write: [], delete: [], list: [] };
    await expect(Operating.start({ filesystem: nothing })).rejects.toMatchObject({
      refusals: [
        {
          subject: "airssys:ext-filesystem/filesystem@1.0.0",
          reason: "Component.toml asks for nothing in [capabilities.filesystem]",
        },
      ],
    });
  });

  it("loses what it has open when it traps", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const operator = await Operating.start({ filesystem: below(folder) });
    await operator.do({ call: "File.open", args: [`${folder}/a`, "read"], keep: "a" });
    const open = (): number => readdirSync("/proc/self/fd").filter((fd) => leadsTo(fd, folder)).length;
    expect(open()).toBe(1);
    await expect(operator.do({ trap: true })).rejects.toMatchObject({ code: "RT_ACTOR_CRASHED" });
    await vi.waitFor(() => expect(open()).toBe(0));
  });
});

describe("a file that a component was granted", () => {
  it("is refused at once when that is taken back, though the file is open", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const operator = await Operating.start({ filesystem: below(folder) });
    await operator.do({ call: "File.open", args: [`${folder}/a`, "read"], keep: "a" });
    operator.component.grants.revoke({ kind: "file", action: "read", path: `${folder}/**` });
    expect(await operator.call("a.read", 0, 4)).toMatchObject({ err: { tag: "not-permitted" } });
    expect(operator.refused).toEqual([`file.read ${folder}/a`]);
  });

  it("is refused by a policy, though it is granted, and the component is not told why", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const policies = [{ name: "curfew", judge: () => ({ effect: "deny", reason: "at night" }) as const }];
    const operator = await Operating.start({ filesystem: below(folder) }, { policies });
    expect(await operator.call("filesystem.readFile", `${folder}/a`)).toEqual({
      err: { tag: "not-permitted", val: "it is not granted" },
    });
    expect(operator.decisions.at(-1)).toMatchObject({ reason: "curfew denies it: at night" });
  });

  it("is refused when the decision cannot be recorded", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const operator = await Operating.start({ filesystem: below(folder) }, { audit: { record: () => false } });
    expect(await operator.call("filesystem.readFile", `${folder}/a`)).toMatchObject({ err: { tag: "not-permitted" } });
  });
});

describe("an attack on files", () => {
  it.each([
    ["up and out", (folder: string, secret: string) => [`${folder}/../${secret.split("/").at(-1)}/key`]],
    ["with a dot in the way", (_: string, secret: string) => [`${secret}/./key`]],
    ["with two slashes", (_: string, secret: string) => [`/${secret}/key`]],
    ["encoded", (folder: string, secret: string) => [`${folder}/%2e%2e/${secret.split("/").at(-1)}/key`]],
    ["with a zero in it", (folder: string) => [`${folder}/a\0`]],
    ["over a link", (folder: string) => [`${folder}/link`]],
    ["over a linked folder", (folder: string) => [`${folder}/linked/key`]],
    ["in another folder", (_: string, secret: string) => [`${secret}/key`]],
    ["in a folder that only begins like it", (folder: string) => [`${folder}-more/key`]],
    ["of accounts", () => ["/etc/passwd"]],
    ["of passwords", () => ["/etc/shadow"]],
    ["of this process", () => ["/proc/self/environ"]],
    ["of its memory", () => ["/proc/self/mem"]],
    ["of its root", () => ["/proc/self/root/etc/passwd"]],
    ["that is a device", () => ["/dev/zero"]],
    ["of a user's keys", () => ["/root/.ssh/id_ed25519"]],
    ["that is relative", () => ["etc/passwd"]],
    ["that is empty", () => [""]],
  ])("%s gets none of it, and the operator sees each try that was refused", async (_, paths) => {
    const [folder, secret] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(`${secret}/key`, "secret");
    symlinkSync(`${secret}/key`, `${folder}/link`);
    symlinkSync(secret, `${folder}/linked`);
    const operator = await Operating.start({ filesystem: below(folder) });
    for (const path of paths(folder, secret)) {
      const outcomes = [
        await operator.call("filesystem.readFile", path),
        await operator.do({ call: "File.open", args: [path, "read"], keep: "a" }),
        await operator.call("filesystem.copy", path, `${folder}/mine`),
      ];
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({
          err: { tag: expect.stringMatching(/^(not-permitted|invalid-path|not-found)$/) },
        });
      }
      expect(existsSync(`${folder}/mine`)).toBe(false);
      const isRefused = outcomes.every((outcome) => "err" in outcome && outcome.err.tag !== "not-found");
      expect(operator.refused.length).toBe(isRefused ? 3 : 0);
    }
  });

  it("cannot change what lies outside by making, moving or removing", async () => {
    const [folder, secret] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(`${secret}/key`, "secret");
    writeFileSync(`${folder}/mine`, "mine");
    symlinkSync(secret, `${folder}/linked`);
    const operator = await Operating.start({ filesystem: below(folder) });
    for (const [call, ...args] of [
      ["filesystem.writeFile", `${folder}/linked/key`, bytes("x")],
      ["filesystem.appendFile", `${folder}/linked/key`, bytes("x")],
      ["filesystem.deleteFile", `${folder}/linked/key`],
      ["filesystem.rename", `${folder}/linked/key`, `${folder}/got`],
      ["filesystem.rename", `${folder}/mine`, `${folder}/linked/key`],
      ["filesystem.copy", `${folder}/mine`, `${folder}/linked/key`],
      ["filesystem.createDirectory", `${folder}/linked/new`],
      ["filesystem.removeDirectory", `${folder}/linked`, true],
      ["File.open", `${folder}/linked/key`, "create"],
    ] as const) {
      expect(await operator.call(call, ...args)).toHaveProperty("err");
    }
    expect([readdirSync(secret), readFileSync(`${secret}/key`, "utf8")]).toEqual([["key"], "secret"]);
    expect(operator.refused.length).toBeGreaterThanOrEqual(8);
  });

  it("with places that there are not is answered", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const operator = await Operating.start({ filesystem: below(folder) });
    await operator.do({ call: "File.open", args: [`${folder}/a`, "read-write"], keep: "a" });
    expect(await operator.call("a.read", 2 ** 60, 1)).toMatchObject({ err: { tag: "too-large" } });
    expect(await operator.call("a.write", 2 ** 53 - 1, bytes("x"))).toMatchObject({ err: { tag: "too-large" } });
    expect(await operator.call("a.write", 2 ** 40, bytes("x"))).toMatchObject({ err: { tag: "too-large" } });
  });

  it("by opening without end gets as many as it may", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const operator = await Operating.start({ filesystem: below(folder) });
    const outcomes = [];
    for (let at = 0; at < 70; at += 1) {
      outcomes.push(await operator.do({ call: "File.open", args: [`${folder}/a`, "read"], keep: `a${at}` }));
    }
    expect(outcomes.filter((outcome) => "ok" in outcome)).toHaveLength(64);
    expect(outcomes.at(-1)).toMatchObject({ err: { tag: "no-room" } });
  });
});

/** Whether an open file of this process is below a folder. */
function leadsTo(fd: string, folder: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
  } catch {
    // It was that of the listing itself.
    return false;
  }
}
