import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasClang } from "../../../engine/test/wasi/toolchains.ts";
import { temporaryFolder } from "../../../osl/test/sample-access.ts";
import { below } from "../system/operating.ts";
import { waysToRun } from "../ways.ts";
import { Stranger, type StartStranger } from "./strangers.ts";

describe.skipIf(!hasClang).each(waysToRun())("a program in C that knows nothing of airssys, run %s", (_run, way) => {
  const start: StartStranger = (name, capabilities, access) => Stranger.start(name, capabilities, access, way);

  it("reads, writes, lists, moves and deletes what it is granted, under the names that the machine has", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/in`, "two apples");
    const program = await start("files", { filesystem: below(folder) });
    expect(await program.run("read", `${folder}/in`)).toBe("two apples");
    expect(await program.run("mkdir", `${folder}/sub`)).toBe("ok");
    expect(await program.run("write", `${folder}/sub/out`, "sold")).toBe("ok");
    expect(await program.run("rename", `${folder}/sub/out`, `${folder}/moved`)).toBe("ok");
    expect((await program.run("list", folder)).split(" ").toSorted()).toEqual(["", "in", "moved", "sub"]);
    expect(await program.run("stat", `${folder}/moved`)).toBe("file 4");
    expect(await program.run("unlink", `${folder}/in`)).toBe("ok");
    expect(await program.run("rmdir", `${folder}/sub`)).toBe("ok");
    expect([readdirSync(folder), readFileSync(`${folder}/moved`, "utf8")]).toEqual([["moved"], "sold"]);
    expect(program.refused).toEqual([]);
    expect(program.granted).toContain(`file.read ${folder}/in`);
  });

  it("sees nothing when it is granted nothing", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/in`, "two apples");
    const program = await start("files", {});
    for (const path of [`${folder}/in`, "/", "/etc/passwd", "."]) {
      expect(await program.run("read", path)).toMatch(/^(ENOTCAPABLE|ENOENT|errno)/);
      expect(await program.run("list", path)).toMatch(/^(ENOTCAPABLE|ENOENT|errno)/);
    }
    expect(program.decisions).toEqual([]);
  });

  it("is held to each right by itself", async () => {
    const folder = temporaryFolder();
    for (const name of ["r", "w", "l", "d"]) mkdirSync(`${folder}/${name}`);
    for (const name of ["r", "w", "l", "d"]) writeFileSync(`${folder}/${name}/a`, "text");
    const program = await start("files", {
      filesystem: {
        read: [`${folder}/r/**`],
        write: [`${folder}/w/**`],
        list: [`${folder}/l`, `${folder}/l/**`],
        delete: [`${folder}/d/**`],
      },
    });
    const done = async (verb: string, ...more: string[]): Promise<string> => {
      const outcomes = [];
      for (const name of ["r", "w", "l", "d"]) {
        const path = verb === "list" ? `${folder}/${name}` : `${folder}/${name}/a`;
        outcomes.push((await program.run(verb, path, ...more)).startsWith("E") ? "-" : name);
      }
      return outcomes.join("");
    };
    expect([await done("read"), await done("write", "new"), await done("list"), await done("unlink")]).toEqual([
      "r---",
      "-w--",
      "--l-",
      "---d",
    ]);
    expect(program.refused).toContain(`file.read ${folder}/w/a`);
    expect(program.refused).toContain(`file.delete ${folder}/r/a`);
  });

  // What the program's own library finds in none of its open folders never gets to the host.
  it.each<readonly [string, "seen" | "not even tried", (folder: string, secret: string) => string]>([
    ["up and out", "seen", (folder, secret) => `${folder}/../${secret.split("/").at(-1)}/key`],
    ["by another folder", "not even tried", (_, secret) => `${secret}/key`],
    ["over a link", "seen", (folder) => `${folder}/link`],
    ["over a linked folder", "seen", (folder) => `${folder}/linked/key`],
    ["over a relative link", "seen", (folder) => `${folder}/relative`],
    ["of accounts", "not even tried", () => "/etc/passwd"],
    ["of this process", "not even tried", () => "/proc/self/environ"],
    ["that is a device", "not even tried", () => "/dev/zero"],
    ["in a folder beside it that is not granted", "not even tried", (folder) => `${folder}-more/key`],
  ])("gets nothing %s, which is %s", async (_, isSeen, pathOf) => {
    const [folder, secret] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(`${secret}/key`, "secret");
    symlinkSync(`${secret}/key`, `${folder}/link`);
    symlinkSync(secret, `${folder}/linked`);
    symlinkSync(`../${secret.split("/").at(-1)}/key`, `${folder}/relative`);
    const program = await start("files", { filesystem: below(folder) });
    const path = pathOf(folder, secret);
    for (const verb of ["read", "stat", "list"]) {
      const seen = program.refused.length;
      expect(await program.run(verb, path)).toMatch(/^(E|errno)/);
      expect(program.refused.length > seen).toBe(isSeen === "seen");
    }
    expect(await program.run("write", path, "x")).toMatch(/^(E|errno)/);
    expect(await program.run("unlink", `${folder}/linked/key`)).toMatch(/^(E|errno)/);
    expect(readFileSync(`${secret}/key`, "utf8")).toBe("secret");
  });

  it("finds what is always refused refused, though all of the machine is granted to it", async () => {
    const program = await start("files", { filesystem: { read: ["/**"], list: ["/**"] } });
    expect(await program.run("read", "/etc/hostname")).not.toMatch(/^E/);
    for (const path of ["/etc/passwd", "/etc/shadow", "/proc/self/environ"]) {
      expect(await program.run("read", path)).toBe("EPERM");
      // The last of them is a link to what is under the number of this process.
      expect(program.refused.at(-1)).toBe(`file.read ${path.replace("self", String(process.pid))}`);
    }
    expect(await program.run("list", "/proc")).toBe("EPERM");
  });

  it("makes no links, by which others could be led astray or get another right", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const program = await start("files", { filesystem: below(folder) });
    expect(await program.run("symlink", "a", `${folder}/b`)).toBe("EPERM");
    expect(await program.run("symlink", "/etc/passwd", `${folder}/b`)).toBe("EPERM");
    expect(await program.run("link", `${folder}/a`, `${folder}/b`)).toBe("EPERM");
    mkdirSync(`${folder}/sub`);
    expect(await program.run("rename", `${folder}/sub`, `${folder}/other`)).toBe("EPERM");
    expect(readdirSync(folder)).toEqual(["a", "sub"]);
    expect(program.refused).toEqual([
      `file.write ${folder}/b`,
      `file.read ${folder}/b`,
      `file.write ${folder}/a`,
      `file.delete ${folder}/sub`,
    ]);
  });

  it("makes no file larger than one may be", async () => {
    const folder = temporaryFolder();
    const program = await start("files", { filesystem: below(folder) });
    expect(await program.run("grow", `${folder}/a`, String(2 ** 30))).toBe("ok");
    expect(await program.run("grow", `${folder}/a`, String(2 ** 30 + 1))).toBe("EFBIG");
  });

  it("can use nothing any more that was taken back, though it is open", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const program = await start("files", { filesystem: below(folder) });
    expect(await program.run("open", `${folder}/a`)).toBe("text");
    expect(await program.run("again")).toBe("text");
    program.component.grants.revoke({ kind: "file", action: "read", path: `${folder}/**` });
    expect(await program.run("again")).toBe("EPERM");
    expect(program.refused).toEqual([`file.read ${folder}/a`]);
  });

  it("finds no folder that was granted and is not there, and the operator is told", async () => {
    const folder = temporaryFolder();
    const program = await start("files", { filesystem: { read: [`${folder}/gone/**`] } });
    expect(await program.run("read", `${folder}/gone/a`)).toMatch(/^E/);
    expect(existsSync(`${folder}/gone`)).toBe(false);
    expect(program.notes).toMatchObject([
      {
        level: "warn",
        message: "a directory that a component was granted is not there",
        fields: { component: "test/files", path: `${folder}/gone` },
      },
    ]);
  });

  it("has the variables that it is granted and no others", async () => {
    const environment = { LANG: "de", SECRET: "s" };
    const program = await start("files", { environment: { variables: ["LANG"] } }, { environment });
    expect([
      await program.run("env", "LANG"),
      await program.run("env", "SECRET"),
      await program.run("env", "PATH"),
    ]).toEqual(["de", "not set", "not set"]);
  });
});
