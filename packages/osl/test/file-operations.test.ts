import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Operation } from "../src/index.ts";
import { bytesOf, codeOf, filesBelow, sampleAccess, temporaryFolder, textOf } from "./sample-access.ts";

describe("a file", () => {
  it("is read as it is", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "Grüße");
    const { access, usages } = sampleAccess(filesBelow(folder));
    expect(textOf(await access.run({ kind: "file.read", path: `${folder}/a` }))).toBe("Grüße");
    expect(usages.map(({ bytesIn }) => bytesIn)).toEqual([7, 0]);
  });

  it("is made by writing, for its owner only, and replaced by writing again", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder));
    const path = `${folder}/a`;
    await access.run({ kind: "file.write", path, bytes: bytesOf("a long text") });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await access.run({ kind: "file.write", path, bytes: bytesOf("short") });
    expect(readFileSync(path, "utf8")).toBe("short");
  });

  it("is made or grows by appending", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder));
    const path = `${folder}/log`;
    for (const text of ["one ", "two"]) await access.run({ kind: "file.append", path, bytes: bytesOf(text) });
    expect(readFileSync(path, "utf8")).toBe("one two");
  });

  it("is gone when it is deleted", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "");
    const { access } = sampleAccess(filesBelow(folder));
    await access.run({ kind: "file.delete", path: `${folder}/a` });
    expect(existsSync(`${folder}/a`)).toBe(false);
  });

  it("tells its kind, size and time", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "four");
    const { access } = sampleAccess(filesBelow(folder));
    expect(await access.run({ kind: "file.stat", path: `${folder}/a` })).toEqual({
      kind: "file",
      size: 4,
      modifiedAt: statSync(`${folder}/a`).mtimeMs,
    });
  });

  it("exists or does not", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "");
    const { access } = sampleAccess(filesBelow(folder));
    const found = ["a", "b", "a/b", "no/folder"].map((name) =>
      access.run({ kind: "file.exists", path: `${folder}/${name}` }),
    );
    expect(await Promise.all(found)).toEqual([true, false, false, false]);
  });

  it("moves to a new name and replaces what had it", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "new");
    writeFileSync(`${folder}/b`, "old");
    const { access } = sampleAccess(filesBelow(folder));
    await access.run({ kind: "file.rename", path: `${folder}/a`, to: `${folder}/b` });
    expect([existsSync(`${folder}/a`), readFileSync(`${folder}/b`, "utf8")]).toEqual([false, "new"]);
  });

  it("is copied", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text".repeat(50_000));
    const { access } = sampleAccess(filesBelow(folder));
    await access.run({ kind: "file.copy", path: `${folder}/a`, to: `${folder}/b` });
    expect(readFileSync(`${folder}/b`, "utf8")).toBe("text".repeat(50_000));
  });

  it("is not emptied by being copied to itself", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    symlinkSync("a", `${folder}/link`);
    const { access } = sampleAccess(filesBelow(folder));
    expect(await codeOf(access.run({ kind: "file.copy", path: `${folder}/a`, to: `${folder}/link` }))).toBe(
      "OSL_FILE_UNSUITABLE",
    );
    expect(readFileSync(`${folder}/a`, "utf8")).toBe("text");
  });

  it("is reached through a link that stays within what is granted", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/real`);
    writeFileSync(`${folder}/real/a`, "text");
    symlinkSync("real", `${folder}/link`);
    const { access, records } = sampleAccess(filesBelow(folder));
    expect(textOf(await access.run({ kind: "file.read", path: `${folder}/link/a` }))).toBe("text");
    expect(records.map(({ resource }) => resource)).toEqual([`${folder}/link/a`, `${folder}/real/a`]);
  });

  it("that is not there fails with what the system says", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder));
    await expect(access.run({ kind: "file.read", path: `${folder}/none` })).rejects.toMatchObject({
      code: "OSL_FAILED",
      systemCode: "ENOENT",
    });
  });
});

describe("many files at once", () => {
  it("are each read and listed as themselves", async () => {
    const folder = temporaryFolder();
    const names = Array.from({ length: 200 }, (_, index) => String(index));
    for (const name of names) {
      mkdirSync(`${folder}/${name}`);
      writeFileSync(`${folder}/${name}/${name}`, name);
    }
    const { access } = sampleAccess(filesBelow(folder));
    const found = await Promise.all(
      names.map(async (name) => {
        const [bytes, entries] = await Promise.all([
          access.run({ kind: "file.read", path: `${folder}/${name}/${name}` }),
          access.run({ kind: "directory.list", path: `${folder}/${name}` }),
        ]);
        return [textOf(bytes), ...entries.map((entry) => entry.name)];
      }),
    );
    expect(found).toEqual(names.map((name) => [name, name]));
  });
});

describe("whatever becomes of an operation", () => {
  it("leaves no file of this process open", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/sub`);
    writeFileSync(`${folder}/a`, "text");
    symlinkSync("/etc/hostname", `${folder}/link`);
    const { access } = sampleAccess(filesBelow(folder), { limits: { fileBytes: 5 } });
    const run = (operation: Operation) => codeOf(access.run(operation));
    const all = async () => {
      return [
        await run({ kind: "file.read", path: `${folder}/a` }),
        await run({ kind: "file.read", path: `${folder}/link` }),
        await run({ kind: "file.read", path: `${folder}/sub` }),
        await run({ kind: "file.read", path: `${folder}/none` }),
        await run({ kind: "file.copy", path: `${folder}/a`, to: `${folder}/b` }),
        await run({ kind: "file.copy", path: `${folder}/a`, to: `${folder}/a` }),
        await run({ kind: "file.append", path: `${folder}/sub`, bytes: bytesOf("x") }),
        await run({ kind: "directory.list", path: folder }),
        await run({ kind: "directory.create", path: `${folder}/sub` }),
        await run({ kind: "directory.remove", path: `${folder}/none`, recursive: true }),
      ];
    };
    const first = await all();
    expect(first.filter((code) => code === "none")).toHaveLength(3);
    const before = readdirSync("/proc/self/fd").length;
    for (let round = 0; round < 20; round += 1) expect(await all()).toEqual(first);
    expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
  });
});

describe("a directory", () => {
  it("lists its entries by name, with their kinds", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/b`);
    writeFileSync(`${folder}/c`, "");
    symlinkSync("c", `${folder}/a`);
    const { access } = sampleAccess(filesBelow(folder));
    expect(await access.run({ kind: "directory.list", path: folder })).toEqual([
      { name: "a", kind: "symbolic-link" },
      { name: "b", kind: "directory" },
      { name: "c", kind: "file" },
    ]);
  });

  it("is created for its owner only", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder));
    await access.run({ kind: "directory.create", path: `${folder}/new` });
    expect(statSync(`${folder}/new`).mode & 0o777).toBe(0o700);
  });

  it("is removed when it is empty", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/full/sub`, { recursive: true });
    const { access } = sampleAccess(filesBelow(folder));
    await expect(access.run({ kind: "directory.remove", path: `${folder}/full` })).rejects.toMatchObject({
      systemCode: "ENOTEMPTY",
    });
    await access.run({ kind: "directory.remove", path: `${folder}/full/sub` });
    await access.run({ kind: "directory.remove", path: `${folder}/full` });
    expect(existsSync(`${folder}/full`)).toBe(false);
  });

  it("is removed with all below it, links themselves and not what they lead to", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/full/sub/deep`, { recursive: true });
    mkdirSync(`${folder}/kept`);
    writeFileSync(`${folder}/kept/a`, "");
    writeFileSync(`${folder}/full/sub/a`, "");
    symlinkSync("../kept", `${folder}/full/link`);
    const { access } = sampleAccess(filesBelow(folder));
    await access.run({ kind: "directory.remove", path: `${folder}/full`, recursive: true });
    expect([existsSync(`${folder}/full`), existsSync(`${folder}/kept/a`)]).toEqual([false, true]);
  });

  it("is not removed at all when something below it is not granted", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/full/sub`, { recursive: true });
    writeFileSync(`${folder}/full/a`, "");
    writeFileSync(`${folder}/full/sub/z`, "");
    const { access } = sampleAccess([
      { kind: "file", action: "delete", path: `${folder}/full` },
      { kind: "file", action: "delete", path: `${folder}/full/*` },
    ]);
    expect(await codeOf(access.run({ kind: "directory.remove", path: `${folder}/full`, recursive: true }))).toBe(
      "OSL_DENIED",
    );
    expect(existsSync(`${folder}/full/a`)).toBe(true);
  });
});
